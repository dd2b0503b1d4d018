// The address of a hub, and the only place that a token may go to.

import Foundation

/// A hub's address: scheme, host, port, and a path in front of everything if it is a mirror that has one.
public struct HubEndpoint: Sendable, Equatable, CustomStringConvertible {
    /// As in `HF_ENDPOINT`, without a slash at the end.
    public let description: String
    let origin: Origin

    /// Takes an address like `https://huggingface.co`; throws ``HubError/invalidSetting(name:problem:)``.
    public init(_ text: String) throws(HubError) {
        let trimmed = String(text.reversed().drop { $0 == "/" }.reversed())
        guard let url = URL(string: trimmed), let origin = Origin(url), url.query == nil, url.fragment == nil,
            url.user == nil, url.password == nil
        else {
            throw .invalidSetting(
                name: "HF_ENDPOINT",
                problem: "expected an address like https://huggingface.co, without user, password or query."
            )
        }
        description = trimmed
        self.origin = origin
    }

    /// The address under this endpoint of path components, each quoted.
    func url(_ components: [String]) throws(HubError) -> URL {
        let path = components.map(Self.quoted).joined(separator: "/")
        guard let url = URL(string: description + "/" + path) else {
            throw .invalidSetting(name: "HF_ENDPOINT", problem: "it is not an address.")
        }
        return url
    }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )

    private static func quoted(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }
}

/// Scheme, host and port: who a request goes to.
struct Origin: Sendable, Equatable {
    let scheme: String
    let host: String
    let port: Int

    /// nil if the address is not one of HTTP.
    init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host()?.lowercased(), !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = url.port ?? (scheme == "https" ? 443 : 80)
    }
}
