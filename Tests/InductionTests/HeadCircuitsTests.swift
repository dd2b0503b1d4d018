// OV and QK circuits: against NumPy on several families, and on planted heads.
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

    /// What the scores of two tokens do with the distance between them.
    @Test func offsetsAreThoseOfTheModel() throws {
        let model = try FamilyModels.model("induct-rotary")
        let turned = try model.headCircuits(offsets: [3, 0, 3])
        #expect(turned.allSatisfy { $0.qk.map(\.offset) == [3, 0, 3] && $0.qk[0] == $0.qk[2] })
        #expect(turned.allSatisfy { $0.qk[0].circuit != $0.qk[1].circuit })
        #expect(try model.headCircuits(offsets: []).allSatisfy { $0.qk.isEmpty })
    }
}

@Suite struct CopyingByLogitsTests {
    /// The definition word by word, with logits over the whole vocabulary.
    @Test(arguments: ["gpt2", "llama", "gemma2", "olmo2", "induct-positionless"])
    func equalsTheDefinition(name: String) throws {
        let model = try FamilyModels.model(name)
        let found = try model.copyingByLogits(drawing: Array(2..<60), seed: 61)
        let x = found.tokens
        #expect(x.count == 25 && Set(x).count == 25 && x.allSatisfy((2..<60).contains))
        #expect(found.heads == model.heads)
        let run = try model.run(Tokens([x]), recording: [.v, .pattern])
        let config = model.config
        let table = model.weights.unembedding.weight.to(.float64)
        let gain = try #require(model.weights.finalNorm.weight).to(.float64)
        for (head, score) in zip(found.heads, found.scores) {
            let block = model.weights.blocks.resident[head.layer]
            let group = head.index / (config.heads / config.keyValueHeads)
            let v = try run[.v, layer: head.layer][0].select(1, group).to(.float64)  // [s, e]
            let output = block.attention.output.weight.to(.float64)
                .slice(1, head.index * config.dHead..<(head.index + 1) * config.dHead)  // [d, e]
            var written = v.matmul(output.mT)
            if let post = block.norm1Post.weight { written = written * post.to(.float64) }
            let o = (written * gain).matmul(table.mT).doubles  // [s, vocab]
            let pattern = try run[.pattern, layer: head.layer][0][head.index].doubles
            let size = config.vocabularySize
            var total = 0.0
            for t in 0..<25 {
                for s in 0...t {
                    let row = o[s * size..<(s + 1) * size]
                    let mean = row.reduce(0, +) / Double(size)
                    let raised = row.map { max(0, $0 - mean) }
                    let sum = x.reduce(0) { $0 + raised[$1] }
                    total += pattern[t * 25 + s] * (sum > 0 ? raised[x[s]] / sum : 0)
                }
            }
            #expect(agree(try #require(score), total / 25, 1e-5), "\(head)")
        }
    }

    @Test func plantedHeads() throws {
        let model = planted.makeModel()
        let found = try model.copyingByLogits(drawing: Array(0..<47), seed: 62)
        for (head, score) in zip(found.heads, found.scores) {
            switch planted.planted[head] {
            case .induction: #expect(agree(try #require(score), 1, 1e-5))
            // Lowers its own token, and so raises all others.
            case .antiCopy: #expect(agree(try #require(score), 0, 1e-5))
            default: #expect(score == nil)
            }
        }
    }

    @Test func shortVocabulariesAndContexts() throws {
        let model = randomModel(seed: 63)
        #expect(try model.copyingByLogits(drawing: [4, 9, 2], seed: 1).tokens.sorted() == [2, 4, 9])
        let again = try model.copyingByLogits(drawing: Array(0..<20), count: 8, seed: 1)
        #expect(again.tokens.count == 8)
        #expect(try again == model.copyingByLogits(drawing: Array(0..<20), count: 8, seed: 1))
        #expect(try again.tokens != model.copyingByLogits(drawing: Array(0..<20), count: 8, seed: 2).tokens)
        #expect(throws: TokensError.self) { try model.copyingByLogits(drawing: [], seed: 1) }
        #expect(throws: TokensError.self) { try model.copyingByLogits(drawing: [23], seed: 1) }
    }
}
