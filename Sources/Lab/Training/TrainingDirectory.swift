// The directory of a training run: config.json, metrics.jsonl, checkpoints, and at the end results.json and the model.
//
// Promises: metrics.jsonl has one whole line for each evaluation, written before the next step; whatever ends the process,
// at most the steps since the last checkpoint are lost. One process writes to a run at a time.
import Files
public import Formation
public import Foundation
import JSON

/// A run on disk.
public final class TrainingDirectory {
    /// Where.
    public let url: URL
    private let lock: FileLock?
    private var metrics: PartialFile?

    private static let mostBytes = 1 << 30
    private static let configName = "config.json"
    private static let metricsName = "metrics.jsonl"
    private static let resultsName = "results.json"
    private static let lockName = ".lock"

    private init(_ url: URL) throws {
        self.url = url
        lock = try FileLock.attempt(url.appending(path: Self.lockName))
        if lock == nil { throw TrainingDirectoryError.inUse(url.path) }
    }

    /// A new run: a directory of the name that the user gave, or `induction_run_<timestamp>`.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError.notEmpty`.
    public convenience init(new config: TrainingConfig, path: String?, now: Date = Date()) throws {
        let url = URL(filePath: path ?? "induction_run_\(Self.stamp(now))")
        if Self.isRun(url) {
            throw TrainingDirectoryError.notEmpty(url.path)
        }
        try Directories.make(url)
        try self.init(url)
        try AtomicFile.write(Self.text(config), to: url.appending(path: Self.configName))
        try openMetrics(keeping: [])
    }

    /// A run that is there, to go on with.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError`.
    public convenience init(resuming url: URL) throws {
        guard Self.isRun(url) else { throw TrainingDirectoryError.noRun(url.path) }
        try self.init(url)
    }

    /// Where a run's evaluations are, a line each.
    public static func metricsFile(of run: URL) -> URL { run.appending(path: metricsName) }

    /// Where a finished run says what it found.
    public static func resultsFile(of run: URL) -> URL { run.appending(path: resultsName) }

    /// Whether a process is at work on a run.
    public static func isInUse(_ run: URL) -> Bool { FileLock.isHeld(run.appending(path: lockName)) }

    /// Where a finished run's model is.
    public static func finalModel(of run: URL) -> URL { run.appending(path: "model_final") }

    /// Whether there is a training run at a place.
    public static func isRun(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.appending(path: configName).path)
    }

    /// What a run's config.json says.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError`.
    public static func config(of run: URL) throws -> TrainingConfig {
        guard isRun(run) else { throw TrainingDirectoryError.noRun(run.path) }
        return try decode(TrainingConfig.self, from: run.appending(path: configName))
    }

    /// All evaluations of a run; a last line that was not finished is left out.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError.unreadable`.
    public static func evaluations(of run: URL) throws -> [Evaluation] {
        let file = metricsFile(of: run)
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        let data = try Data(FileContents.read(file, limit: mostBytes))
        let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { data[...$0] } ?? Data()
        return try whole.split(separator: UInt8(ascii: "\n")).map { line in
            do {
                return try JSONDecoder().decode(Evaluation.self, from: Data(line))
            } catch {
                throw TrainingDirectoryError.unreadable(file.path, "\(error)")
            }
        }
    }

    /// What a finished run's results.json says; nil before it is finished.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError.unreadable`.
    public static func results(of run: URL) throws -> TrainingResults? {
        let file = resultsFile(of: run)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try decode(TrainingResults.self, from: file)
    }

    /// Cuts metrics.jsonl back to the evaluations before a step, and opens it for those that follow.
    ///
    /// - Returns: what was kept.
    /// - Throws: `FileError`, `TrainingDirectoryError.unreadable`.
    public func keepEvaluations(before step: Int) throws -> [Evaluation] {
        try? FileManager.default.removeItem(at: url.appending(path: Self.resultsName))
        let kept = try Self.evaluations(of: url).filter { $0.step < step }
        try openMetrics(keeping: kept)
        return kept
    }

    private func openMetrics(keeping kept: [Evaluation]) throws {
        let file = url.appending(path: Self.metricsName)
        try AtomicFile.write(kept.map(Self.line).reduce(Data(), +), to: file)
        metrics = try PartialFile(resuming: file)
    }

    /// Adds a line to metrics.jsonl.
    ///
    /// - Throws: `FileError`.
    public func append(_ evaluation: Evaluation) throws {
        let line = try Self.line(evaluation)
        try line.withUnsafeBytes { try metrics?.append($0) }
    }

    /// Writes results.json; throws `FileError`.
    public func write(_ results: TrainingResults) throws {
        try AtomicFile.write(Self.text(results), to: url.appending(path: Self.resultsName))
    }

    private static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        return encoder
    }

    private static func line(_ evaluation: Evaluation) throws -> Data {
        try encoder([]).encode(evaluation) + Data("\n".utf8)
    }

    private static func text(_ value: some Encodable) throws -> Data {
        try encoder(.prettyPrinted).encode(value) + Data("\n".utf8)
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, from file: URL) throws -> Value {
        let data = try Data(FileContents.read(file, limit: mostBytes))
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw TrainingDirectoryError.unreadable(file.path, "\(error)")
        }
    }

    private static func stamp(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyyMMdd_HHmmss"
        return formatter.string(from: date)
    }
}

/// What is wrong with a run's directory.
public enum TrainingDirectoryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process writes to it.
    case inUse(String)
    /// There is a run in it already.
    case notEmpty(String)
    /// There is no run in it.
    case noRun(String)
    /// There is no checkpoint.
    case noCheckpoint(String)
    /// A run that was stopped, where a finished one is needed.
    case unfinished(String)
    /// There are no evaluations to draw.
    case nothingToDraw(String)
    /// A file that is not what a run writes.
    case unreadable(String, String)
    /// A run that was asked for with other settings: each difference as `setting: in the run, now`.
    case otherConfig(String, differences: [String])

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .inUse(let path): "another process writes to the run in \(path); wait for it, or stop it."
        case .notEmpty(let path):
            "there is a run in \(path) already; go on with it by --resume \(path), or give another --output."
        case .noRun(let path): "there is no training run in \(path): it has no config.json."
        case .noCheckpoint(let path):
            "the run in \(path) has no checkpoint yet; go on with it by --resume \(path)."
        case .unfinished(let path): "the run in \(path) is not finished; go on with it by --resume \(path)."
        case .nothingToDraw(let path):
            "the run in \(path) has no evaluation yet; go on with it by --resume \(path)."
        case .unreadable(let path, let reason): "\(path) is not what a training run writes: \(reason)"
        case .otherConfig(let path, let differences):
            """
            the run in \(path) has other settings: \(differences.joined(separator: "; ")). Leave these options out to go on \
            with it, or start a new run.
            """
        }
    }
}
