// The Hessian H of the mean next-token loss of a model on a fixed batch, by its products with vectors.
//
// Hv is the gradient of (gradient . v), by double backward: exact to rounding, nothing is approximated. The graph of
// the gradient is recorded once and walked for each product. Loss in nats a token, H in nats a token per squared unit of
// a parameter; dropout is off. Parameters are one vector, in the order of `Transformer.parameters`, each tensor row-major. On
// blocks of parameters H is the sub-block of the whole: the others do not move.
//
// The batch is fixed: what holds for it need not hold for the loss on all data, and eigenvalues of the mean over few
// sequences are larger than those over many.
public import Torch
public import Transformers

/// The Hessian on a batch. Keeps a copy of the weights: training can go on meanwhile.
public final class HessianOperator: SymmetricOperator {
    /// The mean loss, in nats a token.
    public let loss: Double
    /// Its gradient, [n].
    public let gradient: Tensor
    /// Number of parameters.
    public let dimension: Int
    /// What is differentiated.
    private let parameters: [Tensor]
    /// Gradients that depend on the parameters, with their graph, and the places of all in the vector.
    private let recorded: [Tensor]
    private let places: [Range<Int>]
    private let dependent: [Int]
    private let onProduct: () throws -> Void

    /// Runs the model and its gradient once.
    ///
    /// - Parameters:
    ///   - tokens: prompts; each token but a prompt's first is predicted, pads are not.
    ///   - blocks: whose parameters move; nil for all.
    ///   - dtype: type to compute in; nil for the model's own.
    ///   - onProduct: called before each product of a long process.
    /// - Throws: `CurvatureError`, `TokensError`, and what is wrong with the files where blocks of the model are not in
    ///   memory.
    public init(
        _ model: Transformer,
        on tokens: Tokens,
        blocks: [ParameterBlock]? = nil,
        dtype: DType? = nil,
        onProduct: @escaping () throws -> Void = {}
    ) throws {
        self.onProduct = onProduct
        let copy = try model.copied(as: dtype ?? model.dtype)
        parameters = try copy.parameters(in: blocks).map { $0.requiringGradient() }
        places = parameters.reduce(into: []) { places, parameter in
            let start = places.last?.upperBound ?? 0
            places.append(start..<start + parameter.count)
        }
        dimension = places.last?.upperBound ?? 0
        let parameters = parameters
        let (loss, gradients) = try withSecondDerivatives {
            let loss = try copy.nextTokenLoss(on: tokens)
            return (loss, Torch.gradients(of: [loss], withRespectTo: parameters, createGraph: true))
        }
        let value = loss.detached().scalar
        self.loss = value
        guard value.isFinite else { throw CurvatureError.nonFiniteLoss(value) }
        dependent = gradients.indices.filter { gradients[$0].requiresGradient }
        recorded = dependent.map { gradients[$0] }
        gradient = .cat(gradients.map { $0.detached().reshape(-1) })
        guard gradient.isAllFinite else { throw CurvatureError.nonFiniteGradient(loss: value) }
    }

    /// Type of the vectors.
    public var dtype: DType { gradient.dtype }

    /// Where the vectors are.
    public var device: Device { gradient.device }

    /// What was given.
    public func beforeProduct() throws { try onProduct() }

    /// H times a vector [n]: [n].
    public func callAsFunction(_ vector: Tensor) -> Tensor {
        precondition(vector.shape == [dimension], "a vector \(vector.shape) for \(dimension) parameters")
        if recorded.isEmpty { return vector.zerosLike() }
        let parts = Torch.gradients(
            of: recorded,
            weights: dependent.map { vector[places[$0]].reshape(parameters[$0].shape) },
            withRespectTo: parameters,
            retainGraph: true
        )
        return .cat(parts.map { $0.reshape(-1) })
    }
}

extension Transformer {
    /// The parameters of some blocks, in the order of all; nil for all.
    ///
    /// - Throws: `CurvatureError.unknownBlock`, `.noBlocks`.
    fileprivate func parameters(in blocks: [ParameterBlock]?) throws -> [Tensor] {
        guard let blocks else { return parameters }
        let available = parameterBlocks
        for block in blocks where !available.contains(block) {
            throw CurvatureError.unknownBlock("\(block)", available: available.map(\.description))
        }
        if blocks.isEmpty { throw CurvatureError.noBlocks(available: available.map(\.description)) }
        return parametersByBlock.filter { blocks.contains($0.block) }.map(\.tensor)
    }

    /// The mean of -log p(next token), in nats, over all tokens but each prompt's first: a scalar, recorded.
    func nextTokenLoss(on tokens: Tokens) throws -> Tensor {
        let (length, rows) = (tokens.length, tokens.rows)
        if length < 2 { throw CurvatureError.nothingToPredict }
        let targets = rows.flatMap { $0.dropFirst() }
        let logits = try run(tokens).logits  // [b, p, vocab]
        if tokens.lengths.allSatisfy({ $0 == length }) {
            return logits.slice(1, 0..<length - 1)
                .crossEntropy(Tensor(targets, [rows.count, length - 1], device: device)).mean()
        }
        let read = rows.enumerated().flatMap { row, ids in (0..<ids.count - 1).map { row * length + $0 } }
        return logits.reshape(-1, config.vocabularySize).indexSelect(0, Tensor(read, device: device))
            .crossEntropy(Tensor(targets, device: device)).mean()
    }
}
