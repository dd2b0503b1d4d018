// From the bytes of a settings file to values: YAML without anchors, aliases, tags and several documents.
//
// Promises: any bytes give values or a `SettingsError` with a line, in time and memory proportional to their number.
// Aliases are the danger (a few lines of them can stand for billions of values, which the parser compares where they are
// keys), and the parser has no switch for them: their signs are replaced by scalars without meaning before it runs.

import Dispatch
import Foundation
import JSON
import Synchronization
import Yams

extension YAMLValue {
    /// Levels of nesting; settings need three.
    private static let mostLevels = 16

    /// The value of the only document in `bytes`; nil if there is none.
    static func read(_ bytes: [UInt8], source: String) throws(SettingsError) -> YAMLValue? {
        let text = try decode(bytes, source: source)
        let result = onDeepStack { () throws(SettingsError) in try parse(text, source: source) }
        return try result.get()
    }

    private static func parse(_ text: String, source: String) throws(SettingsError) -> YAMLValue? {
        let signs = StandIns(for: text)
        let parsed: Node?
        do {
            // The encoding is named, since the default asks the environment and prints.
            let parser = try Parser(yaml: signs.replaced(text), resolver: .basic, encoding: .utf8)
            parsed = try parser.singleRoot()
        } catch let error as YamlError {
            throw SettingsError(error, source: source, text: text, signs)
        } catch {
            throw .text(source: source, line: 1, column: 1, problem: "\(error).")
        }
        guard let parsed else { return nil }
        return try YAMLValue(parsed, source: source, signs: signs, levels: mostLevels)
    }

    private init(
        _ node: Node,
        source: String,
        signs: StandIns,
        levels: Int
    ) throws(SettingsError) {
        let (line, column) = (node.mark?.line ?? 1, node.mark?.column ?? 1)
        (self.line, self.column) = (line, column)
        func refused(_ problem: String) -> SettingsError {
            .text(source: source, line: line, column: column, problem: problem)
        }
        guard levels > 0 else { throw refused("values are nested too deeply.") }
        func inner(_ node: Node) throws(SettingsError) -> YAMLValue {
            try YAMLValue(node, source: source, signs: signs, levels: levels - 1)
        }
        let tag: Tag
        switch node {
        case .scalar(let scalar):
            tag = scalar.tag
            let isPlain = scalar.style == .plain
            if isPlain, signs.begin(scalar.string) {
                throw refused("anchors (&) and aliases (*) are not used in settings: write the value out.")
            }
            content = .scalar(signs.restored(scalar.string), isPlain: isPlain)
        case .sequence(let sequence):
            tag = sequence.tag
            var values: [YAMLValue] = []
            for node in sequence { values.append(try inner(node)) }
            content = .list(values)
        case .mapping(let mapping):
            tag = mapping.tag
            var pairs: [(key: YAMLValue, value: YAMLValue)] = []
            for pair in mapping { pairs.append((try inner(pair.key), try inner(pair.value))) }
            content = .mapping(pairs)
        case .alias:
            throw refused("anchors (&) and aliases (*) are not used in settings: write the value out.")
        }
        guard
            ["", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"].contains(
                tag.description
            )
        else {
            throw refused("tags (!) are not used in settings: leave \(Quoted.text(tag.description)) away.")
        }
    }

    /// UTF-8, with or without the mark that some editors put in front.
    private static func decode(_ bytes: [UInt8], source: String) throws(SettingsError) -> String {
        let bytes = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        throw .text(
            source: source,
            line: line + 1,
            column: 1,
            problem: "the line is not UTF-8 text: save the file in that encoding."
        )
    }
}

/// Does `body` on a thread of its own: the parser recurses up to 1000 levels deep, more than the stack of a small thread
/// has room for.
private func onDeepStack<Value: Sendable>(
    _ body: @escaping @Sendable () throws(SettingsError) -> Value
) -> Result<Value, SettingsError> {
    let work = Work(body)
    let thread = Thread { work.run() }
    thread.stackSize = 32 << 20
    thread.start()
    return work.wait()
}

/// Something that one thread does and another waits for.
private final class Work<Value: Sendable>: Sendable {
    private let body: @Sendable () throws(SettingsError) -> Value
    private let result = Mutex<Result<Value, SettingsError>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws(SettingsError) -> Value) { self.body = body }

    func run() {
        let found = Result(catching: body)
        result.withLock { $0 = found }
        isDone.signal()
    }

    func wait() -> Result<Value, SettingsError> {
        while true {
            isDone.wait()
            if let found = result.withLock({ $0 }) { return found }
        }
    }
}

/// Scalars that a text does not have, in place of the signs for anchors and aliases.
private struct StandIns {
    private let pairs: [(sign: Unicode.Scalar, standIn: Unicode.Scalar)]

    init(for text: String) {
        let used = Set(text.unicodeScalars)
        // A plane for private use; a file of the size that is read cannot hold all of it.
        let free = (0xf0000...0xffffd as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init).filter {
            !used.contains($0)
        }
        pairs = Array(zip(["&", "*"] as [Unicode.Scalar], free))
    }

    func replaced(_ text: String) -> String {
        map(text) { scalar in pairs.first { $0.sign == scalar }?.standIn }
    }

    func restored(_ text: String) -> String {
        map(text) { scalar in pairs.first { $0.standIn == scalar }?.sign }
    }

    func begin(_ text: String) -> Bool { pairs.contains { $0.standIn == text.unicodeScalars.first } }

    private func map(_ text: String, _ other: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(other(scalar) ?? scalar) }
        return String(result)
    }
}

extension SettingsError {
    /// What the parser says, in our words where ours are clearer.
    fileprivate init(_ error: YamlError, source: String, text: String, _ signs: StandIns) {
        func at(_ mark: Mark, _ problem: String) -> SettingsError {
            .text(source: source, line: mark.line, column: mark.column, problem: problem)
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            // Bytes, since to Swift a line feed after a carriage return is another character than one alone.
            let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let (space, tab) = (UInt8(ascii: " "), UInt8(ascii: "\t"))
            let hasTab =
                lines.indices.contains(mark.line - 1)
                && lines[mark.line - 1].prefix { $0 == space || $0 == tab }.contains(tab)
            self = at(mark, hasTab ? "the line is indented with a tab: use spaces." : "\(problem).")
        case .composer(_, _, let mark, _):
            self = at(mark, "a second document begins here, and settings are one.")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { Quoted.text(signs.restored($0)) }.joined(separator: ", ")
            self = at(context.mark, "the key \(names) is there more than once; this is the first.")
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0)
            let line = before.count { $0.isNewline } + 1
            let column = before.reversed().prefix { !$0.isNewline }.count + 1
            self = .text(source: source, line: line, column: column, problem: "\(problem).")
        default:
            self = .text(source: source, line: 1, column: 1, problem: "it cannot be read: \(error).")
        }
    }
}
