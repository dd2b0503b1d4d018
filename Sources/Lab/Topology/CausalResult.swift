// causal_<model>.json: what cutting the highest heads does to copying, against random heads of the same layers.
public import Induction
public import Transformers

/// What cutting heads does.
public struct CausalResult: Codable, Equatable, Sendable {
    /// One number of heads that were cut.
    public struct Test: Codable, Equatable, Sendable {
        /// The heads.
        public let heads: [Head]
        /// What they were compared with.
        public let random: RandomHeads
        /// Without them.
        public let ablated: Level
        /// The change, against that of the random sets.
        public let effect: AblationEffect
    }

    /// How well a model copies.
    public struct Level: Codable, Equatable, Sendable {
        /// Share of copies that are the most probable next token.
        public let accuracy: Double?
        /// Mean cross-entropy of the copy, in nats.
        public let loss: Double?
        /// Seed 000's off-by-one accuracy.
        public let seedAccuracy: Double?

        init(_ behaviour: CopyBehaviour) {
            accuracy = behaviour.accuracy.means?.first
            loss = behaviour.loss.means?.first
            seedAccuracy = behaviour.seedAccuracy.means?.first
        }
    }

    /// Which model, which prompts.
    public let subject: ModelSubject
    /// The whole model.
    public let base: Level
    /// One a number of heads.
    public let tests: [Test]
    /// What a reader must know.
    public let notes: [String]

    /// Passes that share the run of the whole model, and between which what has been found is kept.
    static let passesTogether = 8

    /// - Parameters:
    ///   - interim: the passes that an earlier process has done, and where to keep those that are.
    ///   - progress: called with prompts done, pass after pass, and their number in all passes.
    init(
        _ reading: ModelReading,
        _ topology: Topology,
        _ index: Int,
        keeping interim: inout Interim<[CopyBehaviour]>,
        progress: (Int, Int) throws -> Void
    ) throws {
        let (model, tokens) = (reading.model.transformer, reading.tokens)
        let subject = ModelSubject(reading, topology, index)
        self.subject = subject
        let ranked = reading.collected.headScores(reading.bootstrap).ranked(by: topology.score).map(\.head)
        for count in topology.topK where count >= ranked.count || count < 1 {
            throw TopologyError.tooManyHeads(wanted: count, model: subject.model, heads: ranked.count)
        }
        let sets = topology.topK.map { count in
            let heads = Array(ranked.prefix(count))
            return (
                heads: heads,
                random: RandomHeads(
                    matching: heads,
                    among: model.heads,
                    draws: topology.randomDraws,
                    seed: topology.seed
                )
            )
        }
        let passes = [[]] + sets.flatMap { [$0.heads] + $0.random.sets }
        var behaviours = interim.value ?? []
        while behaviours.count < passes.count {
            let done = behaviours.count
            behaviours += try copyBehaviours(
                of: model,
                on: tokens,
                excluding: reading.model.opened.specialTokenIDs,
                zeroing: Array(passes[done...].prefix(Self.passesTogether))
            ) { try progress((done + $0) * tokens.count, passes.count * tokens.count) }
            try interim.keep(behaviours)
        }
        let base = behaviours[0]
        self.base = Level(base)
        var read = behaviours.dropFirst()
        var isMatched = true
        tests = try sets.map { heads, random in
            let ablated = read.removeFirst()
            let others = Array(read.prefix(random.sets.count))
            read.removeFirst(others.count)
            guard
                let effect = AblationEffect(base: base, ablated: ablated, random: others, reading.bootstrap)
            else { throw TopologyError.nothingToCopy(prompts: topology.prompts.description) }
            isMatched = isMatched && random.isLayerMatched
            return Test(heads: heads.sorted(), random: random, ablated: Level(ablated), effect: effect)
        }
        notes =
            subject.notes
            + (isMatched
                ? []
                : ["Some layers have too few other heads: random heads were drawn from all layers there."])
    }
}
