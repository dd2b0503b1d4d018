// Direct logit attribution (Elhage et al. 2021, "Interpreting the output"; Wang et al. 2022, section 3): what each
// component writes toward an answer and away from a foil.
//
// Quantity: for a write c to the residual stream at the position that is read, ((c - mean c) * gamma / sigma) . d with
// d = W_U[answer] - W_U[foil] and the final norm's gamma and, frozen, sigma (RMS norms do not centre). Unit: logits,
// unbounded, positive for the answer. Where attention's write passes a norm of its own, each head's share passes it
// with that norm's sigma frozen. With the final norm's bias . d and the difference of the unembedding's biases the
// terms add up to the logit difference; to that before the soft-cap, where the model caps its logits. It shows what is
// written directly; not what a component causes through later ones, nor what it does to sigma.
public import Transformers

/// What writes to the residual stream, or adds to the logits at its end.
public struct DirectComponent: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Which part.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The token embedding.
        case embedding
        /// The position embedding, where positions are learned.
        case positionEmbedding = "position-embedding"
        /// What one head writes.
        case head
        /// What attention writes whatever the heads do: the output's bias, with that of the norm after it.
        case attentionBias = "attention-bias"
        /// What an MLP writes, biases included.
        case mlp
        /// The final norm's bias.
        case finalNormBias = "final-norm-bias"
        /// The unembedding's bias.
        case unembeddingBias = "unembedding-bias"
    }

    /// Which part.
    public var kind: Kind
    /// In which block, from 0; nil outside the blocks.
    public var layer: Int?
    /// Which head of the block, from 0; nil for other parts.
    public var head: Int?

    /// All fields.
    public init(_ kind: Kind, layer: Int? = nil, head: Int? = nil) {
        self.kind = kind
        self.layer = layer
        self.head = head
    }

    /// Such as `embedding`, `L3H1`, `L3 mlp`.
    public var description: String {
        guard let layer else { return kind.rawValue }
        return head.map { Head(layer: layer, index: $0).description } ?? "L\(layer) \(kind.rawValue)"
    }
}

/// The terms of one prediction.
public struct DirectReading: Sendable, Equatable, Codable {
    /// Which prediction.
    public var cell: OutputCell
    /// The id that is right.
    public var answer: Int
    /// The id that it is compared with: the one given, else the most probable one other than the answer.
    public var foil: Int
    /// Logit of the answer minus logit of the foil, before the soft-cap: what the terms add up to.
    public var logitDifference: Double
    /// The same after the soft-cap; nil in models without one.
    public var cappedLogitDifference: Double?
    /// One number a component.
    public var terms: [Double]
}

/// Direct logit attribution at chosen predictions.
public struct DirectLogitAttribution: Sendable, Equatable, Codable {
    /// What the terms belong to, in the order in which the model computes them.
    public var components: [DirectComponent]
    /// In the order of the targets.
    public var readings: [DirectReading]
    /// Prompts that the targets were chosen from.
    public var promptCount: Int

    /// Each component's mean over all readings, with a BCa interval over prompts.
    ///
    /// - Parameter bootstrap: resamples of the prompts that the targets were chosen from.
    public func means(_ bootstrap: PromptBootstrap) -> [Estimate] {
        estimates(bootstrap) { $0.terms }
    }

    /// The mean logit difference before the soft-cap, which the means of the terms add up to.
    ///
    /// - Parameter bootstrap: resamples of the prompts that the targets were chosen from.
    public func meanLogitDifference(_ bootstrap: PromptBootstrap) -> Estimate {
        estimates(bootstrap) { [$0.logitDifference] }[0]
    }

    private func estimates(_ bootstrap: PromptBootstrap, _ values: (DirectReading) -> [Double]) -> [Estimate]
    {
        precondition(bootstrap.promptCount == promptCount, "resamples of other prompts")
        let width = readings.first.map { values($0).count } ?? 1
        var sums = [[Double]](repeating: Array(repeating: 0, count: width), count: promptCount)
        var counts = [Int](repeating: 0, count: promptCount)
        for reading in readings {
            counts[reading.cell.prompt] += 1
            for (index, value) in values(reading).enumerated() { sums[reading.cell.prompt][index] += value }
        }
        return bootstrap.estimates(sums: sums, counts: counts)
    }
}
