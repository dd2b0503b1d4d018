// OV and QK circuits: against NumPy on several families, and on planted heads.
import Foundation
import Induction
import Testing
import Torch
import Transformers

/// Whether the same numbers stand in two lists, in whatever order equal magnitudes come.
private func agree(_ found: [ComplexValue], _ expected: [[Double]], _ tolerance: Double) -> Bool {
    guard found.count == expected.count else { return false }
    var rest = expected
    let scale = expected.map { ($0[0] * $0[0] + $0[1] * $0[1]).squareRoot() }.max() ?? 0
    for value in found {
        func distance(_ other: [Double]) -> Double {
            ComplexValue(real: value.real - other[0], imaginary: value.imaginary - other[1]).magnitude
        }
        guard let nearest = rest.indices.min(by: { distance(rest[$0]) < distance(rest[$1]) }),
            distance(rest[nearest]) < tolerance * scale
        else { return false }
        rest.remove(at: nearest)
    }
    return true
}

@Suite struct HeadCircuitsTests {
    @Test func equalDenseReferences() throws {
        let fixture = try CircuitFixture()
        #expect(fixture.models.count == 7)
        for recorded in fixture.models {
            let model = try FamilyModels.model(recorded.name)
            var layers: [Int] = []
            let found = try model.headCircuits(offsets: fixture.offsets) { layers.append($0) }
            #expect(layers == Array(1...model.config.layers))
            #expect(found.map(\.head) == model.heads && found.count == recorded.heads.count)
            for (own, expected) in zip(found, recorded.heads) {
                let name = "\(recorded.name) \(own.head)"
                let pairs =
                    [(own.ov, expected.ov)] + zip(own.qk, expected.qk).map { ($0.circuit, $1) }
                #expect(own.qk.map(\.offset) == expected.qk.map(\.offset), "\(name)")
                for (circuit, truth) in pairs {
                    #expect(agree(circuit.eigenvalues, truth.eigenvalues, 1e-8), "\(name)")
                    // Rounding scatters the dense circuit's zero eigenvalues: the sum of magnitudes is that exact.
                    #expect(agree(try #require(circuit.score), truth.score, 1e-8), "\(name)")
                    #expect(agree(circuit.norm, truth.norm, 1e-9), "\(name)")
                    let sizes = circuit.eigenvalues.map(\.magnitude)
                    #expect(sizes == sizes.sorted(by: >))
                }
                #expect(try own.ov.score == model.copyingScore(of: own.head))
            }
        }
    }

    @Test func plantedHeadsMatchAndCopy() throws {
        for own in try planted.makeModel().headCircuits() {
            #expect(own.qk.count == 1 && own.qk[0].offset == nil)
            let (ov, qk) = (own.ov.score, own.qk[0].circuit.score)
            switch planted.planted[own.head] {
            // Matches by the slot of the token before, not by the token itself.
            case .induction: #expect(try agree(#require(ov), 1, 1e-9) && qk == nil)
            case .antiCopy: #expect(try agree(#require(ov), -1, 1e-9) && qk == nil)
            case .duplicateToken: #expect(try ov == nil && agree(#require(qk), 1, 1e-9))
            case .previousToken:
                #expect(ov == nil && qk == nil && agree(own.ov.norm, 48.0.squareRoot(), 1e-9))
            default: #expect(ov == nil && qk == nil && own.ov.norm == 0)
            }
        }
    }

    /// One QK circuit serves a key's own token and the one before it; its shares are the mix.
    @Test func smearedKeysShareTheirCircuit() throws {
        let model = try FamilyModels.model("induct-smeared")
        let found = try model.headCircuits()
        let mixes = try (0..<model.config.layers).flatMap { layer in
            try #require(model.weights.blocks[layer].attention.smear).doubles.map { 1 / (1 + exp(-$0)) }
        }
        #expect(zip(found, mixes).allSatisfy { agree($0.ownKeyShare ?? -1, $1, 1e-12) })
        #expect(Set(mixes).count == 10)
        #expect(
            try FamilyModels.model("induct-attention").headCircuits().allSatisfy { $0.ownKeyShare == nil }
        )
    }

    /// What the scores of two tokens do with the distance between them.
    @Test func offsetsAreThoseOfTheModel() throws {
        let model = try FamilyModels.model("induct-rotary")
        let turned = try model.headCircuits(offsets: [3, 0, 3])
        #expect(turned.allSatisfy { $0.qk.map(\.offset) == [3, 0, 3] && $0.qk[0] == $0.qk[2] })
        #expect(turned.allSatisfy { $0.qk[0].circuit != $0.qk[1].circuit })
        #expect(try model.headCircuits(offsets: []).allSatisfy { $0.qk.isEmpty })
    }
}
