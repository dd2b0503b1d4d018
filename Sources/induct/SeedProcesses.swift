// Runs of several seeds at the same time: a process each, which share the processor's cores.
import ArgumentParser
import Files
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

    /// Waits for all. Where one fails, for those at work; on a signal, for those at work to stop with their checkpoints.
    func run() throws {
        let (failure, code) = try Interruption.holding { isRequested in
            try work(isRequested)
        }
        if let code { throw ExitCode(code) }
        if let failure { throw ExitCode(failure) }
    }

    /// The exit code of the first that failed.
    private func work(_ isRequested: () -> Bool) throws -> Int32? {
        var left = try seeds.seeds.filter { try !seeds.isDone($0) }[...]
        var atWork: [(seed: UInt64, process: Process)] = []
        var failure: Int32?
        var isStopping = false
        while !atWork.isEmpty || (failure == nil && !isStopping && !left.isEmpty) {
            if isRequested(), !isStopping {
                isStopping = true
                // They are in process groups of their own: a terminal's signal does not reach them.
                for (_, process) in atWork { process.interrupt() }
            }
            while failure == nil, !isStopping, atWork.count < jobs, let seed = left.popFirst() {
                do {
                    atWork.append((seed, try start(seed)))
                    notice("seed \(seed): started")
                } catch {
                    Terminal.printError("seed \(seed): \(error)")
                    failure = 1
                }
            }
            Thread.sleep(forTimeInterval: 0.05)
            let done = atWork.filter { !$0.process.isRunning }
            atWork.removeAll { entry in done.contains { $0.seed == entry.seed } }
            for (seed, process) in done {
                let status = process.terminationStatus
                notice("seed \(seed): " + (status == 0 ? "done" : "ended with code \(status)"))
                if status != 0 { failure = failure ?? status }
            }
        }
        return failure
    }

    private func start(_ seed: UInt64) throws -> Process {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["train", "--resume", seeds.run(seed).path, "--quiet"]
        process.standardOutput = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        // A run goes on with as many threads as it had.
        let threads = try seeds.threads(seed) ?? max(1, ProcessInfo.processInfo.activeProcessorCount / jobs)
        environment["OMP_NUM_THREADS"] = "\(threads)"
        process.environment = environment
        try process.run()
        return process
    }
}
