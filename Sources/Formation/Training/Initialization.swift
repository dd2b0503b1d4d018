// Random weights for a new model, as GPT-2 starts: normal with standard deviation 0.02, the maps that write to the
// residual stream divided by sqrt(2 layers), gains 1, biases 0. Learned positions start as sinusoids (Vaswani et al.
// 2017), from which a head that looks at the previous position forms sooner than from noise. Smeared keys start as an
// even mix of a key and the one before it (a = 0): Olsson et al. 2022 do not say where theirs start; from here both ways
// are as far, and the gradient of the mix is the largest.
public import Torch
public import Transformers

extension Transformer {
    /// A model with fresh weights, float32 on the processor.
    ///
    /// - Parameters:
    ///   - config: of any family; rotary tables and the like follow from it.
    ///   - deviation: standard deviation of the maps that read the residual stream.
    public static func initialized(
        _ config: TransformerConfig,
        deviation: Double = 0.02,
        using random: RandomSource
    ) -> Transformer {
        func normal(_ shape: [Int], _ scale: Double = 1) -> Tensor {
            random.normal(shape) * (deviation * scale)
        }
        func norm() -> NormWeights {
            guard config.normalization != .none else { return NormWeights() }
            return NormWeights(weight: .ones([config.dModel]), bias: .zeros([config.dModel]))
        }
        func linear(_ out: Int, _ input: Int, _ scale: Double = 1, bias: Bool = true) -> Linear {
            Linear(weight: normal([out, input], scale), bias: bias ? .zeros([out]) : nil)
        }
        let writing = 1 / (2 * Double(config.layers)).squareRoot()
        let width = config.heads * config.dHead
        let blocks = (0..<config.layers).map { _ in
            BlockWeights(
                norm1: norm(),
                attention: AttentionWeights(
                    qkv: linear(
                        (config.heads + 2 * config.keyValueHeads) * config.dHead,
                        config.dModel,
                        bias: config.biases.contains(.queryKeyValue)
                    ),
                    output: linear(
                        config.dModel,
                        width,
                        writing,
                        bias: config.biases.contains(.attentionOutput)
                    ),
                    smear: config.smearsKeys ? .zeros([config.keyValueHeads]) : nil
                ),
                norm2: config.isAttentionOnly ? NormWeights() : norm(),
                mlp: config.isAttentionOnly
                    ? nil
                    : MLPWeights(
                        up: linear(config.dMLP, config.dModel),
                        down: linear(config.dModel, config.dMLP, writing)
                    )
            )
        }
        let embedding = normal([config.vocabularySize, config.dModel])
        return Transformer(
            config: config,
            weights: TransformerWeights(
                embedding: embedding,
                positions: config.positions == .learned
                    ? Positions.sinusoids(0..<config.context, width: config.dModel) * deviation : nil,
                blocks: blocks,
                finalNorm: norm(),
                unembedding: config.tiesUnembedding
                    ? Linear(weight: embedding, bias: .zeros([config.vocabularySize]))
                    : linear(config.vocabularySize, config.dModel)
            )
        )
    }
}

extension Transformer {
    /// Every tensor that training changes, block by block; a tied unembedding once.
    public var parameters: [Tensor] { parametersByBlock.map(\.tensor) }

    /// How many numbers these are.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}
