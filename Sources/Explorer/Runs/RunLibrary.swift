// The runs that a page may look at: those in `outputs/runs`, training runs beside it, and directories that the command line named.
//
// Promises: only what the listing names is handed out; links, hidden files and files below directories are not listed.
import Foundation
import HTTPTypes
import JSON
import Lab
import Runs

/// Where runs are looked for.
struct RunLibrary: Sendable {
    /// The directory that `outputs/runs` and training runs are in.
    let work: URL
    /// Runs, or directories of runs, besides.
    let others: [URL]

    /// All runs, the newest first; of two with one name the first that is found counts.
    func runs() -> [StoredFiles] {
        let stores = [work.appending(path: RunDirectory.parent.relativePath)] + others
        let beside = directories(in: work).filter { $0.lastPathComponent.hasPrefix("induction_run_") }
        let places = stores.flatMap(directories) + beside + others
        var found: [String: StoredFiles] = [:]
        for place in places {
            guard let run = StoredFiles(place), found[run.id] == nil else { continue }
            found[run.id] = run
        }
        return found.values.sorted { ($1.modified, $0.id) < ($0.modified, $1.id) }
    }

    /// A run by its name.
    ///
    /// - Throws: `APIError` with the code `unknown_run`.
    func run(_ id: String) throws -> StoredFiles {
        guard let run = runs().first(where: { $0.id == id }) else {
            throw APIError(
                .notFound,
                "unknown_run",
                "there is no run '\(id.prefix(80))' here; see /api/runs."
            )
        }
        return run
    }

    private func directories(in parent: URL) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { parent.appending(path: $0) }
    }
}

/// A run's directory.
struct StoredFiles: Sendable {
    /// What kind of run.
    enum Kind: String, Sendable { case training, analysis }

    /// How far it has come.
    enum State: String, Sendable { case done, going, stopped }

    /// Where.
    let url: URL
    /// What kind.
    let kind: Kind
    /// When something in it last changed.
    let modified: Date
    private let receipt: JSONValue?

    /// The run in a directory; nil where there is none.
    init?(_ url: URL) {
        self.url = url.standardizedFileURL
        receipt = Self.json(url.appending(path: Receipt.fileName))
        if TrainingDirectory.isRun(url) {
            kind = .training
        } else if receipt != nil {
            kind = .analysis
        } else {
            return nil
        }
        let dates = [url, TrainingDirectory.metricsFile(of: url), url.appending(path: Receipt.fileName)]
            .compactMap {
                try? $0.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
            }
        modified = dates.max() ?? .distantPast
    }

    /// Its name in addresses.
    var id: String { url.lastPathComponent }

    /// The command that made it.
    var command: String {
        if case .string(let name)? = receipt?["command"] { return name }
        return kind == .training ? "train" : "unknown"
    }

    /// How far it is.
    var state: State {
        switch kind {
        case .training:
            if FileManager.default.fileExists(atPath: results.path) { return .done }
            return TrainingDirectory.isInUse(url) ? .going : .stopped
        case .analysis:
            switch (try? RunStore.run(at: url))?.state {
            case .complete?: return .done
            case .running?: return .going
            case .interrupted?, nil: return .stopped
            }
        }
    }

    /// Evaluations of a training run, a line each.
    var metrics: URL { TrainingDirectory.metricsFile(of: url) }

    /// The end of a training run.
    var results: URL { TrainingDirectory.resultsFile(of: url) }

    /// As the listing shows it.
    var summary: JSONValue {
        [
            "id": .string(id), "kind": .string(kind.rawValue), "command": .string(command),
            "modified": .string(modified.formatted(.iso8601)), "state": .string(state.rawValue),
        ]
    }

    /// As its own page shows it.
    var details: JSONValue {
        guard case .object(let fields) = summary else { return .null }
        let more: [String: JSONValue] = [
            "receipt": receipt ?? .null,
            "story": Self.json(url.appending(path: RunStory.fileName)) ?? .null,
            "config": Self.json(url.appending(path: "config.json")) ?? .null,
            "files": .array(files.map { ["name": .string($0.name), "bytes": .int($0.bytes)] }),
        ]
        return .object(fields.merging(more) { first, _ in first })
    }

    /// What may be handed out.
    var files: [(name: String, bytes: Int)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.sorted().compactMap { name in
            guard !name.hasPrefix("."), ContentTypes.ofResult(name) != nil else { return nil }
            let path = url.appending(path: name).path
            // Of a link these are the link's own: links lead out.
            guard let found = try? FileManager.default.attributesOfItem(atPath: path),
                found[.type] as? FileAttributeType == .typeRegular
            else { return nil }
            return (name, found[.size] as? Int ?? 0)
        }
    }

    private static func json(_ file: URL) -> JSONValue? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return (try? JSONField(reading: file, size: 16 << 20)).map { JSONValue($0) }
    }
}
