// Numbers of results as JSON: what is not defined is null.
import Induction
import JSON

extension JSONValue {
    /// A number, or null.
    static func double(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }

    /// A whole number, or null.
    static func int(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }

    /// `{"mean": ..., "low": ..., "high": ...}`.
    static func estimate(_ value: Estimate) -> JSONValue {
        ["mean": .double(value.mean), "low": .double(value.low), "high": .double(value.high)]
    }
}
