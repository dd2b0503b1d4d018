// Who may ask: only pages that this server has sent.
//
// A page of another site can make a browser send requests here. What names another host comes through DNS that was turned to
// this machine (rebinding): refused. What changes something must come from this server's own pages: by `Origin`, and by
// a content type that a form cannot have.
import HTTPTypes
import Hummingbird
import NIOCore

/// Refuses requests for other hosts, and changes from other origins.
struct GateMiddleware<Context: RequestContext>: RouterMiddleware {
    let hosts: HostRule

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let authority = request.head.authority ?? ""
        guard hosts.allows(authority) else {
            throw APIError(
                .forbidden,
                "wrong_host",
                "this server answers requests for \(hosts.names), not for '\(authority.prefix(200))'."
            )
        }
        if request.method != .get, request.method != .head { try checkOrigin(of: request, at: authority) }
        return try await next(request, context)
    }

    private func checkOrigin(of request: Request, at authority: String) throws {
        // Programs send none; browsers always do where something is changed.
        if let origin = request.headers[.origin], origin.lowercased() != "http://" + authority.lowercased() {
            throw APIError(
                .forbidden,
                "wrong_origin",
                "'\(origin.prefix(200))' is another origin; only this server's own pages may ask for changes."
            )
        }
        let type = request.headers[.contentType]?.prefix { $0 != ";" }
            .trimmingPrefix { $0 == " " }.lowercased()
        guard type?.filter({ $0 != " " }) == "application/json" else {
            throw APIError(
                .unsupportedMediaType,
                "wrong_type",
                "\(request.method.rawValue) needs the header Content-Type: application/json."
            )
        }
    }
}

/// The names that this server goes by.
struct HostRule: Sendable {
    private let allowed: Set<String>
    /// Where the server listens on all addresses. A name can be turned to another machine; an address cannot.
    private let allowsAddresses: Bool

    /// Loopback's names, and the host that the server was told to listen on.
    init(serving host: String) {
        allowsAddresses = Self.name(of: host) == nil
        allowed = Set(["127.0.0.1", "localhost", "[::1]"] + [Self.name(of: host)].compactMap(\.self))
    }

    /// Whether the value of a Host header names this server; the port may be another's, behind a tunnel.
    func allows(_ authority: String) -> Bool {
        guard authority.utf8.count <= 260 else { return false }
        let lower = authority.lowercased()
        let end = lower.lastIndex(of: "]") ?? lower.startIndex
        guard let colon = lower[end...].lastIndex(of: ":") else { return allows(name: lower) }
        let port = lower[lower.index(after: colon)...]
        guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), UInt16(port) != nil else {
            return false
        }
        return allows(name: String(lower[..<colon]))
    }

    private func allows(name: String) -> Bool {
        if allowed.contains(name) { return true }
        guard allowsAddresses else { return false }
        let isInBrackets = name.hasPrefix("[") && name.hasSuffix("]")
        let address = isInBrackets ? String(name.dropFirst().dropLast()) : name
        return address.contains(":") == isInBrackets
            && (try? SocketAddress(ipAddress: address, port: 0)) != nil
    }

    /// For messages.
    var names: String {
        allowed.sorted().joined(separator: ", ") + (allowsAddresses ? ", and this machine's addresses" : "")
    }

    /// A host as it stands in an address; nil for all of them, which are no name.
    private static func name(of host: String) -> String? {
        if ["0.0.0.0", "::", ""].contains(host) { return nil }
        return host.contains(":") && !host.hasPrefix("[") ? "[\(host.lowercased())]" : host.lowercased()
    }
}
