// The progress of work in several steps on the terminal.

/// A bar for each step of long work, one after the other.
final class StepBars {
    private let quiet: Bool
    private var step = ""
    private var bar: ProgressBar?

    init(quiet: Bool) { self.quiet = quiet }

    func show(_ step: String, _ done: Int, _ total: Int) {
        if step != self.step {
            finish()
            (self.step, bar) = (step, ProgressBar(step, quiet: quiet))
        }
        bar?.show(done, total)
    }

    func finish() { bar?.finish() }
}
