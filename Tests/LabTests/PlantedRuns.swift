// A planted circuit in the place of a bundled model's weights: prompts and ids are the model's, the truth is known.
import Foundation
import Induction
import Runs
import Transformers

@testable import Lab

/// The edge from a previous-token head to an induction head, among idle heads.
enum PlantedRuns {
    static let previous = Head(layer: 0, index: 3)
    static let induction = Head(layer: 1, index: 1)

    /// The circuit, loaded as `induct-2l`.
    ///
    /// - Parameter sharpness: of the heads' attention, beside the usual one.
    static func model(sharpness: Double = 1) throws -> LoadedModel {
        let opened = try OpenedModel("induct-2l")
        let planted = PlantedModel(
            layers: 2,
            heads: 4,
            vocabularySize: opened.config.vocabularySize,
            context: 64,
            planted: [previous: .previousToken, induction: .induction]
        ).makeModel()
        var config = planted.config
        config.attentionScale *= sharpness
        return LoadedModel(
            opened: opened,
            transformer: Transformer(config: config, weights: planted.weights),
            compute: Compute(device: .cpu)
        )
    }

    /// Few bigram prompts.
    static func comparison(_ direction: PatchingDirection, corruption: Corruption = .first) -> Comparison {
        Comparison(
            prompts: CausalSource(
                .recipe(PromptRecipe(kind: .bigram, count: 12, length: 19, seed: 3)),
                corruption: corruption
            ),
            direction: direction
        )
    }
}
