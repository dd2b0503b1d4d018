// Our side of the comparison with peers: `induct-bench WORKLOAD --model DIRECTORY --tokens FILE`, for patch-gpt2
// `--clean FILE --corrupted FILE`.
//
// Prints one JSON line with the seconds that the work took inside the process and its results, which the driver
// (Benchmarks/peers/compare.py) holds against the peer's before any time counts.
import ArgumentParser
import Formation
import Foundation
import Induction
import JSON
import Lab
import Torch
import Transformers

enum Workload: String, CaseIterable, ExpressibleByArgument {
    /// Three scores of every head of the 160m shape.
    case score160m
    /// From a directory on disk to the first logits.
    case load
    /// The loss without each head.
    case ablate70m
    /// The loss with each head's last z from another run.
    case patchGPT2 = "patch-gpt2"
    /// Steps of training an attention-only model.
    case train2l
    /// The top eigenvalues of its Hessian on a batch.
    case hessian2l
}

struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "measure")

    @Argument var workload: Workload
    @Option var model: String
    @Option var tokens: String?
    @Option var clean: String?
    @Option var corrupted: String?
    @Option var batchSize = 8

    func run() throws {
        Engine.keepFreedMemory()
        if let threads = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"].flatMap(Int.init) {
            Engine.threadCount = threads
        }
        let result =
            switch workload {
            case .score160m: try score(prompts(tokens, "--tokens"))
            case .load: try load(prompts(tokens, "--tokens"))
            case .ablate70m: try ablate(prompts(tokens, "--tokens"))
            case .patchGPT2:
                try patch(clean: prompts(clean, "--clean"), corrupted: prompts(corrupted, "--corrupted"))
            case .train2l: try train(prompts(tokens, "--tokens"))
            case .hessian2l: try hessian(prompts(tokens, "--tokens"))
            }
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    private func prompts(_ file: String?, _ option: String) throws -> Tokens {
        guard let file else { throw ValidationError("\(workload.rawValue) needs \(option) FILE") }
        return try Tokens(JSONField(reading: URL(filePath: file)).elements().map { try $0.ints() })
    }

    private func score(_ tokens: Tokens) throws -> Answer {
        let model = try Transformer(directory: URL(filePath: model))
        // The first products of a process pay for their plans.
        _ = try scoreHeads(
            of: model,
            on: tokens.batches(of: batchSize)[0],
            excluding: [],
            batchSize: batchSize
        )
        let start = ContinuousClock.now
        let scores = try scoreHeads(of: model, on: tokens, excluding: [], batchSize: batchSize)
        let seconds = start.duration(to: .now)
        var answer = Answer(workload: workload.rawValue, seconds: [seconds / .seconds(1)])
        for score in [HeadScore.induction, .duplicate, .previous] {
            answer.scores[score.rawValue] = scores.matrix(score).map { $0.map { $0 ?? 0 } }
        }
        return answer
    }

    private func load(_ tokens: Tokens) throws -> Answer {
        let start = ContinuousClock.now
        let model = try Transformer(directory: URL(filePath: model))
        let logits = try model.run(tokens, logits: .last).logits
        let seconds = start.duration(to: .now)
        var answer = Answer(workload: workload.rawValue, seconds: [seconds / .seconds(1)])
        answer.logits_head = logits[0][0][0..<8].doubles
        return answer
    }

    private func ablate(_ tokens: Tokens) throws -> Answer {
        let model = try Transformer(directory: URL(filePath: model))
        return try timed(warmedBy: tokens, model) { try lossesAblatingHeads(of: model, on: tokens) }
    }

    private func patch(clean: Tokens, corrupted: Tokens) throws -> Answer {
        let model = try Transformer(directory: URL(filePath: model))
        return try timed(warmedBy: clean, model) {
            try lossesPatchingHeads(of: model, clean: clean, corrupted: corrupted)
        }
    }

    private func train(_ tokens: Tokens) throws -> Answer {
        let model = try Transformer(directory: URL(filePath: model))
        let batches = tokens.batches(of: 64).map(\.rows)
        let (losses, seconds) = try trainingSteps(of: model, on: batches, lots: 5, steps: 50)
        return Answer(workload: workload.rawValue, seconds: seconds, losses: [losses])
    }

    private func hessian(_ tokens: Tokens) throws -> Answer {
        let model = try Transformer(directory: URL(filePath: model))
        let batch = try Tokens(tokens.rows.prefix(64).map { Array($0.prefix(64)) })
        // The first products of a process pay for their plans.
        let few = LanczosSettings(top: 1, bottom: 0, maximumProducts: 1)
        _ = try Curvature(of: model, on: batch, settings: CurvatureSettings(lanczos: few))
        let ends = LanczosSettings(top: 10, bottom: 0, tolerance: 5e-6)
        let curvature = try Curvature(of: model, on: batch, settings: CurvatureSettings(lanczos: ends))
        var answer = Answer(workload: workload.rawValue, seconds: [curvature.seconds])
        answer.eigenvalues = curvature.spectrum.top.map(\.value)
        answer.residuals = curvature.spectrum.top.map(\.residual)
        return answer
    }

    /// One run without edits comes before, as the peer's does.
    private func timed(
        warmedBy tokens: Tokens,
        _ model: Transformer,
        _ sweep: () throws -> [[Double]]
    ) throws -> Answer {
        _ = try model.run(tokens, logits: .last)
        let start = ContinuousClock.now
        let losses = try sweep()
        let seconds = start.duration(to: .now)
        return Answer(workload: workload.rawValue, seconds: [seconds / .seconds(1)], losses: losses)
    }
}

private struct Answer: Encodable {
    var workload: String
    var seconds: [Double]
    var scores: [String: [[Double]]] = [:]
    var logits_head: [Double] = []
    var losses: [[Double]] = []
    var eigenvalues: [Double] = []
    var residuals: [Double] = []
}
