// Sums, intervals and quantiles recorded from NumPy and SciPy; see Scripts/references/score_references.py.
import Foundation
import Induction
import Torch

struct StatisticsFixture: Decodable, Sendable {
    struct Patterns: Decodable {
        struct Sums: Decodable, CustomStringConvertible {
            let rule: PairRule
            let score: HeadScore
            let sums: [[Double]]  // [prompt][head]
            let counts: [Int]

            var description: String { "\(score) \(rule)" }
        }

        let prompts: [[Int]]
        let special: Set<Int>
        let shape: [Int]
        let pattern: [Double]
        let scores: [Sums]

        /// [prompt, head, query, key], float64.
        var tensor: Tensor { Tensor(pattern, shape) }
    }

    struct Interval: Decodable {
        let sums: [Double]
        let counts: [Int]
        let level: Double
        let estimate: Double
        let replicates: [Double]
        let leaveOneOut: [Double]
        let low: Double
        let high: Double
        // From 40,000 resamples.
        let limitLow: Double
        let limitHigh: Double
    }

    struct Quantiles: Decodable {
        let values: [Double]
        let probabilities: [Double]
        let results: [Double]
    }

    struct Normal: Decodable {
        let probabilities: [Double]
        let quantiles: [Double]
        let points: [Double]
        let cumulative: [Double]
    }

    let patterns: Patterns
    let intervals: [Interval]
    let quantiles: Quantiles
    let normal: Normal

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/statistics.json"
        )
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}

/// Whether two numbers agree to a share of the second, or to as much below 1.
func agree(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    (a - b).magnitude <= tolerance * max(b.magnitude, 1)
}
