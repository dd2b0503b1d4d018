// What path patching found, path by path, with recoveries over prompts.
public import Induction
public import Transformers

/// Recovery of every path.
public struct PathsResult: AnalysisResult, Equatable, Sendable {
    /// One path.
    public struct Path: Equatable, Sendable {
        /// The head whose output was taken from the other run.
        public let sender: Head
        /// What took the change.
        public let receiver: PathReceiver
        /// The metric's mean with the path patched; nil where a value is no number.
        public let patched: Double?
        /// The share of the difference between the two runs that the path makes up for.
        public let recovery: Recovery
    }

    /// The model's name.
    public let model: String
    /// What was asked.
    public let question: Paths
    /// Number of prompts.
    public let promptCount: Int
    /// The metric in both runs.
    public let levels: ComparedLevels
    /// The receivers, as they were chosen.
    public let receivers: [Head]
    /// Query heads that share one head of keys and values.
    public let queriesPerKey: Int
    /// Whether there are MLPs.
    let hasMLPs: Bool
    /// Senders in order, each with the receivers in later layers.
    public let paths: [Path]

    init(
        _ effects: PathEffects,
        of question: Paths,
        model: String,
        receivers: [Head],
        config: TransformerConfig
    ) {
        self.model = model
        self.question = question
        self.receivers = receivers
        queriesPerKey = config.heads / config.keyValueHeads
        hasMLPs = !config.isAttentionOnly
        let (base, other) = (effects.base[0], effects.other[0])
        promptCount = base.count
        levels = ComparedLevels(base: base, other: other, question.comparison.direction)
        let patched = effects.paths.map { $0.values[0] }
        // The share of the way from the run that is changed to the other one, whichever is the clean one.
        let recoveries = PromptBootstrap(promptCount: base.count, seed: question.seed)
            .recoveries(clean: other, corrupted: base, patched: patched)
        paths = zip(effects.paths, zip(patched, recoveries)).map { path, found in
            Path(
                sender: path.sender,
                receiver: path.receiver,
                patched: found.0.mean.flatMap { $0.isFinite ? $0 : nil },
                recovery: found.1
            )
        }
    }

    /// Paths from the largest effect to the smallest, whatever its sign; equal ones as they come.
    public var ranked: [Path] {
        let base = levels.base(question.comparison.direction) ?? 0
        func size(_ path: Path) -> Double { path.patched.map { ($0 - base).magnitude } ?? -1 }
        return paths.enumerated().sorted {
            (size($1.element), $0.offset) < (size($0.element), $1.offset)
        }.map(\.element)
    }

    /// Why there are no recoveries; nil where there are.
    var undefined: String? {
        let reasons = paths.map(\.recovery.undefined)
        guard let first = reasons.first, let reason = first, reasons.allSatisfy({ $0 != nil }) else {
            return nil
        }
        return reason.description
    }

    /// What MLPs did on the way, in words.
    var mlpText: String { hasMLPs ? "MLPs \(question.mlps.rawValue)" : "no MLPs" }

    /// How the receivers were chosen, in words.
    var receiverText: String {
        switch question.receivers {
        case .all: "all heads"
        case .listed: receivers.map(\.description).joined(separator: ", ")
        case .highest(_, let score):
            receivers.map(\.description).joined(separator: ", ")
                + " (highest \(score.rawValue) scores on repeat prompts)"
        }
    }

    /// What a reader must know about the numbers.
    public var notes: [String] {
        var notes = PromptBootstrap.notes(promptCount: promptCount)
        if let undefined { notes.append("Recovery is \(undefined)") }
        if queriesPerKey > 1, question.inputs.contains(where: { $0 != .q }) {
            notes.append(
                "Keys and values are shared by \(queriesPerKey) query heads each: the number in L1H0.k or L1H0.v is that of "
                    + "the key/value head."
            )
        }
        return notes
    }
}

extension PathReceiver {
    /// The head, or `logits`.
    var name: String {
        switch self {
        case .input(_, let head): head.description
        case .logits: "logits"
        }
    }

    /// `q`, `k` or `v`; nil for logits.
    var input: PathInput? {
        switch self {
        case .input(let input, _): input
        case .logits: nil
        }
    }
}
