// From what a user asks for to a training run: presets, the settings that depend on each other, the text.
public import Formation
public import Foundation
import JSON
public import Runs
import Torch

/// A training run and what it reads.
public struct TrainingPlan: Sendable {
    /// What decides everything.
    public let config: TrainingConfig
    /// The text, for the text task.
    public let text: TrainingText?

    /// A new run. What is not asked for is as the preset has it, or as in `default`.
    ///
    /// - Throws: `TrainingRequestError`, and what is wrong with the text.
    public init(_ request: TrainingRequest) throws {
        let preset = try request.preset.map(TrainingPreset.named) ?? .default
        try request.checkTask(request.over(preset.request).taskKind())
        try self.init(complete: request.over(preset.request).over(TrainingPreset.default.request))
    }

    /// A run that is there; what is asked for must be as it is.
    ///
    /// - Throws: `TrainingDirectoryError.otherConfig` with the differences, `TrainingRequestError`, `FileError`, and what is
    ///   wrong with the text.
    public init(resuming run: URL, _ request: TrainingRequest = TrainingRequest()) throws {
        let saved = try TrainingDirectory.config(of: run)
        text = try saved.text.map(TrainingText.init(again:))
        config = saved
        let preset = try request.preset.map(TrainingPreset.named)?.request ?? TrainingRequest()
        let asked = request.over(preset)
        guard asked != TrainingRequest() else { return }
        try asked.checkTask(asked.over(TrainingRequest(saved)).taskKind())
        var text = saved.text
        if let file = asked.textFile { text?.file = TrainingText.path(of: file) }
        if let tokenizer = asked.tokenizer { text?.tokenizer = TrainingText.path(of: tokenizer) }
        let other = try TrainingConfig(
            asked.over(TrainingRequest(saved)),
            vocabularySize: asked.vocabularySize ?? saved.vocabularySize,
            text: text
        )
        let differences = try saved.differences(from: other)
        if !differences.isEmpty {
            throw TrainingDirectoryError.otherConfig(run.path, differences: differences)
        }
    }

    private init(complete request: TrainingRequest) throws {
        if try request.taskKind() == .text {
            guard let file = request.textFile else { throw TrainingRequestError.noText }
            text = try TrainingText(file: file, tokenizer: request.tokenizer)
        } else {
            text = nil
        }
        config = try TrainingConfig(
            request,
            vocabularySize: text?.vocabularySize ?? request.vocabularySize ?? 0,
            text: text?.source
        )
    }
}

extension TrainingConfig {
    /// What a request over the default preset means.
    fileprivate init(_ request: TrainingRequest, vocabularySize: Int, text: TextSource?) throws {
        let model = ModelShape()
        let kind = try request.taskKind()
        let length = request.length ?? 0
        let sizes = [
            ("--vocab-size", vocabularySize, 1, 1 << 24), ("--seq-length", length, 2, 1 << 20),
            ("--n-sequences", request.sequences ?? 0, 0, 1 << 24),
        ]
        for (flag, value, least, most) in sizes where !(least...most).contains(value) {
            throw TrainingRequestError.size(flag: flag, value: value, least: least, most: most)
        }
        self.init(
            model: ModelShape(
                layers: request.layers ?? model.layers,
                heads: request.heads ?? model.heads,
                dModel: request.dModel ?? model.dModel,
                dMLP: request.dMLP ?? model.dMLP,
                positions: try choice("--positions", request.positions) ?? model.positions,
                smearsKeys: request.smearsKeys ?? false,
                deviation: request.deviation ?? model.deviation
            ),
            vocabularySize: vocabularySize,
            beginsWithBOS: kind != .text,
            task: TrainingTask(
                request.construction(kind, symbols: vocabularySize - 1, body: length - 1),
                length: length,
                sequences: kind == .text ? nil : request.sequences.flatMap { $0 > 0 ? $0 : nil }
            ),
            text: text,
            batchSize: request.batchSize ?? 0,
            training: TrainingSettings(
                steps: request.steps ?? 0,
                learningRate: request.learningRate ?? 0,
                warmUpSteps: request.warmUpSteps ?? 0,
                decays: request.usesSchedule ?? true,
                gradientClip: request.gradientClip ?? 1,
                optimizer: AdamW.Settings(beta2: 0.98, weightDecay: request.weightDecay ?? 0)
            ),
            dropout: request.dropout ?? 0,
            evaluationInterval: request.evaluationInterval ?? 0,
            evaluationCount: request.evaluationCount ?? 0,
            curvatureInterval: request.curvatureInterval ?? 0,
            curvatureCount: request.curvatureCount ?? 0,
            topEigenvalues: request.topEigenvalues ?? 0,
            checkpointInterval: request.checkpointInterval ?? 0,
            seed: request.seed ?? 0
        )
    }

    /// What differs, as `setting: here, there`.
    func differences(from other: TrainingConfig) throws -> [String] {
        let (own, others) = (try flattened(), try other.flattened())
        return Set(own.keys).union(others.keys).sorted().compactMap { key in
            own[key] == others[key]
                ? nil : "\(key) is \(own[key] ?? "not set") in the run, \(others[key] ?? "not set") now"
        }
    }
}

extension TrainingRequest {
    fileprivate func taskKind() throws -> TaskKind { try choice("--task", task) ?? .patterns }

    /// Throws for settings of other tasks.
    fileprivate func checkTask(_ kind: TaskKind) throws {
        let patterns: [TaskKind] = [.patterns, .repeat]
        let settings: [(flag: String, isGiven: Bool, tasks: [TaskKind])] = [
            ("--text-file", textFile != nil, [.text]), ("--tokenizer", tokenizer != nil, [.text]),
            ("--vocab-size", vocabularySize != nil, TaskKind.allCases.filter { $0 != .text }),
            ("--n-sequences", sequences != nil, TaskKind.allCases.filter { $0 != .text }),
            ("--min-pattern-length", minPatternLength != nil, patterns),
            ("--max-pattern-length", maxPatternLength != nil, patterns),
            ("--n-repeats-per-seq", repeats != nil, [.patterns]),
            ("--n-triggers", triggers != nil, [.bigram]),
            ("--concentration", concentration != nil, [.markov]),
        ]
        for (flag, isGiven, tasks) in settings where isGiven && !tasks.contains(kind) {
            throw TrainingRequestError.otherTask(
                flag: flag,
                tasks: tasks.map(\.rawValue),
                task: kind.rawValue
            )
        }
    }

    fileprivate func construction(_ kind: TaskKind, symbols: Int, body: Int) -> TrainingTask.Construction {
        switch kind {
        case .patterns:
            .patterns(
                PatternTask(
                    minPatternLength: minPatternLength ?? 5,
                    maxPatternLength: maxPatternLength ?? 20,
                    repeats: repeats ?? 3
                )
            )
        case .repeat:
            .repeat(repeats(symbols: symbols, body: body))
        case .bigram: .bigram(BigramTask(triggers: triggers ?? 5))
        case .markov: .markov(MarkovTask(concentration: concentration ?? 1))
        case .text: .text
        }
    }

    /// The longest block that comes twice, and the shortest, where nobody says otherwise.
    private func repeats(symbols: Int, body: Int) -> RepeatTask {
        let most = maxPatternLength ?? max(2, min(symbols, body / 2))
        return RepeatTask(minPatternLength: minPatternLength ?? min(5, most), maxPatternLength: most)
    }

    /// What a run was asked for, read from what it became.
    fileprivate init(_ config: TrainingConfig) {
        self.init()
        task = config.task.kind.rawValue
        textFile = config.text?.file
        if let tokenizer = config.text?.tokenizer, tokenizer != TrainingText.characters {
            self.tokenizer = tokenizer
        }
        vocabularySize = config.vocabularySize
        length = config.task.length
        layers = config.model.layers
        heads = config.model.heads
        dModel = config.model.dModel
        dMLP = config.model.dMLP
        positions = config.model.positions.rawValue
        smearsKeys = config.model.smearsKeys
        deviation = config.model.deviation
        steps = config.training.steps
        batchSize = config.batchSize
        learningRate = config.training.learningRate
        warmUpSteps = config.training.warmUpSteps
        usesSchedule = config.training.decays
        weightDecay = config.training.optimizer.weightDecay
        gradientClip = config.training.gradientClip
        dropout = config.dropout
        evaluationInterval = config.evaluationInterval
        evaluationCount = config.evaluationCount
        curvatureInterval = config.curvatureInterval
        curvatureCount = config.curvatureCount
        topEigenvalues = config.topEigenvalues
        checkpointInterval = config.checkpointInterval
        sequences = config.task.sequences ?? 0
        switch config.task.construction {
        case .patterns(let task):
            (minPatternLength, maxPatternLength) = (task.minPatternLength, task.maxPatternLength)
            repeats = task.repeats
        case .repeat(let task):
            (minPatternLength, maxPatternLength) = (task.minPatternLength, task.maxPatternLength)
        case .bigram(let task): triggers = task.triggers
        case .markov(let task): concentration = task.concentration
        case .text: break
        }
        seed = config.seed
    }
}

private func choice<Value: RawRepresentable<String> & CaseIterable>(_ flag: String, _ name: String?) throws
    -> Value?
{
    guard let name else { return nil }
    guard let value = Value(rawValue: name) else {
        throw TrainingRequestError.unknown(
            flag: flag,
            value: name,
            known: Value.allCases.map(\.rawValue)
        )
    }
    return value
}

extension TrainingConfig {
    /// Every setting by its path in config.json.
    private func flattened() throws -> [String: String] {
        var result: [String: String] = [:]
        func add(_ value: JSONValue, _ path: String) {
            guard case .object(let members) = value else {
                result[path] = value.line
                return
            }
            for (name, member) in members { add(member, path.isEmpty ? name : "\(path).\(name)") }
        }
        add(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(self)), "")
        return result
    }
}

/// A run that was asked for in words that mean nothing.
public enum TrainingRequestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A name that is none of those there are.
    case unknown(flag: String, value: String, known: [String])
    /// The text task without a text.
    case noText
    /// A size that nothing has.
    case size(flag: String, value: Int, least: Int, most: Int)
    /// An option of other tasks.
    case otherTask(flag: String, tasks: [String], task: String)

    /// One sentence: what was found, what to do.
    public var description: String {
        switch self {
        case .unknown(let flag, let value, let known):
            "\(flag) is '\(value)'; give one of \(known.joined(separator: ", "))."
        case .size(let flag, let value, let least, let most):
            "\(flag) is \(value); give a number from \(least) to \(most)."
        case .noText: "the text task needs a text: give --text-file FILE."
        case .otherTask(let flag, let tasks, let task):
            """
            \(flag) is for the task\(tasks.count == 1 ? "" : "s") \(tasks.joined(separator: ", ")), and the task is \(task); \
            leave it out.
            """
        }
    }
}
