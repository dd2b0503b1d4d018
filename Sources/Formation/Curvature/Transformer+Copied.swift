// A model's weights once more, perhaps in another type.
import Torch
import Transformers

extension Transformer {
    /// The same model with storage of its own; a tied unembedding stays tied.
    ///
    /// - Throws: what is wrong with the files, where blocks are read as they are needed.
    func copied(as dtype: DType) throws -> Transformer {
        func copy(_ tensor: Tensor) -> Tensor {
            let source = tensor.detached()
            return source.dtype == dtype ? source.copy() : source.to(dtype)
        }
        func copy(_ linear: Linear) -> Linear {
            Linear(weight: copy(linear.weight), bias: linear.bias.map(copy))
        }
        func copy(_ norm: NormWeights) -> NormWeights {
            NormWeights(weight: norm.weight.map(copy), bias: norm.bias.map(copy))
        }
        let blocks = try (0..<weights.blocks.count).map { layer in
            // What is not named here stays as it is: the check below finds it.
            var block = try weights.blocks[layer]
            block.norm1 = copy(block.norm1)
            block.attention.qkv = copy(block.attention.qkv)
            block.attention.output = copy(block.attention.output)
            block.attention.queryNorm = copy(block.attention.queryNorm)
            block.attention.keyNorm = copy(block.attention.keyNorm)
            block.attention.smear = block.attention.smear.map(copy)
            block.norm1Post = copy(block.norm1Post)
            block.norm2 = copy(block.norm2)
            block.mlp = block.mlp.map {
                MLPWeights(gate: $0.gate.map(copy), up: copy($0.up), down: copy($0.down))
            }
            block.norm2Post = copy(block.norm2Post)
            return block
        }
        let embedding = copy(weights.embedding)
        let unembedding = weights.unembedding
        let result = Transformer(
            config: config,
            weights: TransformerWeights(
                embedding: embedding,
                positions: weights.positions.map(copy),
                blocks: blocks,
                finalNorm: copy(weights.finalNorm),
                unembedding: Linear(
                    weight: config.tiesUnembedding ? embedding : copy(unembedding.weight),
                    bias: unembedding.bias.map(copy)
                )
            )
        )
        precondition(
            result.parameters.allSatisfy { $0.dtype == dtype && !$0.requiresGradient },
            "a parameter was not copied"
        )
        return result
    }
}
