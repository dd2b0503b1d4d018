// QK and OV circuits of every head (`Circuit.swift` says what is reported, `HeadFactors.swift` what is folded in).
//
// With rotary positions a QK circuit depends on how far the key stands before the query: it is reported for each offset
// asked for. The score's scale and cap are left out; both keep the sign of what they act on. Where queries and keys are
// normalised, the gains are folded in and the scales, which differ from token to token, are ignored. Biases of queries,
// keys and values are ignored.
//
// Smeared keys (`AttentionWeights.smear`) make a score the sum of two: what the query makes of the key's own token, times
// `ownKeyShare`, and what it makes of the token before it, times the rest. Both are by the same map, with the rotation of
// the key's place, so there is one QK circuit, of keys before they are smeared; each share scales its eigenvalues and norm
// and leaves its score, and composition, as they are. Where keys are normalised the mix is no linear map: the norm acts
// after it.
import Torch
public import Transformers

/// A QK circuit at one distance.
public struct OffsetCircuit: Sendable, Equatable, Codable {
    /// How many places the key stands before the query; nil where the circuit is the same at all distances.
    public var offset: Int?
    /// W_E W_QK W_E^T.
    public var circuit: Circuit
}

/// The circuits of one head.
public struct HeadCircuits: Sendable, Equatable, Codable {
    /// Which head.
    public var head: Head
    /// W_E W_OV W_U; its score is the copying score.
    public var ov: Circuit
    /// W_E W_QK W_E^T at each offset; its score says whether a token looks at copies of itself.
    public var qk: [OffsetCircuit]
    /// The share of a key that is its own token's, where keys are smeared; the token before it has the rest.
    public var ownKeyShare: Double?
}

extension Transformer {
    /// The circuits of every head, block by block.
    ///
    /// - Parameters:
    ///   - offsets: distances from key to query for rotary models; others have one circuit for all distances.
    ///   - progress: called with the number of layers done; what it throws ends the work.
    /// - Throws: what is wrong with the files, where blocks are read as they are needed, and what `progress` throws.
    public func headCircuits(
        offsets: [Int] = [0, 1],
        progress: (Int) throws -> Void = { _ in }
    ) throws -> [HeadCircuits] {
        let copying = unembeddingTimesEmbedding()
        let matching =
            Self.vocabularyProduct(weights.embedding, weights.embedding)
            * (config.embeddingScale * config.embeddingScale)
        return try (0..<config.layers).flatMap { layer in
            let factors = try HeadFactors(self, layer: layer)
            let ov = factors.ov(through: copying)
            let qk = config.rotations(of: layer, offsets: offsets).map { offset, rotation in
                (offset, factors.qk(through: matching, rotation: rotation))
            }
            try progress(layer + 1)
            return ov.indices.map { head in
                HeadCircuits(
                    head: Head(layer: layer, index: head),
                    ov: ov[head],
                    qk: qk.map { OffsetCircuit(offset: $0, circuit: $1[head]) },
                    ownKeyShare: factors.ownKeyShares?[head]
                )
            }
        }
    }
}

extension TransformerConfig {
    /// The rotation of each offset, or nothing for all of them where positions are not rotary.
    func rotations(of layer: Int, offsets: [Int]) -> [(offset: Int?, rotation: Tensor?)] {
        guard case .rotary = positions else { return [(nil, nil)] }
        return offsets.map { ($0, rotationMatrix(of: layer, offset: $0)) }
    }
}
