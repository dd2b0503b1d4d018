// nulls_<model>.json: the profile against the shuffled-antecedent null and the head permutation.
public import Induction
public import Transformers

/// A model's profile against its nulls.
public struct NullsResult: Codable, Equatable, Sendable {
    /// Which model, which prompts.
    public let subject: ModelSubject
    /// The `topq` profile of the induction score.
    public let top: ProfileEstimate
    /// The shuffled-antecedent null of every head, and of the profile.
    public let shuffled: ShuffledNull
    /// Heads above the global quantile, layer by layer, against heads shuffled over all layers.
    public let permutation: HeadPermutation
    /// The seed's null: mean attention to a random earlier position instead of the copy, as [layer][head].
    public let seedAntecedent: [[Double]]?
    /// The seed's spread of peak and bandwidth, from resampling layers.
    public let seedLayerBootstrap: SeedLayerBootstrap
    /// Heads whose q is below 0.05, the highest score first.
    public let significant: [Head]
    /// What a reader must know.
    public let notes: [String]

    init(_ reading: ModelReading, _ topology: Topology, _ index: Int) throws {
        let collected = reading.collected
        subject = ModelSubject(reading, topology, index)
        guard let sums = collected.scores[.induction],
            let top = collected.profile(sums, by: topology.reduction, reading.bootstrap),
            let matrix = collected.matrix(sums)
        else { throw TopologyError.nothingToScore(.induction, prompts: topology.prompts.description) }
        guard
            let shuffled = collected.shuffledNull(
                reductions: [topology.reduction, .mean],
                seed: topology.seed
            )
        else { throw TopologyError.noNull(prompts: topology.prompts.description) }
        self.top = top
        self.shuffled = shuffled
        permutation = HeadPermutation(matrix, quantile: topology.quantile)
        seedAntecedent = collected.antecedent.flatMap(collected.matrix)
        seedLayerBootstrap = SeedLayerBootstrap(
            top.profile,
            resamples: topology.resamples,
            seed: topology.seed
        )
        significant = shuffled.heads.filter { $0.q < 0.05 }.sorted { $0.observed > $1.observed }.map(\.head)
        notes = subject.notes
    }
}
