// POST /api/prompts: made prompts, to start from.
import Hummingbird
import Induction
import JSON
import Lab
import Tokenizers
import Transformers

struct PromptRoutes: Resource {
    let engine: Engine

    func add(to router: Router<BasicRequestContext>) {
        router.post("/api/prompts") { request, _ in
            let fields = try await RequestFields(
                of: request,
                names: ["model", "kind", "count", "length", "seed"]
            )
            let recipe = try recipe(fields)
            return Response.json(try await engine.ask(fields) { try prompts(recipe, of: $0) })
        }
    }

    private func recipe(_ fields: RequestFields) throws -> PromptRecipe {
        let kind = try fields.optional("kind") { field in
            try field.string(oneOf: PromptKind.allCases.map(\.rawValue))
        }
        let recipe = PromptRecipe(
            kind: kind.flatMap(PromptKind.init(rawValue:)) ?? .repeat,
            count: try fields.int("count", in: 1...100, else: 4),
            length: try fields.optional("length") { try $0.int(min: 1, max: PromptInput.mostTokens) },
            seed: UInt64(try fields.int("seed", in: 0...Int.max, else: 0))
        )
        try QuestionLimits.check(recipe)
        return recipe
    }

    /// Prompts as texts that a page can offer, and what the model sees of each: ids that were drawn need not be what their
    /// text is read as, where tokens are pieces of words.
    private func prompts(_ recipe: PromptRecipe, of model: LoadedModel) throws -> JSONValue {
        let made = try PromptSource.recipe(recipe).tokens(for: model.opened)
        let prompts = try made.rows.map { row -> JSONValue in
            let hasBOS = model.opened.prependsBOS && row.first == model.opened.bosTokenID
            let text = try model.opened.tokenizer.decode(Array(row.dropFirst(hasBOS ? 1 : 0)))
            let tokens = try PromptInput.text(text).tokens(for: model)
            return ["tokens": model.opened.tokensJSON(tokens.rows[0]), "text": .string(text)]
        }
        return ["prompts": .array(prompts)]
    }
}
