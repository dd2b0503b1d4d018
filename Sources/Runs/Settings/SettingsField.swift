// Typed reading of settings, with errors that say where: like `JSONField`, for YAML.

import JSON

/// A value that knows its file and its path.
struct SettingsField {
    let source: String
    /// Like `prompts.lag_values`; empty for the whole file.
    let path: String
    let value: YAMLValue
    var guide = SettingsError.Guide.settings

    func mismatch(expected: String) -> SettingsError {
        .value(
            source: source,
            line: value.line,
            column: value.column,
            path: path,
            expected: expected,
            found: value.summary,
            guide: guide
        )
    }

    /// Calls `body` with each key that is there; any other is an error. Nothing at all is a mapping without keys, since
    /// that is what a section is whose lines have all been made comments.
    func forEachKey<Key: CaseIterable & RawRepresentable<String>>(
        of type: Key.Type,
        _ body: (Key, SettingsField) throws(SettingsError) -> Void
    ) throws(SettingsError) {
        if value.isNull { return }
        guard case .mapping(let pairs) = value.content else {
            throw mismatch(expected: "settings, one a line, like 'name: value'")
        }
        for pair in pairs {
            guard case .scalar(let name, _) = pair.key.content else {
                let field = SettingsField(source: source, path: path, value: pair.key, guide: guide)
                throw field.mismatch(expected: "the name of a setting")
            }
            guard let key = Key(rawValue: name) else { throw unknown(name, at: pair.key, Key.self) }
            try body(
                key,
                SettingsField(source: source, path: step(to: name), value: pair.value, guide: guide)
            )
        }
    }

    private func unknown<Key: CaseIterable & RawRepresentable<String>>(
        _ name: String,
        at place: YAMLValue,
        _ type: Key.Type
    ) -> SettingsError {
        let known = Key.allCases.map(\.rawValue)
        return .unknownKey(
            source: source,
            line: place.line,
            column: place.column,
            path: step(to: name),
            suggestion: Spelling.near(name, among: known).first,
            known: known
        )
    }

    private func step(to name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

// Values
extension SettingsField {
    /// The text of a value without quotes.
    private var plain: String? {
        guard case .scalar(let text, isPlain: true) = value.content else { return nil }
        return text
    }

    /// The field, or nil where nothing is written after the key.
    var unlessNull: SettingsField? { value.isNull ? nil : self }

    func int<Value: FixedWidthInteger>(_ range: ClosedRange<Value>) throws(SettingsError) -> Value {
        // Digits only. With a zero in front, other programs take them as octal.
        if let plain, plain.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            plain == "0" || !plain.hasPrefix("0"), let int = Value(plain), range.contains(int)
        {
            return int
        }
        throw mismatch(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }

    /// A finite number that `isValid`.
    func double(_ expected: String, _ isValid: (Double) -> Bool) throws(SettingsError) -> Double {
        // Swift reads more than YAML does ("0x1p3", "infinity").
        if let plain, plain.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
            let double = Double(plain), double.isFinite, isValid(double)
        {
            return double
        }
        throw mismatch(expected: expected)
    }

    /// Text that is not empty.
    func text(_ expected: String) throws(SettingsError) -> String {
        guard case .scalar(let text, _) = value.content, !value.isNull, !text.isEmpty else {
            throw mismatch(expected: expected)
        }
        return text
    }

    func bool() throws(SettingsError) -> Bool {
        switch plain {
        case "true": return true
        case "false": return false
        default: throw mismatch(expected: "true or false")
        }
    }

    func choice<Value: CaseIterable & RawRepresentable<String>>(
        of type: Value.Type
    ) throws(SettingsError) -> Value {
        if case .scalar(let text, _) = value.content, let choice = Value(rawValue: text) { return choice }
        throw mismatch(expected: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }

    /// The values of a list that is not empty; nil if this is no list.
    func elements(_ expected: String) throws(SettingsError) -> [SettingsField] {
        guard case .list(let values) = value.content, !values.isEmpty else {
            throw mismatch(expected: expected)
        }
        return values.enumerated().map {
            SettingsField(source: source, path: "\(path)[\($0.offset)]", value: $0.element, guide: guide)
        }
    }

    var isList: Bool {
        if case .list = value.content { true } else { false }
    }
}
