// The progress of downloads on the terminal.
import Hub
import Lab
import Synchronization

/// Runs `body` with a bar for the download that it may make; the bar is gone when `body` returns.
func withFetchBar<Result>(quiet: Bool, _ body: (FetchReport) throws -> Result) rethrows -> Result {
    let bar = SharedBar(quiet: quiet)
    defer { bar.finish() }
    return try body(
        FetchReport(
            progress: { bar.show($0) },
            notice: { text in if !quiet { Terminal.writeError(text + "\n") } }
        )
    )
}

/// The bar, for the threads that files arrive on.
private final class SharedBar: Sendable {
    private let bar: Mutex<ProgressBar>

    init(quiet: Bool) { bar = Mutex(ProgressBar("fetch", unit: .bytes, quiet: quiet)) }

    func show(_ progress: HubProgress) { bar.withLock { $0.show(progress.done, progress.total) } }

    func finish() { bar.withLock { $0.finish() } }
}
