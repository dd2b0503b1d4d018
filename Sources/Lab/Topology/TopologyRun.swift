// Does what a topology experiment asks and writes it down, one model after the other; what a receipt lists as finished
// is read back instead.
import Checkpoints
import Figures
import Foundation
import Induction
import JSON
public import Runs
import Torch
import Transformers

/// An experiment with its models opened: its question is known, nothing has been computed.
public struct TopologyRun {
    /// What is asked.
    public let topology: Topology
    /// What a receipt says: decides whether a run can be gone on with.
    public let question: Receipt.Question
    private let models: [OpenedModel]
    private let tokens: [Tokens]

    /// Opens the models (after a download, if one has to be) and hashes what decides the results.
    ///
    /// - Throws: `ModelError`, `HubError`, `PromptError`, `TopologyError`, and what is wrong with the files.
    public init(_ topology: Topology, reporting report: FetchReport = FetchReport()) throws {
        let models = try topology.models.map { try OpenedModel($0, reporting: report) }
        var topology = topology
        topology.compute = topology.compute.resolved
        if topology.labels.isEmpty { topology.labels = models.map(\.name) }
        let names = topology.labels.map(fileName)
        guard Set(names).count == names.count else { throw TopologyError.sameName(topology.labels) }
        let tokens = try models.map {
            try topology.prompts.tokens(for: $0, prependsBOS: topology.prependsBOS)
        }
        (self.topology, self.models, self.tokens) = (topology, models, tokens)
        var inputs: [Receipt.Input] = []
        for (index, label) in topology.labels.enumerated() {
            inputs.append(try models[index].receiptInput())
            inputs.append(.tokens(tokens[index], of: models[index], named: label))
        }
        question = Receipt.Question(
            command: topology.question.rawValue,
            experiment: try JSONValue(encoding: topology),
            seed: topology.seed,
            inputs: inputs,
            environment: .this(topology.compute)
        )
    }

    /// The exact prompts of one model, one a line.
    public func promptText(of index: Int) throws -> String {
        try tokens[index].rows.map { try models[index].labels(of: $0).joined(separator: " ") }
            .joined(separator: "\n") + "\n"
    }

    /// Does what is not finished.
    ///
    /// - Parameters:
    ///   - run: where results go; its receipt lists what is finished.
    ///   - settings: what config.yaml says.
    /// - Returns: what was found, with its figures.
    public func results(
        in run: Run,
        settings: Settings,
        progress: @escaping StepProgress
    ) throws -> TopologyResults {
        let results = try parts(in: run, settings: settings, progress: progress)
        try run.part("story") { try $0.write(results.story.file()) }
        return results
    }

    private func parts(
        in run: Run,
        settings: Settings,
        progress: @escaping StepProgress
    ) throws -> TopologyResults {
        try run.part("prompts") { writer in
            try writer.write(settings.yaml, to: "config.yaml")
            for index in models.indices {
                let name = index == 0 ? "prompts.txt" : "prompts_\(fileName(topology.labels[index])).txt"
                try writer.write(promptText(of: index), to: name)
            }
        }
        switch topology.question {
        case .profile, .crosssize, .multisize:
            let profiles: [ProfileResult] = try models.indices.map { index in
                try part("profile", index, of: run, progress) { reading, _ in
                    try ProfileResult(reading, topology, index)
                }
            }
            if topology.question == .profile { return .profiles(profiles, nil) }
            let overlay = OverlayResult(profiles, topology)
            try run.part("overlay") { try $0.write(canonicalJSON(overlay), to: "multisize.json") }
            return .profiles(profiles, overlay)
        case .nulls:
            return .nulls(
                try models.indices.map { index in
                    try part("nulls", index, of: run, progress) { reading, _ in
                        try NullsResult(reading, topology, index)
                    }
                }
            )
        case .lagbuckets:
            return .lags(
                try models.indices.map { index in
                    try part("lagbuckets", index, of: run, progress) { reading, _ in
                        try LagResult(reading, topology, index)
                    }
                }
            )
        case .causal:
            return .causal(
                try models.indices.map { index in
                    try part("causal", index, of: run, progress) { reading, step in
                        var passes = Interim<[CopyBehaviour]>("passes", in: run.directory.url)
                        return try CausalResult(reading, topology, index, keeping: &passes) {
                            try step("cutting heads", $0, $1)
                        }
                    }
                }
            )
        }
    }

    /// One model's result: computed and written, or read back.
    private func part<Result: Codable & TopologyResult>(
        _ kind: String,
        _ index: Int,
        of run: Run,
        _ progress: @escaping StepProgress,
        _ compute: (ModelReading, StepProgress) throws -> Result
    ) throws -> Result {
        let label = topology.labels[index]
        let name = "\(kind)_\(fileName(label)).json"
        var result: Result?
        try run.part("\(kind) \(label)") { writer in
            var patterns = Interim<CollectedPatterns>("patterns", in: run.directory.url)
            let reading = try ModelReading(models[index], tokens[index], for: topology, keeping: &patterns) {
                try progress("reading \(label)", $0, $1)
            }
            let found = try compute(reading) { try progress("\(label): \($0)", $1, $2) }
            try writer.write(canonicalJSON(found, with: found.summary), to: name)
            if let matrix = found.scoreMatrix {
                try writer.write(
                    NamedFile(
                        "scores_\(fileName(label)).npy",
                        matrix.flatMap { $0.map(Float.init) },
                        shape: [matrix.count, matrix.first?.count ?? 0]
                    )
                )
            }
            result = found
        }
        // Parts come one after the other: what is kept belongs to the first that is not finished.
        for name in ["patterns", "passes"] { Interim<Int>(name, in: run.directory.url).remove() }
        if let result { return result }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Result.self,
            from: Data(contentsOf: run.directory.url.appending(path: name))
        )
    }
}

/// A result that a run writes for one model.
protocol TopologyResult {
    /// Fields that stand beside its own, for tables.
    var summary: [String: JSONValue] { get }
    /// The chosen score as [layer][head], for programs that read arrays.
    var scoreMatrix: [[Double]]? { get }
}

extension ProfileResult: TopologyResult {
    var summary: [String: JSONValue] {
        [
            "model": .string(subject.model), "score": .string(subject.score.rawValue),
            "peak_layer": .int(top.profile.peakLayer), "peak_rel": .double(top.profile.relativePeak),
            "peak_over_layers": .double(top.profile.seedRelativePeak),
            "bandwidth": .double(top.profile.bandwidth),
        ]
    }
    var scoreMatrix: [[Double]]? { matrix }
}

extension NullsResult: TopologyResult {
    var summary: [String: JSONValue] { ["model": .string(subject.model)] }
    var scoreMatrix: [[Double]]? { nil }
}

extension LagResult: TopologyResult {
    var summary: [String: JSONValue] { ["model": .string(subject.model)] }
    var scoreMatrix: [[Double]]? { nil }
}

extension CausalResult: TopologyResult {
    var summary: [String: JSONValue] { ["model": .string(subject.model)] }
    var scoreMatrix: [[Double]]? { nil }
}
