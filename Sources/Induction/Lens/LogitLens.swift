// Logit lens (nostalgebraist 2020): what the model would predict if it stopped after some layer.
//
// Quantities, for each row 0..L (row 0 the embedding with its position, row l the residual after block l) read through
// the model's own final norm, unembedding, bias and soft-cap: the top tokens with their probabilities; of a target its
// rank (1 = best; equal logits share the better rank), probability (0..1) and logit. Convergence layer: the first row
// from which on the top token is row L's and its probability stays at or above a threshold. Stability: the share of
// rows 0..L-1 whose top token is row L's, 0..1. Row L is the model's prediction. Early rows are read in a basis that
// the model may not use there: a low rank does not show that the layer does not know the answer.
public import Transformers

/// A token and its probability.
public struct LensToken: Sendable, Equatable, Codable {
    /// Token id.
    public var id: Int
    /// 0..1
    public var probability: Double

    /// All fields.
    public init(id: Int, probability: Double) {
        self.id = id
        self.probability = probability
    }
}

/// What a row says of one token.
public struct LensTarget: Sendable, Equatable, Codable {
    /// 1 + the number of tokens with a larger logit.
    public var rank: Int
    /// 0..1
    public var probability: Double
    /// After the soft-cap, where the model has one.
    public var logit: Double

    /// All fields.
    public init(rank: Int, probability: Double, logit: Double) {
        self.rank = rank
        self.probability = probability
        self.logit = logit
    }
}

/// One row of the lens.
public struct LensRow: Sendable, Equatable, Codable {
    /// 0 for the embedding, l for the residual after block l (counted from 1), L for the prediction.
    public var layer: Int
    /// The most probable tokens, best first.
    public var top: [LensToken]
    /// The target's place; nil where no target was given.
    public var target: LensTarget?

    /// All fields.
    public init(layer: Int, top: [LensToken], target: LensTarget? = nil) {
        self.layer = layer
        self.top = top
        self.target = target
    }
}

/// All rows of one prediction.
public struct LensReading: Sendable, Equatable, Codable {
    /// Which prediction.
    public var cell: OutputCell
    /// The token that was looked for; nil where none was given.
    public var target: Int?
    /// Rows 0..L.
    public var rows: [LensRow]
    /// The first row from which on the top token is the last row's with at least the threshold's probability; nil where
    /// not even the last row's top token reaches the threshold.
    public var convergenceLayer: Int?
    /// Share of the rows before the last whose top token is the last row's; nil in a model without blocks.
    public var stability: Double?

    /// What follows from rows 0..L, which hold at least their top token each.
    public init(cell: OutputCell, target: Int? = nil, rows: [LensRow], threshold: Double) {
        self.cell = cell
        self.target = target
        self.rows = rows
        let best = rows.compactMap(\.top.first)
        precondition(!best.isEmpty && best.count == rows.count, "a row without its top token")
        let final = best[best.count - 1].id
        let settled = best.reversed().prefix { $0.id == final && $0.probability >= threshold }.count
        convergenceLayer = settled == 0 ? nil : rows[rows.count - settled].layer
        let before = best.dropLast()
        stability =
            before.isEmpty ? nil : Double(before.count { $0.id == final }) / Double(before.count)
    }
}

/// The logit lens at chosen predictions.
public struct LogitLens: Sendable, Equatable, Codable {
    /// In the order of the cells.
    public var readings: [LensReading]
    /// Probability that counts as convergence.
    public var threshold: Double
    /// Prompts that the cells were chosen from.
    public var promptCount: Int
}

/// The top token of every row at every position of one prompt.
public struct LensTable: Sendable, Equatable, Codable {
    /// The prompt.
    public var tokens: [Int]
    /// [row][position], rows 0..L.
    public var top: [[LensToken]]
}
