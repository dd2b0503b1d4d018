// Switch one head off and see what the model loses where a token comes back.
//
//     swift run AblateHead [MODEL]
import Induction
import Lab
import Torch
import Transformers

let name = CommandLine.arguments.dropFirst().first ?? "induct-2l"
let model = try LoadedModel(name)
let scan = Scan()
let result = try scan.run(on: model)
let best = result.ranked[0].head

let rows = result.tokens.rows
let length = rows[0].count
let targets = Tensor(rows.flatMap { $0.dropFirst() }, [rows.count, length - 1])

// Mean loss, in nats, at the last ten tokens: they lie in the second copy, whatever the lag.
let copyLoss = { (interventions: [Intervention]) throws -> Double in
    let logits = try model.transformer.run(result.tokens, applying: interventions).logits
    let losses = logits.slice(1, 0..<length - 1).crossEntropy(targets)  // [prompt, position]
    return losses.slice(1, length - 11..<length - 1).mean().scalar
}

let before = try copyLoss([])
let after = try copyLoss([.zero(.z.head(best))])
print("loss at second copies: \(before); without \(best): \(after)")
