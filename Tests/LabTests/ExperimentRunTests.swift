// An experiment as a value, its run, its receipt, and the way back.
import Foundation
import Induction
import JSON
import Runs
import TestSupport
import Testing
import Transformers

@testable import Lab

/// An analysis that says how it was run.
private struct Probe: Analysis {
    struct Found: AnalysisResult {
        let notes = ["a note"]
        let text: String
        let findings = ["Something was found.", "It means little."]
        func json() throws -> Data { Data("{}\n".utf8) }
        func files() throws -> [NamedFile] {
            [
                NamedFile("probe.json", try json()),
                NamedFile("sub/table.csv", "a,b\n1,2\n", copiedAs: "table"),
                NamedFile("values.npy", [1, 2, 3, 5, 8, 13], shape: [2, 3]),
            ]
        }
        func figures(of model: LoadedModel) throws -> [NamedFigure] { [] }
    }

    static let command = "probe"
    var seed: UInt64 = 7
    var words = ["A", "B"]

    func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        [Receipt.Input(role: "words", name: words.joined(), files: [])]
    }

    func run(on model: LoadedModel, progress: StepProgress) throws -> Found {
        try progress("probing", 1, 2)
        return Found(text: "\(model.opened.name) \(model.compute.batchSize) \(model.transformer.dtype)\n")
    }
}

@Suite struct ExperimentRunTests {
    private let directory: TestDirectory

    init() throws {
        directory = try TestDirectory()
    }

    private var experiment: ModelExperiment<Probe> {
        ModelExperiment(
            Probe(),
            of: "induct-2l",
            Compute(dtype: .bfloat16, batchSize: 3, memoryBudget: 5_000_000)
        )
    }

    @Test func theReceiptHoldsAllThatIsAsked() throws {
        let run = try ExperimentRun(experiment)
        let question = try run.question()
        #expect(question.command == "probe" && question.seed == 7)
        #expect(question.inputs.map(\.role) == ["model", "words"])
        let names = question.inputs[0].files.map(\.name)
        #expect(names.contains("config.json") && names.contains("model.safetensors"))
        #expect(question.environment.dtype == "bfloat16")
        #expect(question.environment.device == run.experiment.compute.device.rawValue)
        #expect(run.experiment.compute.device != .auto, "a receipt names the device")
        #expect(try question.experiment.decoded(as: ModelExperiment<Probe>.self) == run.experiment)
    }

    @Test func aRunHoldsTheFiles() throws {
        let opened = try ExperimentRun(experiment)
        let run = try Run(opened.question(), in: RunDirectory(directory.url.path))
        var steps: [String] = []
        let (result, model) = try opened.result(in: run) { steps.append("\($0) \($1)/\($2)") }
        #expect(result.text == "induct-2l 3 bfloat16\n" && steps == ["probing 1/2"])
        #expect(model.compute == opened.experiment.compute)
        #expect(run.receipt.parts.map(\.name) == ["probe"])
        #expect(
            run.receipt.files.map(\.digest.name) == [
                "probe.json", "sub/table.csv", "values.npy", "story.json",
            ]
        )
        #expect(try directory.text("sub/table.csv") == "a,b\n1,2\n")
        let story = try JSONDecoder().decode(RunStory.self, from: Data(contentsOf: directory("story.json")))
        #expect(story.headline == "Something was found." && story.paragraphs == ["It means little."])
        #expect(story.text == result.text)
        let array = try Data(contentsOf: directory("values.npy"))
        #expect(array.count == 128 + 6 * 4 && array.starts(with: [0x93] + Array("NUMPY".utf8)))
    }

    @Test func withoutARunNothingIsWritten() throws {
        let (result, _) = try ExperimentRun(experiment).result(in: nil)
        #expect(result.notes == ["a note"])
        #expect(try directory.contents().isEmpty)
    }

    @Test func whatProgressThrowsEndsTheWork() throws {
        struct Stop: Error {}
        let run = try ExperimentRun(experiment)
        #expect(throws: Stop.self) { _ = try run.result(in: nil) { _, _, _ in throw Stop() } }
    }

    @Test func commandsAreDistinct() {
        let commands = analyses.map { $0.command } + Topology.Question.allCases.map(\.rawValue)
        #expect(Set(commands).count == commands.count)
    }
}

@Suite struct RepeatedRunTests {
    private let directory: TestDirectory

    init() throws {
        directory = try TestDirectory()
    }

    private func stored(_ command: String, _ experiment: JSONValue) throws -> RunStore.StoredRun {
        let question = Receipt.Question(
            command: command,
            experiment: experiment,
            seed: 0,
            inputs: [],
            environment: .this(Compute())
        )
        try Run(question, in: RunDirectory(directory("run").path)).complete()
        return try RunStore.run(at: directory("run"))
    }

    @Test func aScanIsDoneAgain() throws {
        let scan = Scan(prompts: .recipe(PromptRecipe(count: 4, length: 20)), seed: 3)
        let first = try ExperimentRun(ModelExperiment(scan, of: "induct-2l", Compute(batchSize: 2)))
        let run = try Run(first.question(), in: RunDirectory(directory("first").path))
        _ = try first.result(in: run)
        try run.complete()
        let again = try RepeatedRun(of: RunStore.run(at: directory("first")))
        var steps: Set<String> = []
        try again.run(in: RunDirectory(directory("second").path)) { step, _, _ in steps.insert(step) }
        #expect(steps == ["scan"])
        #expect(try RunComparison(directory("first"), directory("second")).isEqual)
        #expect(
            try RunStore.run(at: directory("second")).receipt.question
                == RunStore.run(at: directory("first")).receipt.question
        )
    }

    @Test func anUnknownCommand() throws {
        let stored = try stored("dance", nil)
        let error = #expect(throws: ReceiptError.self) { _ = try RepeatedRun(of: stored) }
        #expect(
            error?.description == """
                \(stored.url.path)/metadata.json: command: 'dance' is none that this version of induct (\(inductVersion)) can \
                do again; use the version that the receipt names.
                """
        )
    }

    @Test(arguments: [
        (#"{"model": "induct-2l", "compute": {}, "analysis": {}}"#, "compute.device is missing"),
        (
            #"{"model": "induct-2l", "compute": {"device": "tpu"}}"#,
            "compute.device: Cannot initialize ComputeDevice from invalid String value tpu"
        ),
        (#"{"compute": {}}"#, "model is missing"),
    ])
    func anExperimentThatIsNotWhole(text: String, problem: String) throws {
        let experiment = JSONValue(try JSONField(parsing: Array(text.utf8), source: "test"))
        let stored = try stored("scan", experiment)
        let error = #expect(throws: ReceiptError.self) { _ = try RepeatedRun(of: stored) }
        #expect(
            error?.description == """
                \(stored.url.path)/metadata.json: experiment: \(problem). This version of induct (\(inductVersion)) cannot \
                read it; use the version that the receipt names.
                """
        )
    }
}
