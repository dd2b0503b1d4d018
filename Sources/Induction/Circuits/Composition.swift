// Composition of pairs of heads (Elhage et al. 2021, "Three kinds of composition"): how far what an earlier head writes
// is what a later head reads.
//
// Quantity: for an earlier head 1 and a head 2 of a later layer, with Frobenius norms,
//   Q  |W_OV1 W_QK2| / (|W_OV1| |W_QK2|)      queries of head 2
//   K  |W_OV1 W_QK2^T| / (|W_OV1| |W_QK2|)    keys of head 2
//   V  |W_OV1 W_OV2| / (|W_OV1| |W_OV2|)      values of head 2
// minus the mean of the same ratio over draws of Gaussian W_Q, W_K, W_V, W_O of the same shapes. The ratio lies in
// 0..1, so scores in -mean..1-mean; 0 is what random heads have. That mean is one number for all three kinds and all
// offsets: each product has two Gaussian maps of d_model x d_head on either side, and turning one leaves its
// distribution as it is. With rotary positions W_QK depends on the offset from key to query; what an induction head
// reads by key stands lag - 1 places back. Smeared keys change no ratio: W_K acts on the key's own token and on the one
// before it, times a number each. Gains are folded in, biases and the norms' scales are not
// (`HeadFactors.swift`). A high score shows that two heads share a subspace, not that anything passes through it.
public import Transformers

/// Which input of the later head takes what the earlier one writes.
public enum CompositionKind: String, Sendable, Codable, CaseIterable {
    /// Queries.
    case q
    /// Keys.
    case k
    /// Values.
    case v
}

/// Scores of all pairs of one kind.
public struct CompositionMatrix: Sendable, Equatable, Codable {
    /// Which input.
    public var kind: CompositionKind
    /// How many places the key stands before the query; nil where it makes no difference.
    public var offset: Int?
    /// [earlier][later], both in the order of `Composition.heads`; nil unless the later head's layer is later, and
    /// where one of the two circuits is zero.
    public var scores: [[Double?]]
}

/// A pair of heads and its score.
public struct CompositionPair: Sendable, Equatable, Codable {
    /// The one that writes.
    public var earlier: Head
    /// The one that reads.
    public var later: Head
    /// Ratio minus the random mean.
    public var score: Double
}

/// Composition of every pair of heads.
public struct Composition: Sendable, Equatable, Codable {
    /// Every head, block by block.
    public var heads: [Head]
    /// By kind, and by offset where there are several.
    public var matrices: [CompositionMatrix]
    /// What was taken off every ratio.
    public var randomMean: Double
    /// Number of draws that it is the mean of.
    public var draws: Int

    /// The pairs of one matrix that have a score, the highest first.
    public func ranked(_ matrix: CompositionMatrix) -> [CompositionPair] {
        zip(heads, matrix.scores).flatMap { earlier, row in
            zip(heads, row).compactMap { later, score in
                score.map { CompositionPair(earlier: earlier, later: later, score: $0) }
            }
        }.sorted { ($1.score, $0.earlier, $0.later) < ($0.score, $1.earlier, $1.later) }
    }
}
