// What cutting each part does.
//
// Quantities: delta loss in nats and delta logit difference, ablated minus base, means over prompts with BCa intervals;
// a positive delta loss, or a negative delta logit difference, says that the part helped. p: paired sign-flip test of
// delta loss over prompts; q: Benjamini-Hochberg over the parts. What they do not show: see `Ablation`.
public import Induction
public import Transformers

/// What an ablation found.
public struct AblateResult: AnalysisResult, Sendable {
    /// One part that was cut. Values are nil where a prediction was no number.
    public struct Part: Sendable, Equatable {
        /// Which.
        public let component: CausalComponent
        /// Change of the loss, in nats.
        public let deltaLoss: Estimate
        /// Of the change of the loss.
        public let p: Double?
        /// The same, corrected for the number of parts.
        public let q: Double?
        /// Change of the logit difference.
        public let deltaLogitDiff: Estimate
        /// Loss without the part.
        public let ablatedLoss: Double?
        /// Logit difference without the part.
        public let ablatedLogitDiff: Double?
    }

    /// The model's name.
    public let model: String
    /// What was asked.
    public let ablate: Ablate
    /// How it ran.
    public let compute: Compute
    /// Blocks and heads a block.
    public let shape: (layers: Int, heads: Int)
    /// The prompts.
    public let tokens: Tokens
    /// Number of predictions that are read, in all prompts.
    public let predictions: Int
    /// Whether every foil is the answer of the corrupted prompt or the user's; else foils are the whole model's most
    /// probable other tokens.
    public let hasFoils: Bool
    /// Loss of the whole model.
    public let baseLoss: Estimate
    /// Logit difference of the whole model.
    public let baseLogitDiff: Estimate
    /// The parts, block by block.
    public let parts: [Part]

    init(_ ablate: Ablate, _ model: LoadedModel, _ prompts: CausalPrompts, _ values: AblationValues) {
        self.model = model.opened.name
        self.ablate = ablate
        compute = model.compute
        shape = (model.opened.config.layers, model.opened.config.heads)
        tokens = prompts.clean
        predictions = prompts.targets.count
        hasFoils = prompts.targets.allSatisfy { $0.foil != nil }

        let bootstrap = PromptBootstrap(promptCount: prompts.clean.count, seed: ablate.seed)
        func series(_ metric: Int) -> (base: [Double], ablated: [[Double]]) {
            (values.base.map { $0[metric] }, values.ablated.map { $0.map { $0[metric] } })
        }
        func deltas(_ own: (base: [Double], ablated: [[Double]])) -> [[Double]] {
            own.ablated.map { zip($0, own.base).map { $0 - $1 } }
        }
        let (loss, logitDiff) = (series(0), series(1))
        let base = bootstrap.means(of: [loss.base, logitDiff.base])
        (baseLoss, baseLogitDiff) = (base[0], base[1])
        let lossDeltas = deltas(loss)
        let tests = Self.tests(of: lossDeltas, seed: ablate.seed)
        let deltaLoss = bootstrap.means(of: lossDeltas)
        let deltaLogitDiff = bootstrap.means(of: deltas(logitDiff))
        func finiteMean(_ values: [Double]) -> Double? {
            values.allSatisfy(\.isFinite) ? values.mean : nil
        }
        parts = values.components.enumerated().map { index, component in
            Part(
                component: component,
                deltaLoss: deltaLoss[index],
                p: tests[index]?.p,
                q: tests[index]?.q,
                deltaLogitDiff: deltaLogitDiff[index],
                ablatedLoss: finiteMean(loss.ablated[index]),
                ablatedLogitDiff: finiteMean(logitDiff.ablated[index])
            )
        }
    }

    /// p and q of each series of differences; nil where one is no number.
    private static func tests(of series: [[Double]], seed: UInt64) -> [(p: Double, q: Double)?] {
        let defined = series.indices.filter { series[$0].allSatisfy(\.isFinite) }
        let p = signFlipTest(defined.map { series[$0] }, seed: seed)
        var tests = [(p: Double, q: Double)?](repeating: nil, count: series.count)
        for (index, test) in zip(defined, zip(p, benjaminiHochberg(p))) { tests[index] = test }
        return tests
    }

    /// Parts with a value, the largest delta loss first.
    public var ranked: [Part] {
        parts.filter { $0.deltaLoss.mean != nil }
            .enumerated()
            .sorted {
                ($1.element.deltaLoss.mean ?? 0, $0.offset) < ($0.element.deltaLoss.mean ?? 0, $1.offset)
            }
            .map(\.element)
    }

    /// How many parts have a delta loss above zero.
    public var positiveCount: Int { parts.count { ($0.deltaLoss.mean ?? 0) > 0 } }

    /// How many parts change the loss at a false discovery rate of 0.05.
    public var significantCount: Int { parts.count { ($0.q ?? 1) < 0.05 } }

    /// Delta losses of the largest.
    public var topDeltas: [Double] { ranked.prefix(ablate.top).compactMap(\.deltaLoss.mean) }

    /// What a reader must know about the numbers.
    public var notes: [String] {
        var notes = PromptBootstrap.notes(promptCount: tokens.count)
        let smallest = 2 / Double(1 << min(tokens.count, 12))
        if tokens.count <= 12, smallest > 0.05 / Double(parts.count) {
            notes.append(
                "\(tokens.count) prompts allow no p below \(String(smallest)): no single part of \(parts.count) can be significant."
            )
        }
        let undefined = parts.count { $0.deltaLoss.mean == nil }
        if undefined > 0 {
            notes.append(
                "\(undefined) of \(parts.count) \(ablate.components.kind.plural) have no value: without them a prediction is infinite or not a number."
            )
        }
        return notes
    }
}
