// lagbuckets_<model>.json: the profile of short lags beside that of long ones.
public import Induction
import Transformers

/// A model's profiles by lag.
public struct LagResult: Codable, Equatable, Sendable {
    /// One range of lags.
    public struct Bucket: Codable, Equatable, Sendable {
        /// The lags.
        public let lags: LagBucket
        /// Pairs in it.
        public let pairs: Int
        /// The chosen score as [layer][head]; nil without pairs.
        public let scores: [[Double]]?
        /// The `topq` profile; nil without pairs.
        public let top: ProfileEstimate?
    }

    /// Which model, which prompts.
    public let subject: ModelSubject
    /// Ranges, the shortest lags first.
    public let buckets: [Bucket]
    /// What a reader must know.
    public let notes: [String]

    init(_ reading: ModelReading, _ topology: Topology, _ index: Int) throws {
        let collected = reading.collected
        let subject = ModelSubject(reading, topology, index)
        self.subject = subject
        buckets = collected.buckets.map { bucket in
            let sums = bucket.scores[topology.score] ?? PromptSums()
            return Bucket(
                lags: bucket.lags,
                pairs: sums.counts.reduce(0, +),
                scores: collected.matrix(sums),
                top: collected.profile(sums, by: topology.reduction, reading.bootstrap)
            )
        }
        guard buckets.contains(where: { $0.pairs > 0 }) else {
            throw TopologyError.nothingToScore(topology.score, prompts: topology.prompts.description)
        }
        notes =
            subject.notes
            + buckets.filter { $0.pairs == 0 }.map { "The prompts have no pair with a lag of \($0.lags)." }
    }
}
