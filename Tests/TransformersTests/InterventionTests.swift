// What each kind of intervention does.
import Testing
import Torch
import Transformers

@Suite struct InterventionTests {
    let model: Transformer
    let tokens: Tokens

    init() throws {
        model = try Fixture(name: "gpt2").model()
        tokens = try Tokens([[1, 2, 3, 4], [9, 8, 7, 6], [20, 21, 22, 23]])
    }

    private func z(after interventions: [Intervention]) throws -> Tensor {
        try model.run(tokens, applying: interventions, recording: [.z.layer(0)], logits: .none)[.z, layer: 0]
    }

    @Test func addReplaceAndMean() throws {
        let base = try model.run(tokens, recording: [.z.layer(0)])
        let clean = try base[.z, layer: 0]
        let vector = Tensor([1, -2, 3, -4, 5, -6, 7] as [Float])
        #expect(try z(after: [.add(vector, to: .z.layer(0))]).isEqual(to: clean + vector))
        let replaced = try z(after: [.replace(.z.head(0, 3), with: vector)])
        #expect(replaced.select(2, 3).isEqual(to: vector.expand([3, 4, 7])))
        let mean = try z(after: [.mean(.z.head(0, 1), from: base)])
        #expect(
            relativeError(mean.select(2, 1), clean.select(2, 1).mean(0, keep: true).expand([3, 4, 7])) < 1e-6
        )
        let overall = try z(after: [.mean(.z.head(0, 1), from: base, overPositions: true)])
        #expect(relativeError(overall[2][1][1], clean.select(2, 1).mean(0, 1)) < 1e-6)
    }

    @Test func editsOfOneSiteAreMadeInOrder() throws {
        let twice = try z(after: [.zero(.z.layer(0)), .add(Tensor(scalar: 2), to: .z.layer(0))])
        #expect(twice.min().scalar == 2 && twice.max().scalar == 2)
        let zero = try z(after: [.add(Tensor(scalar: 2), to: .z.layer(0)), .zero(.z.layer(0))])
        #expect(zero.abs().max().scalar == 0)
    }

    @Test func patchingAWholeResidualCarriesTheRunOver() throws {
        let other = try Tokens([[30, 2, 31, 4], [9, 40, 7, 41], [50, 21, 22, 51]])
        let clean = try model.run(tokens, recording: [.residPost.layer(0)])
        let patched = try model.run(other, applying: [.replace(.residPost.layer(0), from: clean)]).logits
        #expect(relativeError(patched, try clean.logits) < 1e-5)
    }
}
