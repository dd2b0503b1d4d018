// A web server inside the test, which answers as it is told and remembers what it was asked.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What a server was asked.
package struct SeenRequest: Sendable {
    /// Like `GET`.
    package let method: String
    /// Path and query, as sent.
    package let uri: String
    private let headers: HTTPHeaders

    init(_ head: HTTPRequestHead) {
        (method, uri, headers) = (head.method.rawValue, head.uri, head.headers)
    }

    /// One header.
    package func header(_ name: String) -> String? { headers.first(name: name) }

    /// All of it, as text.
    package var text: String { "\(method) \(uri) \(headers)" }
}

/// What a server says, or fails to say.
package struct FakeAnswer: Sendable {
    /// What comes behind the bytes of the body.
    package enum Ending: Sendable {
        /// The end.
        case proper
        /// The connection is closed.
        case cut
        /// Nothing, for ever.
        case silence
        /// More zeros, until the client has enough (64 MiB at most).
        case endless
    }

    package var status: Int
    package var headers: [String: String]
    package var body: [UInt8]
    package var ending: Ending

    package init(
        _ status: Int,
        _ headers: [String: String] = [:],
        body: [UInt8] = [],
        ending: Ending = .proper
    ) {
        (self.status, self.headers, self.body, self.ending) = (status, headers, body, ending)
    }
}

/// A server on a free port of this machine.
package final class FakeServer: Sendable {
    package typealias Answers = @Sendable (SeenRequest) -> FakeAnswer

    /// Like `http://127.0.0.1:12345`.
    package let address: String
    private let channel: any Channel
    private let log: RequestLog

    /// Starts serving.
    package init(_ answers: @escaping Answers) async throws {
        let log = RequestLog()
        self.log = log
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMap {
                    channel.pipeline.addHandler(AnswerHandler(log: log, answers: answers))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        address = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    deinit { channel.close(promise: nil) }

    /// All requests so far.
    package var seen: [SeenRequest] { log.all }
}

private final class RequestLog: Sendable {
    private let requests = Mutex<[SeenRequest]>([])
    var all: [SeenRequest] { requests.withLock { $0 } }
    func add(_ request: SeenRequest) { requests.withLock { $0.append(request) } }
}

private final class AnswerHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: RequestLog
    private let answers: FakeServer.Answers

    init(log: RequestLog, answers: @escaping FakeServer.Answers) {
        self.log = log
        self.answers = answers
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let request = SeenRequest(head)
        log.add(request)
        send(answers(request), to: request, context)
    }

    private func send(_ answer: FakeAnswer, to request: SeenRequest, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(answer.headers.map { ($0.key, $0.value) })
        if !headers.contains(name: "Content-Length"), case .proper = answer.ending {
            headers.add(name: "Content-Length", value: "\(answer.body.count)")
        }
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: answer.status),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != "HEAD" {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        switch answer.ending {
        case .proper: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut:
            context.flush()
            // Later: with the connection, bytes would be lost that the client has not read yet.
            let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(200)) { loopBound.value.close(promise: nil) }
        case .silence: context.flush()
        case .endless:
            context.flush()
            pour(64, context)
        }
    }

    /// A mebibyte of zeros, and the next when it is gone.
    private func pour(_ times: Int, _ context: ChannelHandlerContext) {
        guard times > 0, context.channel.isActive else { return }
        let zeros = ByteBuffer(repeating: 0, count: 1 << 20)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(zeros)))).whenSuccess {
            self.pour(times - 1, loopBound.value)
        }
    }
}
