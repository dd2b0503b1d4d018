// Blocks of parameters: what curvature can be restricted to.
//
// A block is a set of parameters of one role; together the blocks are all parameters, each once. The Hessian of a block is the
// sub-block of the whole Hessian on its parameters: how the loss bends when only they move.
import Torch
public import Transformers

/// A set of parameters with one role. Layers count from 0.
public enum ParameterBlock: Hashable, Sendable {
    /// Token embedding, and the unembedding where it is the same tensor.
    case embedding
    /// Learned position vectors.
    case positions
    /// Queries, keys, values and output of one layer's attention.
    case attention(layer: Int)
    /// One layer's MLP.
    case mlp(layer: Int)
    /// Gains and biases of one layer's norms.
    case norms(layer: Int)
    /// Gain and bias of the norm before the unembedding.
    case finalNorm
    /// Unembedding and its bias; only the bias where the matrix is the embedding.
    case unembedding
}

extension ParameterBlock: CustomStringConvertible {
    /// `embedding`, `positions`, `attention.0`, `mlp.0`, `norms.0`, `final-norm`, `unembedding`.
    public var description: String {
        switch self {
        case .embedding: "embedding"
        case .positions: "positions"
        case .attention(let layer): "attention.\(layer)"
        case .mlp(let layer): "mlp.\(layer)"
        case .norms(let layer): "norms.\(layer)"
        case .finalNorm: "final-norm"
        case .unembedding: "unembedding"
        }
    }
}

extension Transformer {
    /// The blocks that this model has, in the order of computation.
    public var parameterBlocks: [ParameterBlock] {
        var seen: Set<ParameterBlock> = []
        return parametersByBlock.map(\.block).filter { seen.insert($0).inserted }
    }

    /// One of this model's blocks by its name.
    ///
    /// - Throws: `CurvatureError.unknownBlock`.
    public func parameterBlock(named name: String) throws -> ParameterBlock {
        let blocks = parameterBlocks
        guard let block = blocks.first(where: { $0.description == name }) else {
            throw CurvatureError.unknownBlock(name, available: blocks.map(\.description))
        }
        return block
    }

    /// `parameters`, in their order, with the block of each.
    var parametersByBlock: [(block: ParameterBlock, tensor: Tensor)] {
        var result: [(block: ParameterBlock, tensor: Tensor)] = []
        func add(_ block: ParameterBlock, _ tensors: Tensor?...) {
            result += tensors.compactMap { tensor in tensor.map { (block, $0) } }
        }
        add(.embedding, weights.embedding)
        add(.positions, weights.positions)
        for (layer, block) in weights.blocks.resident.enumerated() {
            let attention = block.attention
            func addNorm(_ norm: NormWeights) { add(.norms(layer: layer), norm.weight, norm.bias) }
            addNorm(block.norm1)
            for map in [attention.qkv, attention.output] {
                add(.attention(layer: layer), map.weight, map.bias)
            }
            addNorm(attention.queryNorm)
            addNorm(attention.keyNorm)
            add(.attention(layer: layer), attention.smear)
            addNorm(block.norm1Post)
            addNorm(block.norm2)
            for map in [block.mlp?.gate, block.mlp?.up, block.mlp?.down] {
                add(.mlp(layer: layer), map?.weight, map?.bias)
            }
            addNorm(block.norm2Post)
        }
        add(.finalNorm, weights.finalNorm.weight, weights.finalNorm.bias)
        add(.unembedding, config.tiesUnembedding ? nil : weights.unembedding.weight, weights.unembedding.bias)
        return result
    }
}
