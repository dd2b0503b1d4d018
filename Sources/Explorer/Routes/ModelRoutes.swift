// GET /api/models: what there is to load.
import Hummingbird

struct ModelRoutes: Resource {
    let models: KnownModels

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/models") { _, _ in Response.json(try models.json()) }
    }
}
