// Server-sent events: a response that goes on until its events end or its reader goes.
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

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

/// Counts the streams that are open, and refuses more than there may be: each keeps a connection and a task.
final class OpenStreams: Sendable {
    /// A place, given back when it is dropped.
    final class Place: Sendable {
        private let streams: OpenStreams

        fileprivate init(_ streams: OpenStreams) { self.streams = streams }

        deinit { streams.count.withLock { $0 -= 1 } }
    }

    private let limit: Int
    private let count = Mutex(0)

    init(limit: Int = 128) { self.limit = limit }

    /// A place for one more.
    ///
    /// - Throws: `APIError` with the code `busy`.
    func enter() throws -> Place {
        try count.withLock { count in
            guard count < limit else { throw APIError.busy }
            count += 1
        }
        return Place(self)
    }
}

extension Response {
    /// A stream of events. `events` is called when the response is sent; what it gives is dropped when the reader goes.
    ///
    /// - Parameter place: held until the stream ends.
    static func events<Event: Sendable>(
        to request: Request,
        holding place: OpenStreams.Place,
        _ events: @escaping @Sendable () -> AsyncStream<Event>,
        as text: @escaping @Sendable (Event) -> ServerEvent
    ) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
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
