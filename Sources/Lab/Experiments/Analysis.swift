// What is asked of one model, and what comes out: the two halves that every command with one model has.
//
// To add one: a file here with a type of each protocol, a line in `analyses`, a command.
public import Foundation
public import Runs

/// Called with what is at work, how much of it is done, and how much there is; what it throws ends the work.
public typealias StepProgress = (_ step: String, _ done: Int, _ total: Int) throws -> Void

/// A question about one model, with all that decides the answer but the model and how it runs. The same value gives the
/// same results.
public protocol Analysis: Codable, Equatable, Sendable {
    /// What comes out.
    associatedtype Result: AnalysisResult

    /// The name of its command, in receipts too; the run's part is called by it.
    static var command: String { get }

    /// Whether it runs a sweep, whose work is cut to a memory budget.
    static var takesMemoryBudget: Bool { get }

    /// Of everything that is drawn at random.
    var seed: UInt64 { get }

    /// What a receipt lists besides the model: prompts and files, with their hashes.
    ///
    /// - Throws: what is wrong with the prompts.
    func inputs(for model: OpenedModel) throws -> [Receipt.Input]

    /// Does the work, with the batch size and the memory budget of `model.compute`.
    ///
    /// - Throws: `MemoryError`, what is wrong with the prompts, and what `progress` throws.
    func run(on model: LoadedModel, progress: StepProgress) throws -> Result
}

extension Analysis {
    /// No sweep.
    public static var takesMemoryBudget: Bool { false }

    /// Does the work; nobody hears how far it is.
    public func run(on model: LoadedModel) throws -> Result {
        try run(on: model) { _, _, _ in }
    }
}

/// What an analysis found: as files, as figures, as text.
public protocol AnalysisResult {
    /// What a reader must know about the numbers; part of `text` and of `json`.
    var notes: [String] { get }

    /// A few lines for a terminal, the last one ended.
    var text: String { get }

    /// What was found in words: one sentence, then what it means and what it does not show. For readers of a report.
    var findings: [String] { get }

    /// What `--json` prints: one object, its line ended. The same result gives the same bytes.
    func json() throws -> Data

    /// What goes into a run's directory.
    func files() throws -> [NamedFile]

    /// All figures.
    ///
    /// - Parameter model: the model, for figures that show tokens or attention.
    func figures(of model: LoadedModel) throws -> [NamedFigure]
}
