// Our side of the comparison with peers: `induct-bench WORKLOAD --model DIRECTORY --tokens FILE`.
//
// Prints one JSON line with the seconds that the work took inside the process and its results, which the driver
// (Benchmarks/peers/compare.py) holds against the peer's before any time counts.
import ArgumentParser
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
}

@main
struct InductBench: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "induct-bench")

    @Argument var workload: Workload
    @Option var model: String
    @Option var tokens: String
    @Option var batchSize = 8

    func run() throws {
        Engine.keepFreedMemory()
        if let threads = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"].flatMap(Int.init) {
            Engine.threadCount = threads
        }
        let rows = try JSONField(reading: URL(filePath: tokens)).elements().map { try $0.ints() }
        let result =
            switch workload {
            case .score160m: try score(Tokens(rows))
            case .load: try load(Tokens(rows))
            }
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
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
}

private struct Answer: Encodable {
    var workload: String
    var seconds: [Double]
    var scores: [String: [[Double]]] = [:]
    var logits_head: [Double] = []
}
