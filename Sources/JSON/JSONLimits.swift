// What a reader is willing to take, so that time and memory stay in proportion whatever a file holds.

/// What a document may have.
public struct JSONLimits: Sendable {
    /// How deep arrays and objects may be nested. Reading recurses: keep it in the hundreds.
    public var depth = 64
    /// How many values there may be in all; each costs at most 24 bytes beside the text.
    public var values = 1_000_000
    /// How many bytes one string or number may have.
    public var text = 1 << 20
    /// Whether `NaN`, `Infinity` and `-Infinity` are numbers. They are not JSON, but Python writes them.
    public var acceptsNonFinite = false

    /// The usual limits.
    public init() {}

    /// The usual limits, and numbers as Python writes them.
    public static var python: JSONLimits {
        var limits = JSONLimits()
        limits.acceptsNonFinite = true
        return limits
    }
}
