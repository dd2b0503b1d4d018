// Means over prompts of what causal experiments read, with intervals; and what is said of them.
import Induction
import JSON

extension PromptBootstrap {
    /// The mean of each series over prompts, with its interval; without values where one of a series is no number.
    ///
    /// - Parameter series: [series][prompt].
    func means(of series: [[Double]]) -> [Estimate] {
        let isDefined = series.map { $0.allSatisfy(\.isFinite) }
        let sums = (0..<promptCount).map { prompt in
            zip(series, isDefined).map { $1 ? $0[prompt] : 0 }
        }
        let counts = [Int](repeating: 1, count: promptCount)
        return zip(estimates(sums: sums, counts: counts), isDefined).map { estimate, isDefined in
            isDefined ? estimate : Estimate(mean: nil, low: nil, high: nil, pairs: promptCount)
        }
    }

    /// What a reader must know of intervals from few prompts.
    static func notes(promptCount: Int) -> [String] {
        guard promptCount < reliablePromptCount else { return [] }
        if promptCount == 1 { return ["One prompt has no spread: there are no intervals."] }
        return [
            "Intervals from \(promptCount) prompts are approximate; \(reliablePromptCount) or more make them reliable."
        ]
    }
}

extension Estimate {
    /// What a text says where there is no value.
    static let missing = "–"

    /// Such as `+1.448 [+1.201, +1.702]`.
    func text(_ format: (Double) -> String) -> String {
        guard let mean else { return Self.missing }
        guard let low, let high else { return format(mean) }
        return "\(format(mean)) [\(format(low)), \(format(high))]"
    }

    /// `<name>`, `<name>_low` and `<name>_high`.
    func fields(_ name: String) -> [String: JSONValue] {
        [name: .number(mean), name + "_low": .number(low), name + "_high": .number(high)]
    }
}

extension JSONValue {
    /// A number, or null where there is none.
    static func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
}

extension Double? {
    /// As a field of a table: empty where there is none.
    var csv: String { map { "\($0)" } ?? "" }
}

extension [Double] {
    /// The mean; nil of nothing.
    var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }

    /// The median; nil of nothing.
    var median: Double? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }

    /// The standard deviation of a sample (n - 1); nil below two values.
    var deviation: Double? {
        guard count > 1, let mean else { return nil }
        return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
    }
}
