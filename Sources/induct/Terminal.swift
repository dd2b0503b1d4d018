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
    /// What is counted.
    enum Unit {
        case items, bytes
    }

    private let title: String
    private let unit: Unit
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var last: ContinuousClock.Instant?
    private var first: Int?

    init(_ title: String, unit: Unit = .items, quiet: Bool) {
        self.title = title
        self.unit = unit
        isShown = !quiet && Terminal.isInteractive
    }

    /// Shows `done` of `total`, with rate and time left, at most ten times a second. What was done at the first call is
    /// not counted in the rate.
    func show(_ done: Int, _ total: Int) {
        let now = ContinuousClock.now
        let first = self.first ?? (unit == .items ? 0 : done)
        self.first = first
        guard isShown, done == total || last.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        last = now
        let filled = 24 * done / max(total, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let rate = Double(max(done - first, 0)) / max((now - start) / .seconds(1), 1e-9)
        let left = rate > 0 ? " \(Int((Double(total - done) / rate).rounded(.up))) s left" : ""
        Terminal.writeError(
            "\r\u{1B}[2K\(title) \(bar) \(text(done, of: total))  \(text(rate: rate))/s \(left)"
        )
    }

    /// Takes the bar away.
    func finish() {
        if isShown { Terminal.writeError("\r\u{1B}[2K") }
    }

    private func text(_ done: Int, of total: Int) -> String {
        switch unit {
        case .items: "\(done)/\(total)"
        case .bytes: String(format: "%.1f/%.1f MB", Double(done) * 1e-6, Double(total) * 1e-6)
        }
    }

    private func text(rate: Double) -> String {
        switch unit {
        case .items: String(format: "%.1f", rate)
        case .bytes: String(format: "%.1f MB", rate * 1e-6)
        }
    }
}
