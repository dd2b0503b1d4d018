// GET /api/openapi.json: what there is to ask for. A test holds it equal to the routes.
import Foundation
import Hummingbird

struct DescriptionRoutes: Resource {
    /// The document, as it comes with the program.
    static func document() throws -> Data {
        try Data(contentsOf: Bundle.module.bundleURL.appending(path: "openapi.json"))
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/openapi.json") { _, _ in Response.json(try Self.document()) }
    }
}
