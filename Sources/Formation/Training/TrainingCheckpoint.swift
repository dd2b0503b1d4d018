// A run at one step, on disk: `checkpoint_step_<n>/` with the model as every command loads it (config.json,
// model.safetensors), the optimiser's moments (optimizer.safetensors), and all else that the next step depends on
// (training_state.json).
//
// Promises: a checkpoint appears whole or not at all; a run that goes on from one makes the same bits as one that was not
// stopped, with the same number of threads.
import Checkpoints
import Files
public import Foundation
import Induction
import Torch
import Transformers

/// What a step depends on besides weights and moments.
struct TrainingState: Codable, Equatable {
    /// Steps done.
    var step: Int
    /// Updates of the optimiser.
    var updates: Int
    /// Of the batches.
    var batches: SeededGenerator
    /// Of dropout: the generator's bytes.
    var dropout: Data
    /// The number of vectors that the next look at the curvature is compared with; 0 for none.
    var curvatureVectors: Int
    /// libtorch threads: another number gives other last digits.
    var threads: Int
}

/// A checkpoint's directory.
public struct TrainingCheckpoint: Equatable, Sendable {
    /// Where.
    public let url: URL
    /// Steps done.
    public let step: Int

    private static let prefix = "checkpoint_step_"

    /// The directory of a step below a run's.
    public init(step: Int, in run: URL) {
        self.step = step
        url = run.appending(path: "\(Self.prefix)\(step)")
    }

    /// All whole checkpoints of a run, the earliest first.
    public static func all(in run: URL) -> [TrainingCheckpoint] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: run.path)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix(prefix) else { return nil }
            return Int(name.dropFirst(prefix.count)).map { TrainingCheckpoint(step: $0, in: run) }
        }.sorted { $0.step < $1.step }
    }

    private static let moments = "optimizer.safetensors"
    private static let state = "training_state.json"

    /// - Parameter adding: puts more files into the directory before it is there under its name.
    func write(
        _ state: TrainingState,
        _ trainer: Trainer,
        vectors: Tensor?,
        adding: (URL) throws -> Void
    ) throws {
        let partial = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial")
        try? FileManager.default.removeItem(at: partial)
        try Directories.make(partial)
        do {
            try trainer.model.save(to: partial)
            try writeTensors(trainer.optimizer, vectors, to: partial.appending(path: Self.moments))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            try AtomicFile.write(
                encoder.encode(state) + Data("\n".utf8),
                to: partial.appending(path: Self.state)
            )
            try adding(partial)
            try Directories.put(partial, at: url)
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw error
        }
    }

    private func writeTensors(_ optimizer: AdamW, _ vectors: Tensor?, to url: URL) throws {
        var named = Self.named(optimizer)
        if let vectors { named.append(("curvature.top", vectors)) }
        let writer = try SafetensorsWriter(
            replacing: url,
            entries: named.map { SafetensorsWriter.Entry($0, .float32, shape: $1.shape) }
        )
        for (name, tensor) in named {
            try tensor.contiguous().floats.withUnsafeBytes { try writer.append($0, to: name) }
        }
        try writer.finish()
    }

    private static func named(_ optimizer: AdamW) -> [(String, Tensor)] {
        optimizer.firstMoments.enumerated().map { ("first.\($0)", $1) }
            + optimizer.secondMoments.enumerated().map { ("second.\($0)", $1) }
    }

    /// The number of threads that the run was computed with.
    ///
    /// - Throws: `FileError`, `TrainingConfigError.damagedCheckpoint`.
    public func threads() throws -> Int { try readState().threads }

    private func readState() throws -> TrainingState {
        let file = url.appending(path: Self.state)
        let bytes = try FileContents.read(file, limit: 1 << 20)
        do {
            return try JSONDecoder().decode(TrainingState.self, from: Data(bytes))
        } catch {
            throw TrainingConfigError.damagedCheckpoint(url.path, "\(file.lastPathComponent) cannot be read")
        }
    }

    /// The state; the optimiser's moments are written into it.
    func read(into optimizer: AdamW, parameters: Int) throws -> (state: TrainingState, vectors: Tensor?) {
        let state = try readState()
        let file = try SafetensorsFile(url.appending(path: Self.moments))
        func load(_ name: String, _ shape: [Int]) throws -> Tensor {
            try file.load(name, shape: shape, dtype: .float32, device: .cpu) { $0 }
        }
        for (name, moment) in Self.named(optimizer) { moment.assign(try load(name, moment.shape)) }
        optimizer.stepCount = state.updates
        let count = state.curvatureVectors
        return (state, count > 0 ? try load("curvature.top", [count, parameters]) : nil)
    }
}
