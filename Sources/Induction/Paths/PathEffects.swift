// What path patching found.
public import Transformers

/// What MLPs do while a sender's change is on its way to a receiver.
public enum MLPMode: String, CaseIterable, Sendable, Codable {
    /// They write what they wrote in the base run: the path goes straight from head to head.
    case frozen
    /// They see the change and pass it on: the path may go through MLPs.
    case recomputed
}

/// The predictions after each path was patched. Values are [number][prompt]: for each number that the
/// metric gives, means over each prompt's cells.
public struct PathEffects: Sendable, Equatable, Codable {
    /// One path from a sender to a receiver.
    public struct Path: Sendable, Equatable, Codable {
        /// The head whose output was taken from the other run.
        public var sender: Head
        /// What took the change.
        public var receiver: PathReceiver
        /// [number][prompt]
        public var values: [[Double]]

        /// All fields.
        public init(sender: Head, receiver: PathReceiver, values: [[Double]]) {
            self.sender = sender
            self.receiver = receiver
            self.values = values
        }
    }

    /// What MLPs did on the way.
    public var mlps: MLPMode
    /// The run that was changed: [number][prompt].
    public var base: [[Double]]
    /// The run that the changes came from: [number][prompt].
    public var other: [[Double]]
    /// Senders in the order asked for, each with the receivers in later layers.
    public var paths: [Path]

    /// All fields.
    public init(mlps: MLPMode, base: [[Double]], other: [[Double]], paths: [Path]) {
        self.mlps = mlps
        self.base = base
        self.other = other
        self.paths = paths
    }
}

/// What can be wrong with the ends of paths.
public enum PathError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No receiver lies in a layer after any sender.
    case noPaths(senders: [Head], receivers: [PathReceiver])

    /// One paragraph: what was found, what to do.
    public var description: String {
        switch self {
        case .noPaths(let senders, let receivers):
            """
            no path leads from \(list(senders)) to \(list(receivers)): a receiver must lie in a layer after its sender; \
            choose earlier senders or later receivers.
            """
        }
    }
}

private func list(_ items: [some CustomStringConvertible]) -> String {
    if items.isEmpty { return "nothing" }
    let shown = items.prefix(8).map(\.description).joined(separator: ", ")
    return items.count > 8 ? shown + " and \(items.count - 8) more" : shown
}
