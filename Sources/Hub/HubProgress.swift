// How far a download is, summed over the files that arrive at the same time.

import Synchronization

/// Bytes of a download, those that were there before included.
public struct HubProgress: Sendable, Equatable {
    /// How many are here.
    public var done: Int
    /// How many there will be; may grow while the sizes of files become known.
    public var total: Int
}

/// Sums up and reports, one report at a time.
final class ProgressCounter: Sendable {
    private struct State {
        var done: [String: Int] = [:]
        var total: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let report: @Sendable (HubProgress) -> Void

    init(_ report: @escaping @Sendable (HubProgress) -> Void) { self.report = report }

    /// Says how big a file is.
    func expect(_ bytes: Int, of file: String) { change { $0.total[file] = bytes } }

    /// Says how much of a file is here.
    func set(_ bytes: Int, of file: String) { change { $0.done[file] = bytes } }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            report(HubProgress(done: state.done.values.reduce(0, +), total: state.total.values.reduce(0, +)))
        }
    }
}
