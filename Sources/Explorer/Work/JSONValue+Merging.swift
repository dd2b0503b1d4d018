// A question's fields over the defaults'.
import JSON

extension JSONValue {
    /// This value with the fields of another in place of its own, at all depths.
    ///
    /// An object of one name is a choice among cases (`{"highest": {...}}`): another name replaces it. Lists are merged item by
    /// item if both hold as many objects, else replaced.
    func merging(_ other: JSONValue) -> JSONValue {
        switch (self, other) {
        case (.object(let mine), .object(let theirs)):
            let isChoice = mine.count == 1 && theirs.count == 1 && mine.keys.first != theirs.keys.first
            if isChoice, case .object? = mine.values.first { return other }
            return .object(mine.merging(theirs) { $0.merging($1) })
        case (.array(let mine), .array(let theirs))
        where mine.count == theirs.count && (mine + theirs).allSatisfy(\.isObject):
            return .array(zip(mine, theirs).map { $0.merging($1) })
        default: return other
        }
    }

    /// Where this value has a field that another lacks, such as `prompts.recipe.lenght`; nil where it has none. Null
    /// counts as not there.
    func path(missingIn other: JSONValue) -> String? {
        switch (self, other) {
        case (.null, _): return nil
        case (.object(let mine), .object(let theirs)):
            for (name, value) in mine.sorted(by: { $0.key < $1.key }) where value != .null {
                guard let counterpart = theirs[name] else { return name }
                if let rest = value.path(missingIn: counterpart) { return "\(name).\(rest)" }
            }
            return nil
        case (.array(let mine), .array(let theirs)):
            for (index, (value, counterpart)) in zip(mine, theirs).enumerated() {
                if let rest = value.path(missingIn: counterpart) { return "[\(index)].\(rest)" }
            }
            return nil
        default: return nil
        }
    }

    /// Whether a field of one of these names is anywhere in it.
    func holds(_ names: Set<String>) -> Bool {
        switch self {
        case .object(let fields):
            fields.contains { names.contains($0.key) || $0.value.holds(names) }
        case .array(let values): values.contains { $0.holds(names) }
        case .null, .bool, .number, .string: false
        }
    }

    private var isObject: Bool {
        if case .object = self { true } else { false }
    }
}
