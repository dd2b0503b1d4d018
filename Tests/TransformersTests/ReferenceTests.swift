// Every site of every family against values recorded with Hugging Face and TransformerLens.
import Testing
import Torch
import Transformers

/// Two right implementations differ by 2e-6 on these models; the tanh form of GELU differs from the exact one by
/// 1.4e-4 in the logits.
private let tolerance = 1e-5

@Suite struct ReferenceTests {
    @Test(arguments: Fixture.all)
    func everySiteMatches(fixture: Fixture) throws {
        let model = try fixture.model()
        let (tokens, values) = try fixture.recorded("reference")
        #expect(Set(model.sites.map(\.name)) == Set(values.keys))
        let run = try model.run(tokens, recording: model.sites.map { Selector($0) })
        for site in model.sites {
            let expected = try #require(values[site.name])
            let error = relativeError(try run[site], expected)
            #expect(error < tolerance, "\(site): \(error)")
        }
    }

    @Test(arguments: Fixture.all, ["reference-full", "reference-single"])
    func otherLengthsMatch(fixture: Fixture, file: String) throws {
        let model = try fixture.model()
        let (tokens, values) = try fixture.recorded(file)
        #expect(tokens.length == (file == "reference-full" ? 67 : 1))
        let sites = model.sites.filter { values[$0.name] != nil }
        // With the pattern recorded attention is not fused.
        let run = try model.run(tokens, recording: sites.map { Selector($0) } + [.pattern])
        #expect(sites.count == values.count)
        for site in sites {
            let expected = try #require(values[site.name])
            let error = relativeError(try run[site], expected)
            #expect(error < tolerance, "\(site): \(error)")
        }
    }

    @Test(arguments: Fixture.all)
    func fusedAttentionGivesTheSameLogits(fixture: Fixture) throws {
        let model = try fixture.model()
        let (tokens, values) = try fixture.recorded("reference-full")
        let expected = try #require(values["logits"])
        #expect(relativeError(try model.run(tokens).logits, expected) < tolerance)
    }
}
