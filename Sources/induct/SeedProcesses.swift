// Runs of several seeds at the same time: a process each, which share the processor's cores.
import ArgumentParser
import Foundation
import Lab

/// Runs what is not finished, so many processes at a time.
struct SeedProcesses {
    private let seeds: TrainingSeeds
    private let jobs: Int
    private let notice: (String) -> Void

    init(_ seeds: TrainingSeeds, jobs: Int, notice: @escaping (String) -> Void) {
        (self.seeds, self.jobs, self.notice) = (seeds, jobs, notice)
    }

    /// Waits for all; where one fails, for those at work, and then fails as it did.
    func run() throws {
        var left = try seeds.seeds.filter { try !seeds.isDone($0) }[...]
        var atWork: [(seed: UInt64, process: Process)] = []
        var failure: Int32?
        while !atWork.isEmpty || (failure == nil && !left.isEmpty) {
            while failure == nil, atWork.count < jobs, let seed = left.popFirst() {
                atWork.append((seed, try start(seed)))
                notice("seed \(seed): started")
            }
            Thread.sleep(forTimeInterval: 0.05)
            for (seed, process) in atWork where !process.isRunning {
                if process.terminationStatus == 0 { notice("seed \(seed): done") }
                if process.terminationStatus != 0 { failure = failure ?? process.terminationStatus }
            }
            atWork.removeAll { !$0.process.isRunning }
        }
        if let failure { throw ExitCode(failure) }
    }

    private func start(_ seed: UInt64) throws -> Process {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["train", "--resume", seeds.run(seed).path, "--quiet"]
        process.standardOutput = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        environment["OMP_NUM_THREADS"] = "\(max(1, ProcessInfo.processInfo.activeProcessorCount / jobs))"
        process.environment = environment
        try process.run()
        return process
    }
}
