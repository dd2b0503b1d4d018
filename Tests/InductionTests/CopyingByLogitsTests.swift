// Copying scores by logits: against the definition word by word on several families, and on planted heads.
import Induction
import Testing
import Torch
import Transformers

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
