// An estimate with its uncertainty.

/// A mean with an interval over prompts.
public struct Estimate: Equatable, Sendable, Codable {
    /// The value over all prompts; nil where nothing could be averaged.
    public var mean: Double?
    /// Lower end of the interval; nil below two prompts that have something to average.
    public var low: Double?
    /// Upper end of the interval; nil below two prompts that have something to average.
    public var high: Double?
    /// How many (prompt, position) values were averaged.
    public var pairs: Int

    /// All fields.
    public init(mean: Double?, low: Double?, high: Double?, pairs: Int) {
        self.mean = mean
        self.low = low
        self.high = high
        self.pairs = pairs
    }
}
