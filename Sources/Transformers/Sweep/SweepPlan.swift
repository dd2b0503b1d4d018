// How a sweep is cut into pieces that fit in memory: prompts first, then variations.
public import Torch

extension Device {
    /// Bytes that a sweep's activations take where nobody says otherwise: a quarter of what is free, rounded down to a power
    /// of two, so that two runs on one machine cut their work in the same way; 1 GiB where the system does not tell.
    ///
    /// - Parameter reserved: bytes of what will have been loaded by then.
    public func usualSweepBudget(reserved: Int = 0) -> Int {
        guard let freeMemory else { return 1 << 30 }
        let quarter = UInt(max(freeMemory - reserved, 4) / 4)
        return 1 << (UInt.bitWidth - 1 - quarter.leadingZeroBitCount)
    }
}

/// Prompts at a time, and rows of a batch.
struct SweepPlan {
    /// Prompts whose base run is kept at once.
    let prompts: Int
    /// Token rows of a batch of variations.
    let tokens: Int
    /// Rows of logits at once.
    let outputs: Int
    /// Whether weights are kept a second time, in oneDNN's order.
    let packsWeights: Bool

    /// Beyond this many tokens a larger batch is no faster.
    private static let usefulTokens = 2048
    /// Nor are more rows of logits.
    private static let usefulOutputs = 128
    /// A weight that is used less often than this costs more time to reorder than that saves.
    private static let usesWorthPacking = 8

    init(
        _ model: Transformer,
        _ prompts: Tokens,
        _ variations: [SweepVariation],
        needs: SweepBase.Needs,
        budget: Int
    ) {
        let (config, length) = (model.config, prompts.length)
        let size = model.dtype.size
        let weights =
            size * model.weights.blocks.resident.reduce(0) { $0 + $1.elementCount }
            + size * model.weights.unembedding.weight.shape.reduce(1, *)
        let rows = variations.reduce(length) { $0 + length - $1.firstPosition } * prompts.count
        let uses = rows / Self.usefulTokens
        packsWeights = uses >= Self.usesWorthPacking && weights <= budget / 2
        let left = packsWeights ? budget - weights : budget
        // The widest activation and those it is made of; and scores, where attention is not fused.
        let hidden = config.dMLP * (config.isGated ? 3 : 2)
        let qkv = (2 * config.heads + 2 * config.keyValueHeads) * config.dHead
        let token = size * (4 * config.dModel + max(hidden, 2 * qkv) + 3 * config.heads * length)
        let states = needs.streams.count + 2 * needs.mixed.count
        let past = needs.firstKeyValues.map { config.layers - $0 } ?? 0
        let kept =
            size
            * (states * config.dModel * (length - min(needs.firstPosition, length))
                + past * (config.smearsKeys ? 3 : 2) * config.keyValueHeads * config.dHead
                * needs.pastPositions)
        let most = max(1, min(left / 2 / max(kept + token * length, 1), 2 * Self.usefulTokens / length))
        let pieces = (prompts.count + most - 1) / most
        self.prompts = (prompts.count + pieces - 1) / pieces
        tokens = max(1, min(left / 2 / token, Self.usefulTokens))
        outputs = max(1, min(left / 4 / (16 * config.vocabularySize), Self.usefulOutputs))
    }
}

extension BlockWeights {
    /// Elements of the products' weights.
    fileprivate var elementCount: Int {
        [attention.qkv, attention.output, mlp?.gate, mlp?.up, mlp?.down].reduce(0) {
            $0 + ($1?.weight.shape.reduce(1, *) ?? 0)
        }
    }
}
