// What can be wrong with a settings file.
import JSON

/// A settings file that cannot be used. Lines and columns count from 1, columns in Unicode scalars.
public enum SettingsError: Error, Equatable, Sendable {
    /// What explains the settings of a file.
    public enum Guide: String, Equatable, Sendable {
        /// The commented default of settings.yaml.
        case settings = "induct settings"
        /// The options of training, which are called as its settings are.
        case training = "induct train --help"

        /// Where to start, for a file that cannot be read at all.
        var start: String {
            switch self {
            case .settings: "'\(rawValue)' prints one to start from."
            case .training: "'\(rawValue)' names what may stand in it."
            }
        }
    }

    /// The text is not YAML, or is YAML that settings have no use for.
    case text(source: String, line: Int, column: Int, problem: String, guide: Guide = .settings)
    /// A key that means nothing, at `path` like `prompts.n_sequence`; `known` are those that do, in that place.
    case unknownKey(
        source: String,
        line: Int,
        column: Int,
        path: String,
        suggestion: String?,
        known: [String]
    )
    /// A value that is not what it should be.
    case value(
        source: String,
        line: Int,
        column: Int,
        path: String,
        expected: String,
        found: String,
        guide: Guide = .settings
    )
}

extension SettingsError: CustomStringConvertible {
    /// One paragraph: file, place, what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .text(let source, let line, let column, let problem, let guide):
            "\(source): line \(line), column \(column): \(problem) Correct the file; \(guide.start)"
        case .unknownKey(let source, let line, let column, let path, let suggestion, let known):
            "\(source): line \(line), column \(column): there is no setting \(Quoted.text(path)). "
                + (suggestion.map { "Did you mean \(Quoted.text($0))? " } ?? "")
                + "Here go: \(known.joined(separator: ", "))."
        case .value(let source, let line, let column, let path, let expected, let found, let guide):
            "\(source): line \(line), column \(column): \(path.isEmpty ? "" : path + ": ")"
                + "expected \(expected), found \(found). Correct the file; '\(guide.rawValue)' explains each setting."
        }
    }
}
