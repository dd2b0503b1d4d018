// An analysis of a certain model, run in a certain way: what a receipt holds, and what is done with it.
import Foundation
import JSON
public import Runs

/// Which model, run how, asked what.
public struct ModelExperiment<Question: Analysis>: Codable, Equatable, Sendable {
    /// The model, as `--model` names it.
    public var model: String
    /// How it runs.
    public var compute: Compute
    /// What is asked.
    public var analysis: Question

    /// All fields.
    public init(_ analysis: Question, of model: String, _ compute: Compute = Compute()) {
        self.model = model
        self.compute = compute
        self.analysis = analysis
    }
}

/// An experiment with its model opened; nothing has been computed.
public struct ExperimentRun<Question: Analysis> {
    /// What is asked, of which model, with the device that `auto` means and a sweep's memory budget.
    public let experiment: ModelExperiment<Question>
    private let opened: OpenedModel

    /// Opens the model, after a download if there has to be one.
    ///
    /// - Throws: `ModelError`, `HubError`, and what is wrong with the files.
    public init(
        _ experiment: ModelExperiment<Question>,
        reporting report: FetchReport = FetchReport()
    ) throws {
        opened = try OpenedModel(experiment.model, reporting: report)
        var experiment = experiment
        experiment.compute = experiment.compute.resolved
        if Question.takesMemoryBudget, experiment.compute.memoryBudget == nil {
            experiment.compute.memoryBudget = opened.usualSweepBudget(experiment.compute)
        }
        self.experiment = experiment
    }

    /// What a receipt says: hashes the model's files.
    ///
    /// - Throws: `FileError`, and what is wrong with the prompts.
    public func question() throws -> Receipt.Question {
        Receipt.Question(
            command: Question.command,
            experiment: try JSONValue(encoding: experiment),
            seed: experiment.analysis.seed,
            inputs: try [opened.receiptInput()] + experiment.analysis.inputs(for: opened),
            environment: .this(experiment.compute)
        )
    }

    /// Loads the weights, does the work, and writes the result's files, if there is a run to write to.
    ///
    /// - Throws: `MemoryError`, `FileError`, what is wrong with the weights or the prompts, and what `progress` throws.
    public func result(
        in run: Run?,
        progress: StepProgress = { _, _, _ in }
    ) throws -> (result: Question.Result, model: LoadedModel) {
        let model = try opened.load(experiment.compute)
        let result = try experiment.analysis.run(on: model, progress: progress)
        try run?.part(Question.command) { writer in
            for file in try result.files() + [result.story.file()] { try writer.write(file) }
        }
        return (result, model)
    }
}
