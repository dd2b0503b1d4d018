// Planted models: weights built by a formula, whose circuits are known by construction.
//
// The residual stream is four one-hot slots side by side: the token, the token before it, the output, and the
// position. Heads compare slots exactly, so attention is one-hot up to e^-sharpness. Idle heads rest on their own
// position and write nothing. The unembedding reads the output slot only: without an induction circuit every
// prediction is uniform.
import Torch
public import Transformers

/// A head that is built into a model.
public enum PlantedHead: Sendable, Equatable {
    /// Looks at the token before and writes it into the slot that induction heads read.
    case previousToken
    /// Looks at the earlier copies of the token, evenly; writes nothing.
    case duplicateToken
    /// Looks at what followed the earlier copies, evenly, and copies it to the output. Needs a previous-token head in
    /// an earlier layer. Where there is no earlier copy it rests on its own position, and so predicts the token there.
    case induction
    /// Looks and copies like `induction`, but only where the lag between the two copies is one of these; elsewhere it
    /// rests on its own position.
    case inductionWithin(lags: ClosedRange<Int>)
    /// Looks like `induction`, but lowers the logit of the token it looks at.
    case antiCopy
    /// Looks at the first position; writes nothing.
    case sink
}

/// What is planted where.
public struct PlantedModel: Sendable, Equatable {
    /// Number of layers.
    public var layers: Int
    /// Heads a layer.
    public var heads: Int
    /// Number of token ids; the last is BOS.
    public var vocabularySize: Int
    /// Longest sequence.
    public var context: Int
    /// The heads that are not idle.
    public var planted: [Head: PlantedHead]

    /// All fields.
    public init(
        layers: Int,
        heads: Int,
        vocabularySize: Int = 48,
        context: Int = 64,
        planted: [Head: PlantedHead]
    ) {
        self.layers = layers
        self.heads = heads
        self.vocabularySize = vocabularySize
        self.context = context
        self.planted = planted
    }

    /// Id of the BOS token.
    public var bosTokenID: Int { vocabularySize - 1 }

    /// Margin by which the right key's score leads: other keys get e^-30 of the attention.
    private static let sharpness = 30.0
    /// Logit of a copied token above all others.
    private static let outputGain = 12.0

    /// Builds the weights, in float32 on the CPU.
    public func makeModel() -> Transformer {
        for head in planted.keys {
            precondition(
                (0..<layers).contains(head.layer) && (0..<heads).contains(head.index),
                "\(head) does not exist in a model of \(layers) layers of \(heads) heads"
            )
        }
        let slots = Slots(vocabularySize: vocabularySize, context: context)
        let config = TransformerConfig(
            family: "induct",
            layers: layers,
            heads: heads,
            dModel: slots.width,
            dHead: slots.headWidth,
            dMLP: 0,
            vocabularySize: vocabularySize,
            context: context,
            normalization: .none,
            positions: .learned,
            biases: [],
            bosTokenID: bosTokenID
        )
        let blocks = (0..<layers).map { layer in
            let weights = (0..<heads).map { index in
                self.weights(
                    of: planted[Head(layer: layer, index: index)],
                    slots,
                    scale: config.attentionScale
                )
            }
            let qkv = [\HeadMatrices.q, \.k, \.v].flatMap { part in weights.map { $0[keyPath: part].tensor() }
            }
            return BlockWeights(
                norm1: NormWeights(),
                attention: AttentionWeights(
                    qkv: Linear(weight: .cat(qkv), bias: nil),
                    output: Linear(weight: .cat(weights.map { $0.o.tensor().mT }, axis: 1), bias: nil)
                )
            )
        }
        var embedding = Matrix(rows: vocabularySize, columns: slots.width)
        for token in 0..<vocabularySize { embedding[token, slots.token + token] = 1 }
        var positions = Matrix(rows: context, columns: slots.width)
        for position in 0..<context { positions[position, slots.position + position] = 1 }
        var unembedding = Matrix(rows: vocabularySize, columns: slots.width)
        for token in 0..<vocabularySize { unembedding[token, slots.output + token] = Self.outputGain }
        return Transformer(
            config: config,
            weights: TransformerWeights(
                embedding: embedding.tensor(),
                positions: positions.tensor(),
                blocks: blocks,
                finalNorm: NormWeights(),
                unembedding: Linear(weight: unembedding.tensor(), bias: nil)
            )
        )
    }

    private func weights(of head: PlantedHead?, _ slots: Slots, scale: Double) -> HeadMatrices {
        var matrices = HeadMatrices(slots)
        let sharp = Self.sharpness / scale
        switch head {
        case nil:
            matrices.weighPositions(sharp) { $0 == 0 }
        case .previousToken:
            matrices.weighPositions(sharp) { $0 == 1 }
            matrices.copy(from: slots.token, to: slots.previous, gain: 1)
        case .sink:
            matrices.lookAtFirst(weight: sharp)
        case .duplicateToken:
            // The position itself holds the token too: what it matches by is taken off again, but for a half, so
            // that the head rests there when there is no copy.
            matrices.matchTokens(with: slots.token, weight: 2 * sharp)
            matrices.weighPositions(-sharp) { $0 == 0 }
        case .induction, .inductionWithin, .antiCopy:
            matrices.matchTokens(with: slots.previous, weight: 2 * sharp)
            matrices.weighPositions(sharp) { $0 == 0 }
            // The previous-token head has nowhere to look from position 0: what it wrote there means nothing.
            matrices.lookAtFirst(weight: -3 * sharp)
            matrices.copy(from: slots.token, to: slots.output, gain: head == .antiCopy ? -1 : 1)
            // What followed the earlier copy stands lag - 1 before the query. Elsewhere a match falls back to nothing.
            if case .inductionWithin(let lags) = head {
                matrices.weighPositions(-2 * sharp) { $0 > 0 && !lags.contains($0 + 1) }
            }
        }
        return matrices
    }
}

/// Where each one-hot slot begins in the residual stream and in a head's query and key space.
private struct Slots {
    let vocabularySize: Int
    let context: Int

    var token: Int { 0 }
    var previous: Int { vocabularySize }
    var output: Int { 2 * vocabularySize }
    var position: Int { 3 * vocabularySize }
    var width: Int { 3 * vocabularySize + context }

    // A head's space: tokens, then positions, then one constant.
    var headPosition: Int { vocabularySize }
    var headConstant: Int { vocabularySize + context }
    var headWidth: Int { vocabularySize + context + 1 }
}

/// One head's four maps: q, k, v [d_head, d_model] and o [d_head, d_model].
private struct HeadMatrices {
    var q: Matrix
    var k: Matrix
    var v: Matrix
    var o: Matrix
    let slots: Slots

    init(_ slots: Slots) {
        let empty = Matrix(rows: slots.headWidth, columns: slots.width)
        (q, k, v, o) = (empty, empty, empty, empty)
        self.slots = slots
    }

    /// Adds `weight` to the score of keys that stand some numbers of places before the query.
    mutating func weighPositions(_ weight: Double, where isMeant: (_ offset: Int) -> Bool) {
        for position in 0..<slots.context {
            for offset in 0...position where isMeant(offset) {
                q[slots.headPosition + position - offset, slots.position + position] += weight
            }
            k[slots.headPosition + position, slots.position + position] = 1
        }
    }

    /// Adds `weight` where the query's token is the one in the key's slot.
    mutating func matchTokens(with slot: Int, weight: Double) {
        for token in 0..<slots.vocabularySize {
            q[token, slots.token + token] = weight
            k[token, slot + token] = 1
        }
    }

    /// Adds `weight` to the score of the first position, from everywhere.
    mutating func lookAtFirst(weight: Double) {
        for position in 0..<slots.context { q[slots.headConstant, slots.position + position] = 1 }
        k[slots.headConstant, slots.position] = weight
    }

    /// Writes gain times the token slot `from` of the position looked at into the slot `to`.
    mutating func copy(from: Int, to: Int, gain: Double) {
        for token in 0..<slots.vocabularySize {
            v[token, from + token] = 1
            o[token, to + token] = gain
        }
    }
}

/// A dense matrix while it is being filled.
private struct Matrix {
    let rows: Int
    let columns: Int
    private var values: [Float]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        values = Array(repeating: 0, count: rows * columns)
    }

    subscript(row: Int, column: Int) -> Double {
        get { Double(values[row * columns + column]) }
        set { values[row * columns + column] = Float(newValue) }
    }

    func tensor() -> Tensor {
        Tensor(values, [rows, columns])
    }
}
