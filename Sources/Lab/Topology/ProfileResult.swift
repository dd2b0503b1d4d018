// profile_<model>.json: every head's scores and their profile over the layers.
public import Induction
import Transformers

/// A model's profile.
public struct ProfileResult: Codable, Equatable, Sendable {
    /// Which model, which prompts.
    public let subject: ModelSubject
    /// Each score as [layer][head], means over all positions of all prompts; missing where there was nothing to average.
    public let scores: [HeadScore: [[Double]]]
    /// The profile of the chosen score: a layer's value is the mean of its highest heads (`topq`).
    public let top: ProfileEstimate
    /// The same with the mean of all heads, with confidence intervals.
    public let mean: ProfileEstimate
    /// The seed's spread of peak and bandwidth, from resampling layers.
    public let seedLayerBootstrap: SeedLayerBootstrap
    /// What a reader must know.
    public let notes: [String]

    init(_ reading: ModelReading, _ topology: Topology, _ index: Int) throws {
        let collected = reading.collected
        subject = ModelSubject(reading, topology, index)
        scores = collected.scores.compactMapValues(collected.matrix)
        guard let sums = collected.scores[topology.score],
            let top = collected.profile(sums, by: topology.reduction, reading.bootstrap),
            let mean = collected.profile(sums, by: .mean, reading.bootstrap)
        else { throw TopologyError.nothingToScore(topology.score, prompts: topology.prompts.description) }
        self.top = top
        self.mean = mean
        seedLayerBootstrap = SeedLayerBootstrap(
            top.profile,
            resamples: topology.resamples,
            seed: topology.seed
        )
        notes = subject.notes
    }

    /// The chosen score as [layer][head].
    var matrix: [[Double]] { scores[subject.score] ?? [] }
}

/// The profiles of several models, compared.
public struct OverlayResult: Codable, Equatable, Sendable {
    /// One model of the comparison.
    public struct Member: Codable, Equatable, Sendable {
        /// Its label.
        public let model: String
        /// Number of blocks.
        public let layers: Int
        /// Query heads a block.
        public let heads: Int
        /// Expected `topq` over random subsets of as many heads as the narrowest model has.
        public let equalNumber: DepthProfile
        /// Layer of its peak.
        public let peakLayer: Int
        /// The same as a share of the depth, 0 to 1.
        public let peakRel: Double
        /// The seed's peak_layer / L.
        public let peakOverLayers: Double
        /// Share of the layers that hold the central 68%.
        public let bandwidth: Double
    }

    /// Whether two models were compared, or any number.
    public let command: Topology.Question
    /// Which score.
    public let score: HeadScore
    /// Heads a layer that every model is judged by.
    public let headsCompared: Int
    /// The quantile of `topq`.
    public let quantile: Double
    /// One a model, in order.
    public let models: [Member]

    init(_ profiles: [ProfileResult], _ topology: Topology) {
        command = topology.question
        score = topology.score
        quantile = topology.quantile
        let count = profiles.map(\.subject.heads).min() ?? 1
        headsCompared = count
        models = profiles.map { result in
            let profile = equalNumberProfile(result.matrix, quantile: topology.quantile, count: count)
            return Member(
                model: result.subject.model,
                layers: result.subject.layers,
                heads: result.subject.heads,
                equalNumber: profile,
                peakLayer: profile.peakLayer,
                peakRel: profile.relativePeak,
                peakOverLayers: profile.seedRelativePeak,
                bandwidth: profile.bandwidth
            )
        }
    }
}
