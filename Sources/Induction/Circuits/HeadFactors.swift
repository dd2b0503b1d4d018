// The four maps of each head, as circuits read them.
//
// Row-vector convention: x W_Q with W_Q [d_model, d_head], z W_O with W_O [d_head, d_model]; W_QK = W_Q R W_K^T with
// the rotation R of rotary models, W_OV = W_V W_O. Folded in: the gains of the norms before and after attention and,
// where queries and keys are normalised, of their norms. Not folded in: what is no linear map without a run (the
// centring and scale of every norm), and biases. W_K gives keys before they are smeared. Query heads that share a key/value head each get a copy.
import Torch
import Transformers

/// The maps of all heads of one layer, float64 on the processor: not every device has it.
struct HeadFactors {
    /// [head, d_model, d_head]
    let q: Tensor
    /// [head, d_model, d_head]
    let k: Tensor
    /// [head, d_model, d_head]
    let v: Tensor
    /// [head, d_head, d_model]
    let o: Tensor
    /// The share of each head's key that is its own token's, where keys are smeared.
    let ownKeyShares: [Double]?

    /// - Throws: what is wrong with the files, where blocks are read as they are needed.
    init(_ model: Transformer, layer: Int) throws {
        let (config, block) = (model.config, try model.weights.blocks[layer])
        let (heads, groups, width) = (config.heads, config.keyValueHeads, config.dHead)
        let stacked = block.attention.qkv.weight.doubled  // [(h + 2g) e, d]
        let gain = block.norm1.weight?.doubled.unsqueeze(1)  // [d, 1]
        func part(_ first: Int, _ count: Int) -> Tensor {
            let maps = stacked[first * width..<(first + count) * width]
                .reshape(count, width, config.dModel).mT  // [count, d, e]
            return gain.map { maps * $0 } ?? maps
        }
        // [head, 1, e], or [1, 1, e] where heads share the gain
        func folded(_ maps: Tensor, _ norm: NormWeights) -> Tensor {
            norm.weight.map { maps * $0.doubled.reshape(-1, 1, width) } ?? maps
        }
        let shared = Tensor((0..<heads).map { $0 * groups / heads })
        q = folded(part(0, heads), block.attention.queryNorm)
        k = folded(part(heads, groups), block.attention.keyNorm).indexSelect(0, shared)
        v = part(heads + groups, groups).indexSelect(0, shared)
        // [d, h e] -> [h, e, d]
        let output = block.attention.output.weight.doubled
            .reshape(config.dModel, heads, width).permute(1, 2, 0)
        ownKeyShares = block.attention.smear?.doubled.sigmoid().indexSelect(0, shared).doubles
        o = block.norm1Post.weight.map { output * $0.doubled } ?? output
    }
}

extension Tensor {
    /// In float64 on the processor.
    var doubled: Tensor { to(device: .cpu).to(.float64) }
}

extension Transformer {
    /// W^T U over the vocabulary, [d_model, d_model] in float64, for W and U [vocab, d_model]; some rows at a time, so
    /// that no second copy of a vocabulary is made.
    static func vocabularyProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
        let result = Tensor.zeros([a.size(1), b.size(1)], dtype: .float64)
        let size = 4096
        for start in stride(from: 0, to: a.size(0), by: size) {
            let rows = start..<min(start + size, a.size(0))
            result.addInPlace(a[rows].doubled.mT.matmul(b[rows].doubled))
        }
        return result
    }

    /// W_U W_E with the final norm's gain and the embedding's scale, [d_model, d_model].
    func unembeddingTimesEmbedding() -> Tensor {
        let product =
            Self.vocabularyProduct(weights.unembedding.weight, weights.embedding) * config.embeddingScale
        return weights.finalNorm.weight.map { $0.doubled.unsqueeze(1) * product } ?? product
    }
}
