// A resource adds its endpoints to the router; responses are JSON.
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// What the routes of one kind of thing are.
protocol Resource: Sendable {
    /// Adds the routes.
    func add(to router: Router<BasicRequestContext>)
}

extension Response {
    /// Bytes of a content type.
    static func bytes(
        _ data: some Sequence<UInt8>,
        type: String,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }

    /// JSON that is written already.
    static func json(_ data: Data) -> Response { bytes(data, type: ContentTypes.json) }

    /// A JSON value on one line.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        bytes((value.line + "\n").utf8, type: ContentTypes.json, status: status)
    }
}

/// Content types by the endings of files.
enum ContentTypes {
    static let json = "application/json; charset=utf-8"
    static let text = "text/plain; charset=utf-8"
    static let script = "text/javascript; charset=utf-8"

    /// Of a file that the page consists of; nil for one that is none.
    static func ofAsset(_ name: String) -> String? {
        switch URL(filePath: name).pathExtension {
        case "html": "text/html; charset=utf-8"
        case "js", "mjs": script
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "json": json
        default: nil
        }
    }

    /// Of a file of a run; nil for one that is not handed out. HTML is shown as text: it is not this server's own.
    static func ofResult(_ name: String) -> String? {
        switch URL(filePath: name).pathExtension {
        case "png": "image/png"
        case "svg": "image/svg+xml"
        case "json": json
        case "jsonl", "csv", "md", "html", "yaml", "txt": text
        default: nil
        }
    }
}
