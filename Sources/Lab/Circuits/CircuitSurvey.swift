// The survey of circuits: what the weights of every head, and of every pair of heads, say.
//
// Quantities: by head the OV circuit's copying score and norm, the copying score by logits, and the QK circuit's matching
// score and norm at each offset; by pair of heads composition through queries, keys and values, minus what random heads
// have. Definitions, ranges and sources stand in `Induction/Circuits`. No prompt is looked at but the 25 random tokens of the
// copying score by logits; what a head does with a prompt is not shown.
import Foundation
public import Induction
public import Runs
import Torch
import Transformers

/// Which offsets, which composition.
public struct CircuitSurvey: Analysis {
    /// The command.
    public static let command = "circuits"

    /// Distances from key to query at which rotary models are read; others have one circuit for all distances. The last is
    /// the one that tables and figures of composition show.
    public var offsets: [Int]
    /// Which inputs of the later head.
    public var kinds: [CompositionKind]
    /// Gaussian draws that the random expectation of composition is the mean of.
    public var draws: Int
    /// Of these draws and of the tokens of the copying score by logits.
    public var seed: UInt64

    /// All fields. Offset 0 is the token itself, 1 the token before, 19 where an induction head looks in the middle one of
    /// `repeat` prompts.
    public init(
        offsets: [Int] = [0, 1, 19],
        kinds: [CompositionKind] = CompositionKind.allCases,
        draws: Int = 100,
        seed: UInt64 = 0
    ) {
        self.offsets = offsets
        self.kinds = kinds
        self.draws = draws
        self.seed = seed
    }

    /// None: weights are all that is read.
    ///
    /// - Throws: `CircuitSurveyError`.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        try validate(for: model.config)
        return []
    }

    /// Reads the weights.
    ///
    /// - Throws: `CircuitSurveyError`, and what is wrong with the files, where blocks are read as they are needed.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> CircuitSurveyResult {
        let transformer = model.transformer
        try validate(for: transformer.config)
        let layers = transformer.config.layers
        let circuits = try transformer.headCircuits(offsets: offsets) {
            try progress("circuits", $0, layers)
        }
        let copying = try transformer.copyingByLogits(
            drawing: model.opened.promptVocabulary().ordinaryIDs,
            seed: seed
        )
        let composition = try transformer.composition(kinds, offsets: offsets, draws: draws, seed: seed) {
            try progress("composition", $0, layers)
        }
        return CircuitSurveyResult(
            model: model.opened.name,
            survey: self,
            heads: circuits,
            copying: copying,
            composition: composition
        )
    }

    private func validate(for config: TransformerConfig) throws {
        guard case .rotary = config.positions else { return }
        for offset in offsets where !(0..<config.context).contains(offset) {
            throw CircuitSurveyError.offsetOutOfRange(offset, context: config.context)
        }
    }
}

/// What a survey found.
public struct CircuitSurveyResult: AnalysisResult, Sendable {
    /// The model's name.
    public let model: String
    /// What was asked.
    public let survey: CircuitSurvey
    /// The circuits of every head, block by block.
    public let heads: [HeadCircuits]
    /// Copying scores by logits, in the same order.
    public let copying: CopyingByLogits
    /// Composition of every pair.
    public let composition: Composition

    /// Heads by copying score, the highest first; those without one come last.
    public var ranked: [(circuits: HeadCircuits, byLogits: Double?)] {
        zip(heads, copying.scores).map { (circuits: $0, byLogits: $1) }.sorted {
            ($1.circuits.ov.score ?? -2, $0.circuits.head) < ($0.circuits.ov.score ?? -2, $1.circuits.head)
        }
    }

    /// Whether circuits are the same at all offsets.
    var isRotary: Bool { heads.first?.qk.first?.offset != nil }

    /// The matrices that tables and figures show: one a kind.
    var shownMatrices: [CompositionMatrix] {
        composition.matrices.filter { $0.offset == nil || $0.offset == survey.offsets.last }
    }

    /// What a reader must know about the numbers.
    public var notes: [String] {
        var notes = [
            "Composition is minus \(String(format: "%.4f", composition.randomMean)), its mean over "
                + "\(composition.draws) draws of Gaussian heads."
        ]
        if !isRotary {
            notes.append("Positions are not rotary: a QK circuit is the same at all offsets.")
        }
        if heads.contains(where: { $0.ownKeyShare != nil }) {
            notes.append(
                "Keys are smeared: own_key_share of a key is its own token's, the rest that of the token before it. QK "
                    + "circuits are of keys before that."
            )
        }
        if heads.last?.head.layer == 0 {
            notes.append("A model of one layer has no pair of heads that could compose.")
        }
        let zero = heads.filter { circuits in
            circuits.ov.score == nil || circuits.qk.contains { $0.circuit.score == nil }
        }
        if !zero.isEmpty {
            let names = zero.map(\.head.description).joined(separator: ", ")
            notes.append("Without a score, because a circuit is zero: \(names).")
        }
        return notes
    }
}

/// A survey that a model cannot answer.
public enum CircuitSurveyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A distance that no two positions of the model have.
    case offsetOutOfRange(Int, context: Int)

    /// One paragraph: what was found, what was expected.
    public var description: String {
        switch self {
        case .offsetOutOfRange(let offset, let context):
            """
            offset \(offset): a key stands 0 to \(context - 1) places before its query in this model, whose context has \
            \(context) positions.
            """
        }
    }
}
