// What goes to standard error: errors, notices, progress.
import Foundation

enum Terminal {
    /// Prints `error:` and one paragraph.
    static func printError(_ text: String) {
        writeError("error: \(text)\n")
    }

    /// Writes text as it is.
    static func writeError(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Writes to standard output.
    static func write(_ data: Data) {
        FileHandle.standardOutput.write(data)
    }

    /// Whether progress can be drawn over itself.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }
}

/// A bar that is drawn over itself on a terminal, and nowhere else.
final class ProgressBar {
    private let title: String
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var last: ContinuousClock.Instant?

    init(_ title: String, quiet: Bool) {
        self.title = title
        isShown = !quiet && Terminal.isInteractive
    }

    /// Shows `done` of `total`, with rate and time left, at most ten times a second.
    func show(_ done: Int, _ total: Int) {
        let now = ContinuousClock.now
        guard isShown, done == total || last.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        last = now
        let seconds =
            Double((now - start).components.seconds) + Double((now - start).components.attoseconds) * 1e-18
        let filled = 24 * done / max(total, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let left = seconds / Double(max(done, 1)) * Double(total - done)
        let rate = Double(done) / max(seconds, 1e-9)
        Terminal.writeError(
            "\r\u{1B}[2K\(title) \(bar) \(done)/\(total)  \(String(format: "%.1f", rate))/s  \(Int(left.rounded(.up))) s left"
        )
    }

    /// Takes the bar away.
    func finish() {
        if isShown { Terminal.writeError("\r\u{1B}[2K") }
    }
}
