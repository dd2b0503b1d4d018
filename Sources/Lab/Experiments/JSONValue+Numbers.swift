// Whole numbers and estimates of results as JSON: what is not defined is null.
import Induction
import JSON

extension JSONValue {
    /// A whole number, or null.
    static func int(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }

    /// `{"mean": ..., "low": ..., "high": ...}`.
    static func estimate(_ value: Estimate) -> JSONValue {
        ["mean": .number(value.mean), "low": .number(value.low), "high": .number(value.high)]
    }
}
