// Layer profiles and nulls recorded from NumPy and SciPy; see Scripts/references/topology_references.py.
import Foundation
import Torch
import Transformers

@testable import Induction

struct TopologyFixture: Decodable, Sendable {
    struct Seeds: Decodable {
        let bootstrap: UInt64
        let null: UInt64
        let draws: UInt64
        let layers: UInt64
    }

    struct Profile: Decodable {
        let values: [Double]
        let peak: Int
        let relative: Double
        let seedRelative: Double
        let bandwidth: Double
        let stability: [[Double]]
        let peakStability: [Double]
        let relativeStability: [Double]
        let bandwidthStability: [Double]
        let peakShares: [Double]
        let intervals: [[Double]]?
    }

    struct EqualNumber: Decodable {
        let scores: [Double]
        let count: Int
        let expected: Double
    }

    struct Null: Decodable {
        struct Band: Decodable {
            let mean: [Double]
            let low: [Double]
            let high: [Double]
        }

        let pairs: Int
        let observed: [Double]
        let mean: [Double]
        let deviation: [Double]
        let p: [Double]
        let q: [Double]
        let bands: [Band]
        let antecedent: [Double]
    }

    struct Permutation: Decodable {
        let scores: [[Double]]
        let threshold: Double
        let above: [Int]
        let expected: Double
        let low: Int
        let high: Int
        let p: [Double]
        let q: [Double]
    }

    struct HypergeometricCase: Decodable {
        let population: Int
        let marked: Int
        let drawn: Int
        let mean: Double
        let tails: [Double]  // of 0... or more
        let quantiles: [Int]
    }

    let prompts: [[Int]]
    let special: Set<Int>
    let layers: Int
    let heads: Int
    let patterns: [[[[[Double]]]]]  // [prompt][layer][head][query][key up to the query]
    let seeds: Seeds
    let resamples: Int
    let draws: Int
    let layerResamples: Int
    let means: [String: [Double]]
    let bucketMeans: [[String: [Double]]]
    let profiles: [String: Profile]
    let equalNumber: [EqualNumber]
    let null: Null
    let permutation: Permutation
    let hypergeometric: [HypergeometricCase]
    let layerBootstrap: [String: [Double]]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/topology.json"
        )
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }

    static let buckets = [LagBucket(first: 1, last: 4), LagBucket(first: 5), LagBucket(first: 3, last: 5)]

    func plan() throws -> PatternPlan {
        try PatternPlan(
            Tokens(prompts),
            excluding: special,
            buckets: Self.buckets,
            nullSeed: seeds.null
        )
    }

    /// What the program collects from the recorded patterns.
    func collected(prompts range: Range<Int>? = nil, batchSize: Int = 4) throws -> CollectedPatterns {
        let all = (0..<layers).flatMap { layer in (0..<heads).map { Head(layer: layer, index: $0) } }
        return try collectPatterns(
            of: all,
            reading: plan(),
            prompts: range ?? prompts.indices,
            batchSize: batchSize,
            device: .cpu
        ) { batch, reduce in
            for layer in 0..<layers { reduce(pattern(of: batch, layer: layer)) }
        }
    }

    /// [batch, head, query, key]; what no score may read is not a number.
    private func pattern(of batch: Range<Int>, layer: Int) -> Tensor {
        let length = batch.map { prompts[$0].count }.max() ?? 0
        let empty = [Double](repeating: .nan, count: length)
        let values = batch.flatMap { prompt in
            patterns[prompt][layer].flatMap { head in
                (0..<length).flatMap { query in
                    query < head.count ? head[query] + empty.dropFirst(query + 1) : empty
                }
            }
        }
        return Tensor(values, [batch.count, heads, length, length])
    }
}

/// Whether two lists agree number by number.
func agree(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-9) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { agree($0, $1, tolerance) }
}
