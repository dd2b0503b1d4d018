// Smeared keys: what a score is made of, what stays as it is, and which weights say so.
import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch
import Transformers

@Suite struct SmearedKeysTests {
    static let names = ["induct-smeared", "induct-smeared-rotary"]

    /// score = scale q R (s k_j + (1 - s) k_{j-1}): both tokens are read by one map, turned by the place of the key.
    @Test(arguments: names)
    func aScoreIsOfTheKeysOwnTokenAndTheOneBefore(name: String) throws {
        let model = try Fixture(name: name).model(dtype: .float64)
        let run = try model.run(Tokens([[3, 17, 5, 3, 44, 9]]), recording: [.q, .k, .scores])
        for layer in 0..<model.config.layers {
            let smear = try #require(model.weights.blocks[layer].attention.smear).doubles
            let scale = model.config.attentionScale(of: layer)
            for head in 0..<model.config.heads {
                func row(_ kind: SiteKind, _ position: Int) throws -> Tensor {
                    try run[kind, layer: layer][0].select(0, position).select(0, head)
                }
                let own = 1 / (1 + exp(-smear[head]))
                for query in 0..<6 {
                    let found = try run[.scores, layer: layer][0][head][query].doubles
                    for key in 0...query {
                        var mixed = try row(.k, key)
                        if key > 0 { mixed = mixed * own + (try row(.k, key - 1)) * (1 - own) }
                        var q = try row(.q, query).unsqueeze(0)
                        if let turn = model.config.rotationMatrix(of: layer, offset: query - key) {
                            q = q.matmul(turn)
                        }
                        let expected = (q * mixed).sum().scalar * scale
                        #expect((found[key] - expected).magnitude < 1e-6 * max(1, expected.magnitude))
                    }
                }
            }
        }
    }

    @Test func theFirstKeyStaysAsItIs() throws {
        let model = try Fixture(name: "induct-smeared-rotary").model()
        // At position 0 a key is not turned either.
        let run = try model.run(Tokens([[3, 17], [9]]), recording: [.k, Selector(.rotatedK)])
        let (plain, seen) = (try run[.k, layer: 0], try run[.rotatedK, layer: 0])
        #expect(plain.select(1, 0).isEqual(to: seen.select(1, 0)))
        #expect(!plain.select(1, 1).isEqual(to: seen.select(1, 1)))
    }

    /// A key is changed by the token before it, and by no other.
    @Test func anEditOfAKeyReachesTheNext() throws {
        let model = try Fixture(name: "induct-smeared-rotary").model()
        let tokens = try Tokens([[3, 17, 5, 3, 44, 9]])
        let plain = try model.run(tokens, recording: [Selector(.rotatedK)])[.rotatedK, layer: 1]
        let edited = try model.run(
            tokens,
            applying: [.zero(.k.layer(1).positions([2]))],
            recording: [Selector(.rotatedK)]
        )
        let changed = try (edited[.rotatedK, layer: 1] - plain).abs().sum(0, 2, 3).floats.map { $0 > 0 }
        #expect(changed == [false, false, true, true, false, false])
    }

    @Test func aModelWithoutTheWeightIsRefused() throws {
        let fixture = Fixture(name: "induct-attention")
        let directory = try TestDirectory()
        let text = try String(contentsOf: fixture.directory.appending(path: "config.json"), encoding: .utf8)
        _ = try directory.write("config.json", text.replacing("{", with: #"{"smeared_keys": true, "#))
        try FileManager.default.copyItem(
            at: fixture.directory.appending(path: "model.safetensors"),
            to: directory("model.safetensors")
        )
        let error = #expect(throws: CheckpointError.self) { try Transformer(directory: directory.url) }
        #expect("\(try #require(error))".contains("blocks.0.attn.smear"))
    }
}
