// What a model does with sequences that repeat: does it copy, where from, which layers, when is it sure?
//
//     swift run DissectModel [MODEL]
//
// Writes results/induction_heads_analysis.json.
import Foundation
import Induction
import Lab
import Transformers

let name = CommandLine.arguments.dropFirst().first ?? "shakespeare-char"
let model = try LoadedModel(name)
let config = model.opened.config
let prompts = CausalSource(.recipe(PromptRecipe(kind: .bigram, count: 64)), corruption: .second)

// The capability test: is the repeated token's successor predicted, and how surely?
let lens = try Lens(prompts: prompts).run(on: model)
let last = lens.rows[lens.rows.count - 1]
let rank = last.rank.median ?? config.vocabularySize
print("target: median rank \(rank), probability \(last.probability.mean ?? 0)")

// Where in the model the first copy's message goes: each layer's stream, taken from the clean prompts.
let patch = try Patch(
    comparison: Comparison(prompts: prompts),
    components: ComponentChoice(.layer),
    positions: .last
).run(on: model)
for part in patch.important { print("\(part.component): recovery \(part.recovery.mean ?? 0)") }

// Which heads look at what followed the earlier copy.
let scan = try Scan().run(on: model)
let heads = scan.ranked.prefix(5)
for scored in heads { print("\(scored.head): induction score \(scored.scores[.induction]?.mean ?? 0)") }

let report: [String: Any] = [
    "model": name,
    "model_config": [
        "layers": config.layers, "heads": config.heads, "d_model": config.dModel,
        "vocabulary": config.vocabularySize,
    ],
    "induction_test": [
        "predictions": lens.predictionCount, "median_rank": rank, "in_top_5": rank <= 5,
        "probability": last.probability.mean ?? 0,
    ],
    "important_layers": patch.important.map {
        ["layer": "\($0.component)", "recovery": $0.recovery.mean ?? 0] as [String: Any]
    },
    "convergence": [
        "layer": lens.example.reading.convergenceLayer.map { $0 as Any } ?? NSNull(),
        "stability": lens.example.reading.stability ?? 0,
    ],
    "induction_heads": heads.map {
        ["head": "\($0.head)", "score": $0.scores[.induction]?.mean ?? 0] as [String: Any]
    },
]
let directory = URL(filePath: "results")
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
try JSONSerialization.data(withJSONObject: report, options: [.prettyPrinted, .sortedKeys])
    .write(to: directory.appending(path: "induction_heads_analysis.json"))
