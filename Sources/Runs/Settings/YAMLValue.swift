// The values of a YAML document, each with its place.

import JSON

/// A value of a settings file.
struct YAMLValue: Sendable {
    enum Content: Sendable {
        /// A single value; `isPlain` if it is not in quotes.
        case scalar(String, isPlain: Bool)
        case list([YAMLValue])
        case mapping([(key: YAMLValue, value: YAMLValue)])
    }

    let content: Content
    /// From 1, as in an editor.
    let line: Int
    /// From 1, in Unicode scalars.
    let column: Int

    /// Nothing, or one of the words for it.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, for messages.
    var summary: String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        return switch content {
        case _ where isNull: "nothing"
        case .scalar(let text, isPlain: true) where Double(text) != nil: Quoted.shortened(text)
        case .scalar(let text, _): Quoted.text(text)
        case .list(let values): "a list of " + counted(values.count, "value")
        case .mapping(let pairs): "a mapping with " + counted(pairs.count, "key")
        }
    }
}
