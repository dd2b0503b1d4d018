// Losses, gradients and Hessians recorded from PyTorch; see Scripts/references/curvature_references.py. And matrices whose
// spectrum is known.
import Foundation
import Testing
import Torch
import Transformers

@testable import Formation

struct CurvatureFixture: Decodable, Sendable, CustomTestStringConvertible {
    struct Config: Decodable, Sendable {
        let n_layers, n_heads, d_model, d_head, d_vocab, n_ctx, d_mlp: Int
        let layer_norm_eps: Double
        let positions, activation: String
        let rotary_dim: Int?
        let rotary_base: Double?
        let tie_embeddings, attention_bias: Bool
    }

    let name: String
    let config: Config
    let prompts: [[Int]]
    let weights, gradient, eigenvalues: Data
    let products: [Data]
    let loss: Double

    static let all: [CurvatureFixture] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/curvature.json")
        do {
            return try JSONDecoder().decode([CurvatureFixture].self, from: Data(contentsOf: file))
        } catch {
            Issue.record(error)
            return []
        }
    }()

    var testDescription: String { name }

    static func numbers(_ data: Data) -> Tensor {
        Tensor(data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) })
    }

    /// The model, float64.
    func model() throws -> Transformer {
        let shape = TransformerConfig(
            family: "induct",
            layers: config.n_layers,
            heads: config.n_heads,
            dModel: config.d_model,
            dHead: config.d_head,
            dMLP: config.d_mlp,
            vocabularySize: config.d_vocab,
            context: config.n_ctx,
            normalization: .layerNorm(epsilon: config.layer_norm_eps),
            positions: config.rotary_dim.map {
                .rotary(Rotary(dimensions: $0, base: config.rotary_base ?? 0))
            }
                ?? .learned,
            activation: config.activation == "silu" ? .silu : .geluTanh,
            biases: config.attention_bias ? [.attention, .mlp, .norms] : [.mlp, .norms],
            tiesUnembedding: config.tie_embeddings
        )
        let model = try Transformer.initialized(shape, using: RandomSource(seed: 0)).copied(as: .float64)
        let vector = Self.numbers(weights)
        var start = 0
        for parameter in model.parameters {
            parameter.assign(vector[start..<start + parameter.count].reshape(parameter.shape))
            start += parameter.count
        }
        try #require(start == vector.count)
        return model
    }

    func hessian(blocks: [ParameterBlock]? = nil, dtype: DType? = nil) throws -> HessianOperator {
        try HessianOperator(model(), on: Tokens(prompts), blocks: blocks, dtype: dtype)
    }
}

/// A matrix that is there.
struct DenseMatrix: SymmetricOperator {
    let matrix: Tensor
    var dimension: Int { matrix.size(0) }
    var dtype: DType { matrix.dtype }
    var device: Device { matrix.device }

    func callAsFunction(_ vector: Tensor) -> Tensor { matrix.matmul(vector) }

    init(_ matrix: Tensor) {
        self.matrix = matrix
    }

    /// Of these eigenvalues, with random eigenvectors.
    init(eigenvalues: [Double], seed: UInt64, dtype: DType = .float64) {
        let count = eigenvalues.count
        let vectors = RandomSource(seed: seed).normal([count, count], dtype: .float64).qr().q
        let product = (vectors * Tensor(eigenvalues)).matmul(vectors.mT)
        matrix = ((product + product.mT) / 2).to(dtype)
    }

    /// An operator as a matrix, column by column.
    init(of operation: any SymmetricOperator) {
        let count = operation.dimension
        let unit = Tensor.zeros([count, count], dtype: operation.dtype)
        for i in 0..<count { unit[i][i..<i + 1].fill(1) }
        matrix = operation.products(unit)
    }

    /// Ascending.
    var eigenvalues: [Double] { ((matrix + matrix.mT) / 2).eigh().values.doubles }
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0 : .infinity
}
