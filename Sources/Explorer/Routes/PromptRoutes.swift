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
            let kind = try fields.optional("kind") { field in
                try field.string(oneOf: PromptKind.allCases.map(\.rawValue))
            }
            let kinds = kind.flatMap(PromptKind.init(rawValue:)).map { [$0] } ?? Self.usual
            let recipes = try kinds.map { try recipe($0, fields) }
            return Response.json(try await engine.ask(fields) { try prompts(recipes, of: $0) })
        }
    }

    /// Where no kind is named: the first that the vocabulary has what it takes for. The last needs nothing but ids.
    private static let usual: [PromptKind] = [.words, .letters, .repeat]

    private func recipe(_ kind: PromptKind, _ fields: RequestFields) throws -> PromptRecipe {
        let recipe = PromptRecipe(
            kind: kind,
            count: try fields.int("count", in: 1...100, else: 4),
            length: try fields.optional("length") { try $0.int(min: 1, max: PromptInput.mostTokens) },
            seed: UInt64(try fields.int("seed", in: 0...Int.max, else: 0))
        )
        try QuestionLimits.check(recipe)
        return recipe
    }

    /// Prompts by the first recipe that the model's vocabulary can follow.
    private func prompts(_ recipes: [PromptRecipe], of model: LoadedModel) throws -> JSONValue {
        for recipe in recipes.dropLast() {
            if let made = try? prompts(recipe, of: model) { return made }
        }
        return try prompts(recipes[recipes.count - 1], of: model)
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
