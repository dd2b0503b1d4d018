// How much of what a corruption broke a patched component restores.
//
// Quantity: mean over prompts of (patched - corrupted) over mean over prompts of (clean - corrupted), a ratio of means:
// 1 restores all, 0 nothing; unbounded. Interval: BCa over prompts, numerator and denominator from the same resample.
// `std`: of the prompts' (patched - corrupted), over the mean denominator. Undefined where the denominator is below
// twice its standard error over prompts: noise over noise. A high recovery says that the component carries what
// differs between the two prompts, not that it computes it, and recoveries of components do not add up.
import Foundation

/// Restored share of an effect.
public struct Recovery: Sendable, Equatable, Codable {
    /// Why there is no recovery.
    public enum Undefined: Sendable, Equatable, Codable, CustomStringConvertible {
        /// Clean and corrupted prompts differ by less than twice the standard error of the difference (nil for one
        /// prompt, which has none).
        case noDifference(difference: Double, standardError: Double?)
        /// A value that is no number.
        case notFinite

        /// One sentence.
        public var description: String {
            switch self {
            case .noDifference(0, _):
                "undefined: the metric is the same on clean and corrupted prompts."
            case .noDifference(let difference, let error?):
                """
                undefined: clean and corrupted prompts differ by \(Recovery.short(difference)) on average, less than twice the standard \
                error, \(Recovery.short(error)).
                """
            case .noDifference(let difference, nil):
                "undefined: clean and corrupted prompts differ by \(Recovery.short(difference))."
            case .notFinite:
                "undefined: a value is infinite or not a number."
            }
        }
    }

    private static func short(_ value: Double) -> String { String(format: "%.3g", value) }

    /// The ratio of means; nil where undefined.
    public var mean: Double?
    /// Lower end of the interval; nil where undefined and for one prompt.
    public var low: Double?
    /// Upper end of the interval; nil where undefined and for one prompt.
    public var high: Double?
    /// Standard deviation over prompts; nil where undefined and for one prompt.
    public var std: Double?
    /// Number of prompts.
    public var trials: Int
    /// Why there is no mean; nil where there is one.
    public var undefined: Undefined?

    /// All fields.
    public init(
        mean: Double?,
        low: Double?,
        high: Double?,
        std: Double?,
        trials: Int,
        undefined: Undefined? = nil
    ) {
        self.mean = mean
        self.low = low
        self.high = high
        self.std = std
        self.trials = trials
        self.undefined = undefined
    }

    static func undefined(_ reason: Undefined, trials: Int) -> Recovery {
        Recovery(mean: nil, low: nil, high: nil, std: nil, trials: trials, undefined: reason)
    }
}

extension PromptBootstrap {
    /// The recovery of many components at once. For noising, exchange `clean` and `corrupted`.
    ///
    /// - Parameters:
    ///   - clean: the metric of each clean prompt: the mean over the positions read, or their sum where every position
    ///     is to weigh the same.
    ///   - corrupted: of each corrupted prompt.
    ///   - patched: of each corrupted prompt with the component's activation from the clean one: [component][prompt].
    public func recoveries(clean: [Double], corrupted: [Double], patched: [[Double]]) -> [Recovery] {
        precondition(
            clean.count == promptCount && corrupted.count == promptCount
                && patched.allSatisfy { $0.count == promptCount },
            "one value a prompt"
        )
        let differences = zip(clean, corrupted).map { $0 - $1 }
        let (difference, spread) = meanAndDeviation(differences)
        let error = spread.map { $0 / Double(promptCount).squareRoot() }
        guard difference.isFinite, error?.isFinite ?? true else {
            return patched.map { _ in .undefined(.notFinite, trials: promptCount) }
        }
        guard difference != 0, difference.magnitude >= 2 * (error ?? 0) else {
            let reason = Recovery.Undefined.noDifference(difference: difference, standardError: error)
            return patched.map { _ in .undefined(reason, trials: promptCount) }
        }
        let usable = patched.map { zip($0, corrupted).map { $0 - $1 } }
        let finite = usable.map { $0.allSatisfy(\.isFinite) }
        // [prompt][component]; what is no number would only spread.
        let numerators = (0..<promptCount).map { prompt in
            zip(usable, finite).map { $1 ? $0[prompt] : 0 }
        }
        let found = ratios(of: numerators, to: differences)
        return found.indices.map { component in
            guard finite[component] else { return .undefined(.notFinite, trials: promptCount) }
            let interval = promptCount > 1 ? found[component].interval : nil
            return Recovery(
                mean: found[component].ratio,
                low: interval?.lowerBound,
                high: interval?.upperBound,
                std: meanAndDeviation(usable[component]).deviation.map { $0 / difference.magnitude },
                trials: promptCount
            )
        }
    }
}

/// Mean and sample standard deviation (n - 1); nil for one value.
private func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double?) {
    let mean = values.reduce(0, +) / Double(values.count)
    guard values.count > 1 else { return (mean, nil) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
}
