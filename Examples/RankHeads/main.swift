// Rank the heads of a model by their induction score.
//
//     swift run RankHeads [MODEL]
import Induction
import Lab

let name = CommandLine.arguments.dropFirst().first ?? "induct-2l"
let model = try LoadedModel(name)
let result = try Scan().run(on: model)

for scored in result.scores.ranked(by: .induction).prefix(5) {
    guard let estimate = scored.scores[.induction], let mean = estimate.mean else { continue }
    print(scored.head, mean, estimate.low ?? mean, estimate.high ?? mean)
}
