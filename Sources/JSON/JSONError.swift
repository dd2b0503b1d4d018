// What can be wrong with a JSON file: its grammar, or a field of it.

/// A JSON file that cannot be used.
public enum JSONError: Error, Equatable, Sendable {
    /// The text is not JSON, or more than the reader takes. `line` and `column` count from 1, `offset`
    /// (bytes) from 0.
    case syntax(source: String, line: Int, column: Int, offset: Int, problem: String)
    /// A field is missing or is not what it should be. `path` is like `rope_scaling.factor` or `layers[3]`,
    /// and empty for the whole document.
    case field(source: String, path: String, expected: String, found: String)
}

extension JSONError: CustomStringConvertible {
    /// One paragraph: file, place, what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .syntax(let source, let line, let column, _, let problem):
            "\(source): line \(line), column \(column): \(problem). "
                + "The file is damaged or is not JSON: correct it, or download or write it again."
        case .field(let source, let path, let expected, let found):
            "\(source): \(path.isEmpty ? "" : path + ": ")expected \(expected), found \(found). "
                + "Correct the file, or download or write it again."
        }
    }
}
