// Sections from the directories of runs.
import Figures
import Files
public import Foundation
import JSON
import Runs

extension Report {
    /// A report of runs, or of all runs in directories of them; of these, the ones that cannot be told are `skipped`.
    ///
    /// - Throws: ``ReportError``, `FileError`, `JSONError`, `TrainingDirectoryError`.
    public init(of places: [URL]) throws {
        self.init(title: "", sections: [])
        for place in places {
            if Self.isRun(place) {
                try add(place)
                continue
            }
            for run in try Self.runs(below: place) {
                do { try add(run) } catch let error as ReportError { skipped.append(error) }
            }
        }
        if sections.isEmpty, let reason = skipped.first { throw reason }
        title = sections.count == 1 ? sections[0].title : "\(sections.count) runs"
    }

    /// A report of one training run, or of what several have in common.
    ///
    /// - Parameters:
    ///   - figures: of them.
    ///   - directory: where the figures have been drawn.
    public init(of records: [TrainingRecord], figures: [NamedFigure], drawnIn directory: URL) throws {
        let section = try Section(of: records, figures: figures, drawnIn: directory, id: "training")
        let title = records.count == 1 ? records[0].name : "\(records.count) training runs"
        self.init(title: title, sections: [section])
    }

    private mutating func add(_ run: URL) throws {
        let name = run.standardizedFileURL.lastPathComponent
        var (id, number) = (name, 1)
        while sections.contains(where: { $0.id == id }) {
            number += 1
            id = "\(name)-\(number)"
        }
        sections.append(try Section(of: run, id: id))
    }

    private static func runs(below place: URL) throws -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        let found = names.filter { !$0.hasPrefix(".") }.sorted().map { place.appending(path: $0) }.filter(
            isRun
        )
        guard !found.isEmpty else { throw ReportError.noRun(path: place.relativePath) }
        return found
    }

    private static func isRun(_ url: URL) -> Bool {
        TrainingDirectory.isRun(url)
            || FileManager.default.fileExists(atPath: url.appending(path: Receipt.fileName).path)
    }
}

extension Report.Section {
    /// Bytes of a story or of a run's figures, at most.
    private static let mostBytes = 64 << 20

    /// The section of one run.
    ///
    /// - Throws: ``ReportError``, `FileError`, `JSONError`, `TrainingDirectoryError`.
    init(of run: URL, id: String) throws {
        if TrainingDirectory.isRun(run) {
            let record = try TrainingRecord(of: run)
            try self.init(of: [record], figures: record.figures(), drawnIn: run, id: id)
            return
        }
        let stored = try RunStore.run(at: run)
        let file = run.appending(path: RunStory.fileName)
        let command = stored.receipt.question.command
        guard stored.state == .complete else {
            throw ReportError.unfinished(path: run.relativePath, command: command)
        }
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw ReportError.noStory(path: run.relativePath, command: command)
        }
        self.init(
            id: id,
            command: command,
            story: try JSONValue(JSONField(reading: file, size: Self.mostBytes)).decoded(),
            figures: try Self.figures(in: run),
            facts: Self.facts(of: stored.receipt),
            receipt: stored.receipt.json.text
        )
    }

    /// The section of training runs: one with all its figures, or several with what they have in common.
    ///
    /// - Parameters:
    ///   - figures: of them.
    ///   - directory: where the figures have been drawn, if they have.
    init(of records: [TrainingRecord], figures: [NamedFigure], drawnIn directory: URL, id: String) throws {
        precondition(!records.isEmpty, "a section of no run")
        let isOne = records.count == 1
        let outcomes = records.map { record in
            "\(record.name): \(record.transition)\n"
                + (record.evaluations.last.map { $0.summary + "\n" } ?? "")
        }
        self.init(
            id: id,
            command: "train",
            story: RunStory(
                [
                    isOne
                        ? "\(records[0].name): \(records[0].transition)"
                        : "\(records.count) training runs over each other.",
                    "Scores are attention on fixed held-out prompts with a repeated block; losses are in nats a token. The shaded "
                        + "steps are the transition: the rise of the best induction score, not an interval of confidence.",
                ],
                text: outcomes.joined(separator: "\n")
            ),
            figures: try figures.map { try Report.Picture($0, in: directory) },
            facts: records.map { Report.Fact(name: isOne ? "settings" : $0.name, value: $0.summary) },
            receipt: try JSONValue.array(records.map { try JSONValue(encoding: $0.config) }).text
        )
    }

    private static func figures(in run: URL) throws -> [Report.Picture] {
        let file = run.appending(path: NamedFigure.listName)
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        // A pattern of many tokens has a value or more a cell.
        var limits = JSONLimits()
        limits.values = 16_000_000
        return try JSONField(reading: file, size: mostBytes, limits: limits).require("figures").elements().map
        { figure in
            let name = try figure.require("name").string()
            return Report.Picture(name: name, spec: JSONValue(try figure.require("spec")), in: run)
        }
    }

    private static func facts(of receipt: Receipt) -> [Report.Fact] {
        let question = receipt.question
        let environment = question.environment
        let inputs = question.inputs.map { input -> Report.Fact in
            let hashes = input.files.map { "\($0.name) \($0.sha256.prefix(12))" }
            return Report.Fact(
                name: input.role,
                value: "\(input.name) (SHA-256: \(hashes.joined(separator: ", ")))"
            )
        }
        return [Report.Fact(name: "command", value: "induct \(question.command)")] + inputs + [
            Report.Fact(name: "seed", value: "\(question.seed)"),
            Report.Fact(
                name: "computed",
                value:
                    "induct \(environment.induct), libtorch \(environment.libtorch), \(environment.device) "
                    + "(\(environment.cpu)), \(environment.threads) thread\(environment.threads == 1 ? "" : "s"), \(environment.dtype)"
            ),
            Report.Fact(name: "when", value: receipt.times.started.formatted(.iso8601)),
        ]
    }
}

extension Report.Picture {
    /// A figure that is at hand, with its picture if the run's directory has one.
    init(_ figure: NamedFigure, in run: URL) throws {
        self.init(name: figure.name, spec: try JSONValue(encoding: figure.figure.spec), in: run)
    }

    fileprivate init(name: String, spec: JSONValue, in run: URL) {
        var description = name
        if case .string(let text)? = spec["description"] { description = text }
        self.init(
            name: name,
            description: description,
            // Nothing in it can end or open an element.
            spec: Data(spec.line.replacing("<", with: #"\u003c"#).utf8),
            png: try? Data(contentsOf: run.appending(path: "\(name).png"))
        )
    }
}
