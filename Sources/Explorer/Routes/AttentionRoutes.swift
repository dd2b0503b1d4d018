// POST /api/attention: where every head looks, for one prompt.
import Foundation
import Hummingbird
import Induction
import JSON
import Lab
import Torch
import Transformers

struct AttentionRoutes: Resource {
    let engine: Engine

    /// Numbers in one response.
    static let mostNumbers = 4_000_000

    func add(to router: Router<BasicRequestContext>) {
        router.post("/api/attention") { request, _ in
            let fields = try await RequestFields(of: request, names: ["model", "prompt", "tokens", "layers"])
            let input = try PromptInput(fields)
            let layers = try fields.optional("layers") { try $0.ints(min: 0) }
            let data = try await engine.ask(fields) { model in
                let tokens = try input.tokens(for: model)
                let layers = try Self.layers(layers, of: model.transformer.config, length: tokens.length)
                return try Self.answer(tokens, layers, model)
            }
            return Response.json(data)
        }
    }

    private static func layers(_ asked: [Int]?, of config: TransformerConfig, length: Int) throws -> [Int] {
        let layers = asked.map { Set($0).sorted() } ?? Array(0..<config.layers)
        if let layer = layers.first(where: { $0 >= config.layers }) {
            throw APIError.badRequest("layers: \(layer) does not exist; the last is \(config.layers - 1).")
        }
        guard !layers.isEmpty else {
            throw APIError.badRequest("layers: an empty list; leave it away for all.")
        }
        let numbers = layers.count * config.heads * length * (length + 1) / 2
        guard numbers <= mostNumbers else {
            throw APIError(
                .unprocessableContent,
                "too_large",
                "the patterns of \(layers.count) layers for \(length) tokens are \(numbers) numbers; ask for fewer layers."
            )
        }
        return layers
    }

    /// One forward pass. Written by hand: the encoder takes longer than the model.
    private static func answer(_ tokens: Tokens, _ layers: [Int], _ model: LoadedModel) throws -> Data {
        let row = tokens.rows[0]
        let stripe = HeadScore.induction.readCells(
            of: row,
            rule: .nearest,
            excluding: model.opened.specialTokenIDs
        )
        var text = "{\"tokens\": \(model.opened.tokensJSON(row).line), \"layers\": ["
        var written = 0
        try model.transformer.observe(tokens, at: [.pattern.layers(layers)]) { site, pattern in
            text += "\(written == 0 ? "" : ", ")\n{\"layer\": \(site.layer ?? 0), \"heads\": ["
            for head in 0..<pattern.size(1) {
                text += "\(head == 0 ? "" : ", ")\n{\"head\": \(head), \"pattern\": ["
                append(pattern[0][head].to(.float32).floats, length: row.count, to: &text)
                text += "]}"
            }
            text += "]}"
            written += 1
        }
        text +=
            "],\n\"stripe\": [" + stripe.map { "[\($0.query), \($0.key)]" }.joined(separator: ", ") + "]}\n"
        return Data(text.utf8)
    }

    /// The lower triangle, row by row, each number in its shortest spelling as float32.
    private static func append(_ values: [Float], length: Int, to text: inout String) {
        for query in 0..<length {
            text += query == 0 ? "[" : ",["
            for key in 0...query {
                let value = values[query * length + key]
                if key > 0 { text += "," }
                text += value.isFinite ? "\(value)" : "null"
            }
            text += "]"
        }
    }
}
