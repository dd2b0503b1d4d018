// Sign-flip tests and recoveries recorded from SciPy; see Scripts/references/causal_statistics_references.py.
import Foundation

struct CausalStatisticsFixture: Decodable, Sendable {
    struct SignFlip: Decodable {
        let differences: [Double]
        let p: Double
    }

    struct Recoveries: Decodable {
        struct Component: Decodable {
            let patched: [Double]
            let mean: Double
            let std: Double
            // From 40,000 resamples.
            let low: Double
            let high: Double
        }

        let clean: [Double]
        let corrupted: [Double]
        let components: [Component]
    }

    // Series of 7, of 12, and of 15 prompts.
    let signFlips: [[SignFlip]]
    let recovery: Recoveries

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/causal-statistics.json"
        )
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}
