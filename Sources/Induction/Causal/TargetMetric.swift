// Metrics of predictions with answers, all from one product of logits.
//
// Definitions are `OutputMetric`'s. The foil of a target without one is the clean run's most probable id other than the
// answer, and the clean run's prediction is the reference of `kl`; both are settled before anything is edited. A
// prompt's value is the mean over its targets, so that a prompt with many counts as one.
public import Torch
public import Transformers

/// Reads output metrics from logits: what sweeps of causal experiments are given.
public struct TargetMetric {
    /// What is read, in the order of the values.
    public let metrics: [OutputMetric]
    /// The predictions; with `logitDiff` among the metrics each has a foil.
    public let targets: [PredictionTarget]
    private let promptCount: Int
    private let answers: Tensor  // [target]
    private let columns: [Column]

    /// A metric with what it compares with.
    private enum Column {
        /// Foils, [target].
        case logitDiff(Tensor)
        case loss
        case prob
        /// Log probabilities, [target, vocab].
        case kl(Tensor)
    }

    /// Whether the clean run's predictions are needed for these.
    static func needsCleanRun(_ metrics: [OutputMetric], _ targets: [PredictionTarget]) -> Bool {
        metrics.contains(.kl) || metrics.contains(.logitDiff) && targets.contains { $0.foil == nil }
    }

    /// Settles foils and reference, with a run on the clean prompts where one is needed.
    ///
    /// - Throws: `TokensError`; `EffectError` for targets that do not fit prompts or model.
    public init(_ metrics: [OutputMetric], of prompts: CausalPrompts, in model: Transformer) throws {
        try prompts.validate(for: model.config)
        try self.init(metrics, of: prompts, on: model.device) {
            try prompts.targetLogits(of: model.run(prompts.clean, logits: .at(prompts.readPositions)))
        }
    }

    /// Settles foils and reference of prompts that have been checked.
    ///
    /// - Parameter clean: logits [target, vocab] of the clean run, float32; called only where they are needed.
    /// - Throws: `EffectError.foilIsAnswer`, and what `clean` throws.
    init(
        _ metrics: [OutputMetric],
        of prompts: CausalPrompts,
        on device: Device,
        clean: () throws -> Tensor
    ) throws {
        precondition(!metrics.isEmpty, "a metric of nothing")
        var known: Tensor?
        func reference() throws -> Tensor {
            let logits = try known ?? clean()
            known = logits
            return logits
        }
        var targets = prompts.targets
        let answers = Tensor(targets.map(\.answer), device: device)
        columns = try metrics.map { metric in
            switch metric {
            case .logitDiff:
                if targets.contains(where: { $0.foil == nil }) {
                    targets.addFoils(mostProbableIn: try reference(), answers)
                }
                for target in targets where target.foil == target.answer {
                    throw EffectError.foilIsAnswer(prompt: target.cell.prompt, id: target.answer)
                }
                return .logitDiff(Tensor(targets.compactMap(\.foil), device: device))
            case .loss: return .loss
            case .prob: return .prob
            case .kl: return .kl(try reference().logSoftmax())
            }
        }
        self.metrics = metrics
        self.targets = targets
        self.answers = answers
        promptCount = prompts.clean.count
    }

    /// The predictions that are read, in the order of the targets.
    public var cells: [OutputCell] { targets.map(\.cell) }

    /// The metrics' values: a `CellMetric`. It can be differentiated.
    ///
    /// - Parameters:
    ///   - logits: [row, vocab], float32.
    ///   - cells: the target of each row.
    /// - Returns: [row, metric].
    public func callAsFunction(_ logits: Tensor, _ cells: [Int]) -> Tensor {
        let rows = Tensor(cells, device: logits.device)
        func own(_ values: Tensor) -> Tensor { values.indexSelect(0, rows) }
        func logit(_ ids: Tensor) -> Tensor { logits.gather(1, own(ids).unsqueeze(1)).squeeze(1) }
        let values = columns.map { column in
            switch column {
            case .logitDiff(let foils):
                return logit(answers) - logit(foils)
            case .loss:
                return logits.crossEntropy(own(answers))
            case .prob:
                return (-logits.crossEntropy(own(answers))).exp()
            case .kl(let reference):
                let expected = own(reference)  // [row, vocab]
                return (expected.exp() * (expected - logits.logSoftmax())).sum(-1)
            }
        }
        return .stack(values, axis: 1)
    }

    /// Means over each prompt's targets.
    ///
    /// - Parameter values: [target][metric], as a sweep gives them.
    /// - Returns: [prompt][metric].
    public func perPrompt(_ values: [[Double]]) -> [[Double]] {
        precondition(values.count == targets.count, "\(values.count) values of \(targets.count) targets")
        var sums = Array(repeating: [Double](repeating: 0, count: metrics.count), count: promptCount)
        var counts = [Int](repeating: 0, count: promptCount)
        for (target, row) in zip(targets, values) {
            let prompt = target.cell.prompt
            counts[prompt] += 1
            for (metric, value) in row.enumerated() { sums[prompt][metric] += value }
        }
        return zip(sums, counts).map { sum, count in sum.map { $0 / Double(count) } }
    }

    /// Values of logits that are at hand.
    ///
    /// - Parameter logits: [target, vocab], float32.
    /// - Returns: [prompt][metric].
    public func perPrompt(_ logits: Tensor) -> [[Double]] {
        let flat = self(logits, Array(targets.indices)).to(device: .cpu).to(.float64).doubles
        let width = metrics.count
        return perPrompt(targets.indices.map { Array(flat[$0 * width..<($0 + 1) * width]) })
    }
}

extension [PredictionTarget] {
    /// Gives each target without a foil the most probable id other than its answer.
    ///
    /// - Parameters:
    ///   - logits: [target, vocab].
    ///   - answers: [target].
    fileprivate mutating func addFoils(mostProbableIn logits: Tensor, _ answers: Tensor) {
        let never = Tensor.full([count, 1], -.infinity, dtype: logits.dtype, device: logits.device)
        let best = logits.scatter(1, answers.unsqueeze(1), never).argmax(-1).to(device: .cpu).ints
        for index in indices where self[index].foil == nil { self[index].foil = best[index] }
    }
}

extension CausalPrompts {
    /// Logits of the targets, [target, vocab] in float32, of a run whose logits are those at `readPositions`.
    func targetLogits(of run: Recording) throws -> Tensor {
        let logits = try run.logits  // [prompt, read position, vocab]
        let place = Dictionary(uniqueKeysWithValues: readPositions.enumerated().map { ($1, $0) })
        let rows = Tensor(targets.map(\.cell.prompt), device: logits.device)
        let places = Tensor(targets.compactMap { place[$0.cell.position] }, device: logits.device)
        return logits.index([rows, places]).to(.float32)
    }
}
