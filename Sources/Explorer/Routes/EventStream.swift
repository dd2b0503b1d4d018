// Server-sent events: a response that goes on until its events end or its reader goes.
import HTTPTypes
import Hummingbird
import NIOCore

/// One event.
struct ServerEvent: Sendable, Equatable {
    /// What kind.
    var name: String
    /// JSON, on one line or several.
    var data: String

    /// As it goes over the wire.
    var text: String {
        let lines = data.split(separator: "\n", omittingEmptySubsequences: false)
        return "event: \(name)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
    }
}

extension Response {
    /// A stream of events. `events` is called when the response is sent; what it gives is dropped when the reader goes.
    static func events<Event: Sendable>(
        to request: Request,
        _ events: @escaping @Sendable () -> AsyncStream<Event>,
        as text: @escaping @Sendable (Event) -> ServerEvent
    ) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    // A comment first: the reader knows at once that it is connected.
                    try await writer.write(ByteBuffer(string: ": \n\n"))
                    for await event in events() {
                        try await writer.write(ByteBuffer(string: text(event).text))
                    }
                    try await writer.finish(nil)
                }
            }
        )
    }
}
