// Copying scores: signs on planted circuits, values against the eigenvalues of the whole vocab x vocab circuit.
import Induction
import Testing
import Torch
import Transformers

@Suite struct CopyingScoreTests {
    @Test func tellsCopyingFromAntiCopying() throws {
        let model = planted.makeModel()
        for head in model.heads {
            let score = try model.copyingScore(of: head)
            switch planted.planted[head] {
            case .induction: #expect(agree(try #require(score), 1, 1e-9))
            case .antiCopy: #expect(agree(try #require(score), -1, 1e-9))
            default: #expect(score == nil, "\(head) writes nothing that is read as a logit")
            }
        }
    }

    /// sum(Re l) / sum(|l|) from W_E diag(gain) W_V W_O diag(gain) W_U, all [vocab, vocab] of it.
    private func denseScore(_ model: Transformer, _ head: Head) throws -> Double {
        let (config, block) = (model.config, model.weights.blocks.resident[head.layer])
        let group = head.index / (config.heads / config.keyValueHeads)
        let rows = block.attention.qkv.weight.to(.float64)
        let value = rows[(config.heads + config.keyValueHeads) * config.dHead..<rows.size(0)]
            .reshape(config.keyValueHeads, config.dHead, config.dModel)[group]  // [d_head, d_model]
        let output = block.attention.output.weight.to(.float64)
            .reshape(config.dModel, config.heads, config.dHead).select(1, head.index)  // [d_model, d_head]
        let read = model.weights.embedding.to(.float64) * (try #require(block.norm1.weight)).to(.float64)
        let unembedding =
            model.weights.unembedding.weight.to(.float64)
            * (try #require(model.weights.finalNorm.weight)).to(.float64)
        let circuit = read.matmul(value.mT).matmul(output.mT).matmul(unembedding.mT)
        #expect(circuit.shape == [config.vocabularySize, config.vocabularySize])
        let parts = circuit.eigenvalues().viewAsReal().doubles
        let pairs = stride(from: 0, to: parts.count, by: 2).map { (parts[$0], parts[$0 + 1]) }
        let magnitudes = pairs.map { ($0 * $0 + $1 * $1).squareRoot() }
        return pairs.reduce(0) { $0 + $1.0 } / magnitudes.reduce(0, +)
    }

    @Test(arguments: [6, 2, 1], [true, false])
    func equalsTheWholeCircuit(keyValueHeads: Int, isTied: Bool) throws {
        let model = randomModel(seed: 21, keyValueHeads: keyValueHeads, tiesUnembedding: isTied)
        let scores = try model.copyingScores()
        #expect(scores.count == model.heads.count)
        for (head, score) in zip(model.heads, scores) {
            let score = try #require(score)
            // Rounding scatters the circuit's zero eigenvalues: the sum of magnitudes is that exact.
            #expect(agree(score, try denseScore(model, head), 1e-8), "\(head)")
            #expect((-1...1).contains(score))
            #expect(try model.copyingScore(of: head) == score)
        }
    }

    @Test func zeroOutputHasNoScore() throws {
        let model = randomModel(seed: 22)
        model.weights.blocks.resident[1].attention.output.weight.slice(1, 10..<15).fill(0)
        #expect(try model.copyingScore(of: Head(layer: 1, index: 2)) == nil)
        #expect(try model.copyingScore(of: Head(layer: 1, index: 1)) != nil)
    }
}
