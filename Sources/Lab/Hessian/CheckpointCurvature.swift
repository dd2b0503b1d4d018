// The curvature at every checkpoint of a training run, on the run's own held-out batch.
public import Formation
public import Foundation
import JSON
import Transformers

/// Spectra over steps.
public struct CheckpointCurvature: Codable, Equatable, Sendable {
    /// One checkpoint.
    public struct Point: Codable, Equatable, Sendable {
        /// Updates done.
        public var step: Int
        /// The curvature there.
        public var spectrum: Spectrum
    }

    /// The name of the run's directory.
    public var run: String
    /// In the order of steps.
    public var checkpoints: [Point]

    /// Measures every checkpoint; each spectrum's search starts near the eigenvectors of the one before.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError`, `CurvatureError`.
    public init(of run: URL, settings: CurvatureSettings, progress: (Int, Int) throws -> Void = { _, _ in })
        throws
    {
        let plan = try TrainingPlan(resuming: run)
        let batch = try TrainingRun.curvatureBatch(plan.config, text: plan.text?.ids ?? [])
        let found = TrainingCheckpoint.all(in: run)
        if found.isEmpty { throw TrainingDirectoryError.noCheckpoint(run.path) }
        var previous: Curvature?
        self.run = run.standardizedFileURL.lastPathComponent
        checkpoints = []
        for (index, checkpoint) in found.enumerated() {
            try progress(index, found.count)
            let curvature = try Curvature(
                of: Transformer(directory: checkpoint.url),
                on: batch,
                settings: settings,
                previousTop: previous?.topVectors
            )
            previous = curvature
            checkpoints.append(Point(step: checkpoint.step, spectrum: curvature.spectrum))
        }
        try progress(found.count, found.count)
    }

    /// One object, its line ended.
    public func json() throws -> Data { Data(try JSONValue(encoding: self).text.utf8) }

    /// Each checkpoint's spectrum; every line ended.
    public var text: String {
        checkpoints.map { $0.spectrum.text(of: "step \($0.step)") }.joined(separator: "\n")
            + Spectrum.notes(on: checkpoints.map(\.spectrum)).map { "\n\($0)\n" }.joined()
    }
}
