// POST /api/prompts: made prompts, to start from.
import Hummingbird
import Induction
import JSON
import Lab
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

    private func prompts(_ recipe: PromptRecipe, of model: LoadedModel) throws -> JSONValue {
        let tokens = try PromptSource.recipe(recipe).tokens(for: model.opened)
        try tokens.validate(for: model.opened.config)
        return [
            "prompts": .array(
                tokens.rows.map { row in
                    [
                        "tokens": model.opened.tokensJSON(row),
                        "text": .string(row.map(model.opened.text).joined()),
                    ]
                }
            )
        ]
    }
}
