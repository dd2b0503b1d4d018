// Ranges of the lag t - s, so that one pass tells heads for near copies from heads for far ones.

/// Lags from `first` up to `last`.
public struct LagBucket: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Shortest lag.
    public var first: Int
    /// Longest lag; nil for no limit.
    public var last: Int?

    /// Both ends, which belong to it.
    public init(first: Int, last: Int? = nil) {
        precondition(first >= 1 && last ?? first >= first, "lags \(first) to \(last ?? first)")
        self.first = first
        self.last = last
    }

    /// Lags up to `shortMax`, and all above (seed 000's `--short_max`).
    public static func shortAndLong(shortMax: Int) -> [LagBucket] {
        [LagBucket(first: 1, last: shortMax), LagBucket(first: shortMax + 1)]
    }

    /// Whether a lag belongs to it.
    public func contains(_ lag: Int) -> Bool { lag >= first && lag <= last ?? lag }

    /// Such as `1-8` or `9+`.
    public var description: String { last.map { "\(first)-\($0)" } ?? "\(first)+" }
}
