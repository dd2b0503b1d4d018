// POST /api/tokens: what a model sees of a text.
import Hummingbird
import JSON
import Lab
import Transformers

struct TokenRoutes: Resource {
    let engine: Engine

    func add(to router: Router<BasicRequestContext>) {
        router.post("/api/tokens") { request, _ in
            let fields = try await RequestFields(of: request, names: ["model", "prompt"])
            let input = PromptInput.text(try fields.text("prompt"))
            return Response.json(
                try await engine.ask(fields) { model in
                    let tokens = try input.tokens(for: model)
                    return ["tokens": model.opened.tokensJSON(tokens.rows[0])]
                }
            )
        }
    }
}
