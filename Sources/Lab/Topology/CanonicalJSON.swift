// Results as text: the same value gives the same bytes.
public import Foundation
import JSON

/// A value as canonical JSON, names in snake case, with further fields.
func canonicalJSON(_ value: some Encodable, with fields: [String: JSONValue] = [:]) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let json = JSONValue(try JSONField(parsing: Array(encoder.encode(value)), source: "result"))
    guard case .object(let own) = json else { return json.text }
    return JSONValue.object(own.merging(fields) { own, _ in own }).text
}

extension TopologyResults {
    /// All results as one JSON object, models in order.
    public func json() throws -> Data {
        let text =
            switch self {
            case .profiles(let results, let overlay):
                try canonicalJSON(Profiles(profiles: results, overlay: overlay))
            case .nulls(let results): try canonicalJSON(["nulls": results])
            case .causal(let results): try canonicalJSON(["causal": results])
            case .lags(let results): try canonicalJSON(["lagbuckets": results])
            }
        return Data(text.utf8)
    }

    private struct Profiles: Encodable {
        let profiles: [ProfileResult]
        let overlay: OverlayResult?
    }
}
