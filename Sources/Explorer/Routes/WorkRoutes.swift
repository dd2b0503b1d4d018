// /api/work: the analyses of the command line, asked for, followed, read, cancelled.
import Foundation
import HTTPTypes
import Hummingbird
import JSON

struct WorkRoutes: Resource {
    let store: WorkStore
    let models: KnownModels
    let streams: OpenStreams

    func add(to router: Router<BasicRequestContext>) {
        router.post("/api/work") { request, _ in try await submit(request) }
        router.get("/api/work/{id}") { _, context in Response.json(try await item(context).json) }
        router.delete("/api/work/{id}") { _, context in
            let item = try await item(context)
            item.cancel()
            return Response.json(item.json, status: .accepted)
        }
        router.get("/api/work/{id}/events") { request, context in
            let item = try await item(context)
            let place = try streams.enter()
            return Response.events(to: request, holding: place, item.events, as: \.serverEvent)
        }
        router.get("/api/work/{id}/result") { _, context in Response.json(try await result(context).json) }
        router.get("/api/work/{id}/figures") { _, context in
            Response.json(try await result(context).figures)
        }
    }

    private func submit(_ request: Request) async throws -> Response {
        let fields = try await RequestFields(
            of: request,
            names: ["command", "model", "question", "cancelOnClose"]
        )
        let question = try WorkQuestion(
            command: fields.text("command"),
            model: models.check(fields.text("model")),
            changes: fields.optional("question") { JSONValue($0) } ?? .object([:])
        )
        let cancels = try fields.optional("cancelOnClose") { try $0.bool() } ?? false
        let item = try await store.submit(question, cancelsOnClose: cancels)
        return Response.json(item.json, status: .accepted)
    }

    private func item(_ context: BasicRequestContext) async throws -> WorkItem {
        try await store.item(context.parameters.get("id") ?? "")
    }

    private func result(_ context: BasicRequestContext) async throws -> WorkResult {
        let item = try await item(context)
        if case .done(let result) = item.state { return result }
        throw APIError(
            .notFound,
            "not_done",
            "the work is \(item.state.name); its result is there when it is done."
        )
    }
}

extension WorkItem {
    /// What GET shows.
    var json: JSONValue {
        let state = state
        var progress = JSONValue.null
        var error = JSONValue.null
        if case .running(let found?) = state { progress = found.json }
        if case .failed(let reason) = state { error = failure(reason) }
        return [
            "id": .string(id), "command": .string(question.command), "model": .string(question.model),
            "question": question.fields, "state": .string(state.name), "progress": progress, "error": error,
        ]
    }
}

private func failure(_ reason: String) -> JSONValue {
    ["code": "failed", "message": .string(reason)]
}

extension WorkProgress {
    fileprivate var json: JSONValue { ["step": .string(step), "done": .int(done), "total": .int(total)] }
}

extension WorkEvent {
    fileprivate var serverEvent: ServerEvent {
        switch self {
        case .progress(let progress): ServerEvent(name: "progress", data: progress.json.line)
        case .done: ServerEvent(name: "done", data: "{}")
        case .cancelled: ServerEvent(name: "cancelled", data: "{}")
        case .failed(let reason):
            ServerEvent(name: "failed", data: JSONValue.object(["error": failure(reason)]).line)
        }
    }
}
