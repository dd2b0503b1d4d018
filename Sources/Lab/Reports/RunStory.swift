// What a run found, in words: written beside the results, so that a report can tell it without doing anything again.
import Foundation
import Induction
import JSON

/// A run for readers.
public struct RunStory: Codable, Equatable, Sendable {
    /// Its file in a run's directory.
    public static let fileName = "story.json"

    /// What was found, in one sentence.
    public var headline: String
    /// What else there is to say, what it means, what it does not show.
    public var paragraphs: [String]
    /// The tables that the command prints.
    public var text: String

    /// - Parameters:
    ///   - sentences: the headline, then the paragraphs.
    ///   - text: what the command prints.
    init(_ sentences: [String], text: String) {
        precondition(!sentences.isEmpty, "a story without a headline")
        headline = sentences[0]
        paragraphs = Array(sentences.dropFirst())
        self.text = text
    }

    /// The file.
    func file() throws -> NamedFile {
        NamedFile(Self.fileName, try JSONValue(encoding: self).text)
    }
}

extension AnalysisResult {
    /// The findings with the tables.
    public var story: RunStory { RunStory(findings, text: text) }
}

extension Estimate {
    /// Such as `97.2% [96.0%, 98.1%]`.
    var percent: String { text { String(format: "%.1f%%", 100 * $0) } }

    /// Such as `+3.106 [+2.608, +3.505]`.
    var signed: String { text { Optional($0).signed } }
}

extension Recovery {
    /// Such as `25.5% [23.7%, 27.1%]`.
    var percent: String { Estimate(mean: mean, low: low, high: high, pairs: trials).percent }
}
