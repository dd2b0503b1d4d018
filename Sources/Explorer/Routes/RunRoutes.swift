// /api/runs: what has been run, its receipts and files, a training run live.
import Files
import Foundation
import HTTPTypes
import Hummingbird
import JSON

struct RunRoutes: Resource {
    let library: RunLibrary
    let streams: OpenStreams

    /// Bytes of a file, at most.
    private static let mostBytes = 64 << 20

    /// For files of runs, which this server has not written: a browser may show them, and no more.
    private static let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/runs") { _, _ in
            Response.json(["runs": .array(library.runs().map(\.summary))])
        }
        router.get("/api/runs/{id}") { _, context in Response.json(try run(context).details) }
        router.get("/api/runs/{id}/files/{name}") { _, context in try file(context) }
        router.get("/api/runs/{id}/events") { request, context in
            let run = try run(context)
            guard run.kind == .training else {
                throw APIError(.notFound, "no_events", "only training runs have events; \(run.id) is none.")
            }
            let pace = try pace(request)
            let place = try streams.enter()
            return Response.events(
                to: request,
                holding: place,
                { TrainingFeed.events(of: run, pace: pace) },
                as: { $0 }
            )
        }
    }

    private func run(_ context: BasicRequestContext) throws -> StoredFiles {
        try library.run(name("id", context))
    }

    private func name(_ parameter: String, _ context: BasicRequestContext) -> String {
        let raw = context.parameters.get(parameter) ?? ""
        return raw.removingPercentEncoding ?? raw
    }

    private func file(_ context: BasicRequestContext) throws -> Response {
        let run = try run(context)
        let name = name("name", context)
        guard let file = run.files.first(where: { $0.name == name }), let type = ContentTypes.ofResult(name)
        else {
            throw APIError(.notFound, "unknown_file", "\(run.id) has no file '\(name.prefix(80))' to show.")
        }
        guard file.bytes <= Self.mostBytes else {
            throw APIError(
                .contentTooLarge,
                "too_large",
                "\(name) has \(file.bytes) bytes, too many for a page; open it from the disk."
            )
        }
        let bytes = try FileContents.read(run.url.appending(path: name), limit: Self.mostBytes)
        return .bytes(bytes, type: type, headers: [.contentSecurityPolicy: Self.policy])
    }

    private func pace(_ request: Request) throws -> Double? {
        guard let text = request.uri.queryParameters["replay"] else { return nil }
        guard let pace = Double(text), (0.1...1000).contains(pace) else {
            throw APIError.badRequest("replay is a number of evaluations a second, from 0.1 to 1000.")
        }
        return pace
    }
}
