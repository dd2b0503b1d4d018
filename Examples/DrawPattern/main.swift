// Draw the attention pattern of one head on a text of your own.
//
//     swift run DrawPattern OUTPUT.png ["A B C D A B C D"]
import Figures
import Files
import Foundation
import Lab
import Transformers

let arguments = Array(CommandLine.arguments.dropFirst())
let output = URL(filePath: arguments.first ?? "pattern.png")
let text = arguments.count > 1 ? arguments[1] : "A B C D E A B C D E"

let model = try LoadedModel("induct-2l")
let head = try Scan().run(on: model).ranked[0].head
let ids = try [model.opened.bosTokenID].compactMap { $0 } + model.opened.tokenizer.encode(text)
let run = try model.transformer.run(Tokens([ids]), recording: [.pattern.layer(head.layer)], logits: .none)
let pattern = try run[.pattern, layer: head.layer][0][head.index]  // [query, key]

let figure = AttentionPattern(
    title: FigureTitle("\(head)", subtitle: [model.opened.name]),
    tokens: try model.opened.labels(of: ids),
    pattern: (0..<ids.count).map { pattern[$0].doubles }
)
let drawn = try FigureRenderer.located().render([
    DrawingRequest(name: "pattern", figure: figure, formats: [.png])
])
if let data = drawn.data(of: "pattern", .png) {
    try AtomicFile.write(data, to: output)
    print(output.path)
}
for failure in drawn.failures { print(failure) }
