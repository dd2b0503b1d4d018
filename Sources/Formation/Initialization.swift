// Random weights for a new model, as GPT-2 starts: normal with standard deviation 0.02, the maps that write to the
// residual stream divided by sqrt(2 layers), gains 1, biases 0. Learned positions start as sinusoids (Vaswani et al.
// 2017), from which a head that looks at the previous position forms sooner than from noise.
public import Torch
public import Transformers

extension Transformer {
    /// A model with fresh weights, float32 on the processor; unembedding and embedding are not tied.
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
        func linear(_ out: Int, _ input: Int, _ scale: Double = 1) -> Linear {
            Linear(weight: normal([out, input], scale), bias: .zeros([out]))
        }
        let writing = 1 / (2 * Double(config.layers)).squareRoot()
        let width = config.heads * config.dHead
        let blocks = (0..<config.layers).map { _ in
            BlockWeights(
                norm1: norm(),
                attention: AttentionWeights(
                    qkv: linear((config.heads + 2 * config.keyValueHeads) * config.dHead, config.dModel),
                    output: linear(config.dModel, width, writing)
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
        return Transformer(
            config: config,
            weights: TransformerWeights(
                embedding: normal([config.vocabularySize, config.dModel]),
                positions: config.positions == .learned
                    ? sinusoids(config.context, config.dModel) * deviation : nil,
                blocks: blocks,
                finalNorm: norm(),
                unembedding: linear(config.vocabularySize, config.dModel)
            )
        )
    }
}

/// Sines, then cosines, of position * 10000^(-i / (width / 2)): [length, width], float32.
private func sinusoids(_ length: Int, _ width: Int) -> Tensor {
    let half = width / 2
    let exponents = Tensor.range(to: half, dtype: .float64) * (-1 / Double(half))
    let frequencies = Tensor.full([half], 10_000, dtype: .float64).pow(exponents)
    let angles = Tensor.range(to: length, dtype: .float64).unsqueeze(1) * frequencies
    return .cat([angles.sin(), angles.cos()], axis: 1).to(.float32)
}

extension TransformerWeights {
    /// Every tensor that training changes, in the order of computation; a tied unembedding once.
    public var parameters: [Tensor] {
        var result: [Tensor?] = [embedding, positions]
        for block in blocks {
            result += [block.norm1.weight, block.norm1.bias]
            result += [block.attention.qkv, block.attention.output].flatMap { [$0.weight, $0.bias] }
            result += [block.norm2.weight, block.norm2.bias]
            if let mlp = block.mlp { result += [mlp.up, mlp.down].flatMap { [$0.weight, $0.bias] } }
        }
        return (result + [finalNorm.weight, finalNorm.bias, unembedding.weight, unembedding.bias]).compactMap(
            \.self
        )
    }
}
