// The user's key to the hub.
//
// Promises: the text is only ever a header of a request to the hub itself (see `Transport`): printing or dumping the
// value shows that there is a token, not which.

/// An access token that does not show itself.
public struct HubToken: Sendable, Equatable {
    private let text: String

    /// Takes a token as a variable or a file holds it, without the white space around it; nil if nothing is left.
    /// Throws ``HubError/invalidSetting(name:problem:)`` if it could not be sent: `source` says where it is from.
    public init?(_ text: String, source: String) throws(HubError) {
        let trimmed = text.filter { !$0.isNewline }.trimmingPrefix { $0.isWhitespace }
        let cleaned = String(trimmed.reversed().trimmingPrefix { $0.isWhitespace }.reversed())
        guard !cleaned.isEmpty else { return nil }
        guard cleaned.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else {
            throw .invalidSetting(
                name: source,
                problem: "a token is letters, digits and '_', without spaces."
            )
        }
        self.text = cleaned
    }

    /// What the `Authorization` header says.
    var authorization: String { "Bearer " + text }
}

extension HubToken: CustomStringConvertible, CustomReflectable {
    /// Not the token.
    public var description: String { "HubToken(...)" }
    /// Not the token.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
