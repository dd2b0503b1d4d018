// One training from several seeds: a run each, and when their transitions happened.
public import Formation
public import Foundation
import Induction
import JSON
public import Runs

/// Runs below one directory, `seed_<n>` each.
public struct TrainingSeeds: Sendable {
    /// The seeds.
    public let seeds: ClosedRange<UInt64>
    /// Where the runs are.
    public let directory: URL
    private let request: TrainingRequest

    /// A training of several seeds.
    public init(_ seeds: ClosedRange<UInt64>, of request: TrainingRequest, in directory: URL) {
        (self.seeds, self.request, self.directory) = (seeds, request, directory)
    }

    /// Where a seed's run is.
    public func run(_ seed: UInt64) -> URL { directory.appending(path: "seed_\(seed)") }

    /// Whether a seed's run has been finished.
    ///
    /// - Throws: what is wrong with its files.
    public func isDone(_ seed: UInt64) throws -> Bool { try TrainingDirectory.results(of: run(seed)) != nil }

    /// A seed's run, new or gone on with.
    ///
    /// - Throws: as `TrainingJob` and `TrainingPlan` do.
    public func job(_ seed: UInt64) throws -> TrainingJob {
        let (url, asked) = (run(seed), request(seed))
        guard TrainingDirectory.isRun(url) else {
            return try TrainingJob(TrainingPlan(asked), path: url.path)
        }
        return try TrainingJob(resuming: url, TrainingPlan(resuming: url, asked))
    }

    /// Holds the runs that are there against what is asked for.
    ///
    /// - Throws: as `TrainingPlan` does: `TrainingDirectoryError.otherConfig` with the differences.
    public func check() throws {
        for seed in seeds where TrainingDirectory.isRun(run(seed)) {
            _ = try TrainingPlan(resuming: run(seed), request(seed))
        }
    }

    /// Makes the directories of the runs that are not there, so that other processes can go on with them.
    ///
    /// - Throws: as `job` does.
    public func prepare() throws {
        for seed in seeds where !TrainingDirectory.isRun(run(seed)) { _ = try job(seed) }
    }

    /// The number of threads that a seed's run was computed with; nil where it has no checkpoint.
    ///
    /// - Throws: what is wrong with the checkpoint.
    public func threads(_ seed: UInt64) throws -> Int? {
        try TrainingCheckpoint.all(in: run(seed)).last?.threads()
    }

    private func request(_ seed: UInt64) -> TrainingRequest {
        var asked = request
        asked.seed = seed
        return asked
    }

    /// What all runs found, once they are finished.
    ///
    /// - Throws: what is wrong with their files, `TrainingDirectoryError.unfinished`.
    public func results() throws -> TrainingSeedsResults {
        let runs = try seeds.map { seed in
            guard let results = try TrainingDirectory.results(of: run(seed)) else {
                throw TrainingDirectoryError.unfinished(run(seed).path)
            }
            return TrainingSeedsResults.Run(seed: seed, results: results)
        }
        return TrainingSeedsResults(
            runs: runs,
            transitions: TransitionSummary(runs.map(\.results.transition))
        )
    }
}

/// What runs of several seeds found: seeds.json.
public struct TrainingSeedsResults: Codable, Equatable, Sendable {
    /// A seed's run.
    public struct Run: Codable, Equatable, Sendable {
        /// Of weights, batches and dropout.
        public var seed: UInt64
        /// Its end.
        public var results: TrainingResults
    }

    /// One a seed.
    public var runs: [Run]
    /// When their transitions happened.
    public var transitions: TransitionSummary

    /// One object, its line ended.
    public func json() throws -> Data { Data(try JSONValue(encoding: self).text.utf8) }

    /// A line a seed, and the summary.
    public var text: String {
        let lines = runs.map { run in
            "seed \(run.seed): \(run.results.transition) \(run.results.summary)\n"
        }
        let steps = transitions.midpoint
        let summary = steps.mean.map { mean in
            let interval = steps.low.flatMap { low in
                steps.high.map { ", 95% interval over seeds \(Int(low.rounded())) to \(Int($0.rounded()))" }
            }
            return "; centre at step \(Int(mean.rounded()))\(interval ?? "")"
        }
        return lines.joined() + "transitions: \(transitions.found) of \(transitions.runs)\(summary ?? "")\n"
    }
}
