// A report of runs: what was asked, what was found, figures, definitions, receipts. Nothing is computed anew but the figures of
// training runs, which are drawn from their records.
public import Foundation
import Runs

/// What a report tells, in order.
public struct Report: Sendable {
    /// The heading.
    public var title: String
    /// What stands before the runs, paragraph by paragraph.
    public var lead: [String]
    /// A section a run.
    public var sections: [Section]
    /// Runs in a directory of them that cannot be told, each with the reason.
    public var skipped: [ReportError] = []

    /// All fields.
    public init(title: String, lead: [String] = [], sections: [Section]) {
        self.title = title
        self.lead = lead
        self.sections = sections
    }

    /// A run.
    public struct Section: Sendable {
        /// What it is called in names of files; unlike any other section's.
        public var id: String
        /// Which command ran.
        public var command: String
        /// What was found.
        public var story: RunStory
        /// In the order in which they are shown.
        public var figures: [Picture]
        /// Who, where, when: names with values.
        public var facts: [Fact]
        /// The whole receipt, or the settings of a training run: JSON.
        public var receipt: String
    }

    /// A line of a receipt.
    public struct Fact: Equatable, Sendable {
        /// What.
        public var name: String
        /// Its value.
        public var value: String
    }

    /// A figure, as far as it has been drawn.
    public struct Picture: Sendable {
        /// The name of its file, without an ending.
        public var name: String
        /// What it shows, in one sentence.
        public var description: String
        /// A Vega-Lite specification: JSON that may stand inside HTML.
        public var spec: Data
        /// The same as a picture; nil where it was not drawn.
        public var png: Data?
    }

    /// What the words mean that the sections use, in order, each once.
    var terms: [Glossary.Term] {
        var seen: Set<String> = []
        return sections.flatMap { Glossary.terms(of: $0.command) }.filter { seen.insert($0.name).inserted }
    }
}

/// Why there is no report.
public enum ReportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Neither a run nor a directory of runs.
    case noRun(path: String)
    /// A run that has not come to its end.
    case unfinished(path: String, command: String)
    /// A run without the file that tells it.
    case noStory(path: String, command: String)

    /// One paragraph: what was found, what to do.
    public var description: String {
        switch self {
        case .noRun(let path):
            """
            '\(path)' is no run: it has neither a receipt (\(Receipt.fileName)) nor a training run's config.json, and no directory in it \
            has. Name directories that induct has written, such as those in outputs/runs.
            """
        case .unfinished(let path, let command):
            "'\(path)' was not finished. Run 'induct \(command)' again, or leave it out."
        case .noStory(let path, let command):
            """
            '\(path)' has no \(RunStory.fileName): it was lost, or an earlier version of induct made the run. Run \
            'induct \(command)' again, or leave it out.
            """
        }
    }
}
