// What can be wrong with a run that is to go on or to be read.

/// A run directory that cannot be used.
public enum RunError: Error, Equatable, Sendable {
    /// Another process writes to it.
    case inUse(path: String)
    /// It answers another question than the one that is asked.
    case otherQuestion(path: String, differences: [ReceiptDifference])
    /// It has no receipt.
    case noReceipt(path: String)
}

extension RunError: CustomStringConvertible {
    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .inUse(let path):
            "\(path): another process is writing to this run. Wait for its end, or choose another directory."
        case .otherQuestion(let path, let differences):
            "\(path) cannot be resumed: it was made from something else. There and here: "
                + differences.prefix(5).map(\.description).joined(separator: "; ")
                + (differences.count > 5 ? "; and \(differences.count - 5) more" : "")
                + ". Ask for the same as then, or start a new run."
        case .noReceipt(let path):
            "\(path) is not the directory of a run: it has no \(Receipt.fileName). "
                + "Name a directory that a command of induct has written, like outputs/runs/<timestamp>."
        }
    }
}
