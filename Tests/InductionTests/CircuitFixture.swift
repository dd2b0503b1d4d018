// Circuits and composition ratios recorded from NumPy; see Scripts/references/circuit_references.py.
import Foundation

struct CircuitFixture: Decodable, Sendable {
    struct Circuit: Decodable {
        let offset: Int?
        let eigenvalues: [[Double]]
        let score: Double
        let norm: Double
    }

    struct Head: Decodable {
        let ov: Circuit
        let qk: [Circuit]
    }

    struct Ratios: Decodable {
        let kind: String
        let offset: Int?
        let ratios: [[Double?]]
    }

    struct Model: Decodable {
        let name: String
        let heads: [Head]
        let composition: [Ratios]
    }

    struct Gaussian: Decodable {
        let shape: [Int]
        let mean: Double
        let deviation: Double
        let draws: Double
    }

    let offsets: [Int]
    let models: [Model]
    let gaussian: [Gaussian]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/circuits.json"
        )
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}
