// POST /api/prediction: what comes next, and what comes next without some heads.
//
// Heads are off as in `induct ablate --mode zero`: z is zero at all positions. Losses are means over the prompt's next
// tokens, in nats.
import Hummingbird
import JSON
import Lab
import Torch
import Transformers

struct PredictionRoutes: Resource {
    let engine: Engine

    /// Logits that are looked at once for a loss: beyond that there is none.
    private static let mostLogits = 64_000_000

    func add(to router: Router<BasicRequestContext>) {
        router.post("/api/prediction") { request, _ in
            let fields = try await RequestFields(
                of: request,
                names: ["model", "prompt", "tokens", "off", "top"]
            )
            let input = try PromptInput(fields)
            let off = try Self.heads(fields)
            let top = try fields.int("top", in: 1...100, else: 10)
            let answer = try await engine.ask(fields) { model in
                try Self.answer(input.tokens(for: model), off: off, top: top, model)
            }
            return Response.json(answer)
        }
    }

    private static func heads(_ fields: RequestFields) throws -> [Head] {
        let heads = try fields.optional("off") { field in
            try field.elements().map { item in
                Head(
                    layer: try item.require("layer").int(min: 0),
                    index: try item.require("head").int(min: 0)
                )
            }
        }
        return Set(heads ?? []).sorted()
    }

    private static func answer(_ tokens: Tokens, off: [Head], top: Int, _ model: LoadedModel) throws
        -> JSONValue
    {
        let config = model.transformer.config
        if let head = off.first(where: { $0.layer >= config.layers || $0.index >= config.heads }) {
            throw APIError.badRequest(
                """
                off: head \(head) does not exist: the layers of \(model.opened.name) are 0 to \(config.layers - 1), the \
                heads of each 0 to \(config.heads - 1).
                """
            )
        }
        let base = try prediction(tokens, off: [], top: top, model)
        let edited = off.isEmpty ? base : try prediction(tokens, off: off, top: top, model)
        return [
            "tokens": model.opened.tokensJSON(tokens.rows[0]),
            "base": base.top, "edited": edited.top,
            "lossBase": base.loss, "lossEdited": edited.loss,
        ]
    }

    private static func prediction(
        _ tokens: Tokens,
        off: [Head],
        top: Int,
        _ model: LoadedModel
    ) throws -> (top: JSONValue, loss: JSONValue) {
        let row = tokens.rows[0]
        let hasLoss = row.count > 1 && row.count * model.transformer.config.vocabularySize <= mostLogits
        let logits = try model.transformer.run(
            tokens,
            applying: off.map { .zero(.z.head($0)) },
            logits: hasLoss ? .all : .last
        ).logits[0].to(.float32)  // [position, vocab]
        let last = logits[logits.size(0) - 1]
        let probabilities = last.softmax()
        let (values, indices) = last.topK(min(top, last.count))
        let ids = indices.ints
        let shares = probabilities.gather(0, indices).doubles
        let entries = zip(ids, zip(values.doubles, shares)).map { id, numbers -> JSONValue in
            [
                "id": .int(id), "token": .string(model.opened.text(of: id)),
                "logit": .double(numbers.0), "probability": .double(numbers.1),
            ]
        }
        guard hasLoss else { return (.array(entries), .null) }
        let targets = Tensor(Array(row.dropFirst()), [row.count - 1, 1], device: logits.device)
        let found = logits[0..<row.count - 1].logSoftmax().gather(1, targets).doubles
        return (.array(entries), .double(-found.reduce(0, +) / Double(found.count)))
    }
}
