// Models with random weights, biases and gains.
import Torch
import Transformers

/// A random model: 2 layers of 6 heads of width 5, vocabulary 23, context 40, unless changed.
func randomModel(
    seed: UInt64,
    keyValueHeads: Int = 6,
    positions: Positions = .learned,
    tiesUnembedding: Bool = false,
    dMLP: Int = 0,
    dtype: DType = .float32
) -> Transformer {
    let config = TransformerConfig(
        family: "induct",
        layers: 2,
        heads: 6,
        keyValueHeads: keyValueHeads,
        dModel: 17,
        dHead: 5,
        dMLP: dMLP,
        vocabularySize: 23,
        context: 40,
        normalization: .layerNorm(epsilon: 1e-5),
        positions: positions,
        tiesUnembedding: tiesUnembedding,
        bosTokenID: 22
    )
    let random = RandomSource(seed: seed)
    func normal(_ shape: Int..., scale: Double = 1) -> Tensor { random.normal(shape, dtype: dtype) * scale }
    func linear(_ out: Int, _ input: Int) -> Linear {
        Linear(weight: normal(out, input, scale: 0.4), bias: normal(out, scale: 0.3))
    }
    func norm() -> NormWeights {
        NormWeights(weight: normal(config.dModel, scale: 0.4) + 1, bias: normal(config.dModel, scale: 0.3))
    }
    let width = config.heads * config.dHead
    let embedding = normal(config.vocabularySize, config.dModel)
    return Transformer(
        config: config,
        weights: TransformerWeights(
            embedding: embedding,
            positions: positions == .learned ? normal(config.context, config.dModel) : nil,
            blocks: (0..<config.layers).map { _ in
                BlockWeights(
                    norm1: norm(),
                    attention: AttentionWeights(
                        qkv: linear(width + 2 * keyValueHeads * config.dHead, config.dModel),
                        output: linear(config.dModel, width)
                    ),
                    norm2: dMLP == 0 ? NormWeights() : norm(),
                    mlp: dMLP == 0
                        ? nil : MLPWeights(up: linear(dMLP, config.dModel), down: linear(config.dModel, dMLP))
                )
            },
            finalNorm: norm(),
            unembedding: Linear(
                weight: tiesUnembedding ? embedding : normal(config.vocabularySize, config.dModel),
                bias: nil
            )
        )
    )
}

/// Random prompts of unequal lengths over few ids, so that many repeat; each begins with `bos`, which comes again.
func randomPrompts(count: Int, ids: Int = 9, bos: Int = 22, lengths: Range<Int>, seed: UInt64) -> [[Int]] {
    let random = RandomSource(seed: seed)
    let sizes = random.integers(lengths, [count]).ints
    return sizes.map { [bos] + random.integers(0..<ids, [$0 - 1]).ints.map { $0 == 0 ? bos : $0 } }
}
