// What every family promises at every site: an edit matters, an edit that changes nothing changes nothing.
import Testing
import Torch
import Transformers

@Suite struct ConformanceTests {
    static let tokens: [[Int]] = [[3, 17, 5, 3, 44, 9, 17], [60, 1, 2, 50, 2, 1, 8]]

    @Test(arguments: Fixture.all)
    func anEditChangesTheLogits(fixture: Fixture) throws {
        let model = try fixture.model()
        let tokens = try Tokens(Self.tokens)
        let plain = try model.run(tokens).logits
        let random = RandomSource(seed: 8)
        for site in model.sites {
            let edit = Intervention.edit(Selector(site)) { _, value in value + random.normal(value.shape) }
            let edited = try model.run(tokens, applying: [edit]).logits
            #expect(relativeError(edited, plain) > 1e-3, "\(site)")
        }
    }

    @Test(arguments: Fixture.all)
    func anIdentityEditIsTheRunThatRecords(fixture: Fixture) throws {
        let model = try fixture.model()
        let tokens = try Tokens(Self.tokens)
        let plain = try model.run(tokens).logits
        for site in model.sites {
            let recorded = try model.run(tokens, recording: [Selector(site)])
            let identity = Intervention.edit(Selector(site)) { $1 }
            let edited = try model.run(tokens, applying: [identity]).logits
            #expect(edited.isEqual(to: try recorded.logits), "\(site)")
            #expect(relativeError(edited, plain) < 1e-5, "\(site)")
            let replaced = Intervention.replace(Selector(site), from: recorded)
            #expect(try model.run(tokens, applying: [replaced]).logits.isEqual(to: edited), "\(site)")
        }
    }

    @Test(arguments: Fixture.all)
    func anEditOfOneHeadLeavesTheOthersAlone(fixture: Fixture) throws {
        let model = try fixture.model()
        let tokens = try Tokens(Self.tokens)
        let clean = try model.run(tokens, recording: [.z])
        let cut = try model.run(
            tokens,
            applying: [.zero(.z.head(1, 2).positions([0, 3, 4]))],
            recording: [.z]
        )
        let (before, after) = (try clean[.z, layer: 1], try cut[.z, layer: 1])
        for head in 0..<model.config.heads {
            for position in 0..<7 {
                let (x, y) = (
                    before.select(2, head).select(1, position), after.select(2, head).select(1, position)
                )
                if head == 2 && [0, 3, 4].contains(position) {
                    #expect(y.abs().max().scalar == 0)
                } else {
                    #expect(x.isEqual(to: y))
                }
            }
        }
    }

    @Test(arguments: Fixture.all)
    func padsChangeNothing(fixture: Fixture) throws {
        let model = try fixture.model()
        let (short, long) = ([3, 17, 5], [60, 1, 2, 50, 2, 1, 8])
        let alone = try model.run(Tokens([short])).logits
        let padded = try model.run(Tokens([long, short])).logits
        #expect(relativeError(padded[1].slice(0, 0..<3), alone[0]) < 1e-5)
        let last = try model.run(Tokens([long, short]), logits: .last).logits
        #expect(last.shape == [2, 1, model.config.vocabularySize])
        #expect(relativeError(last[1][0], alone[0][2]) < 1e-5)
        #expect(relativeError(last[0][0], padded[0][6]) < 1e-5)
    }

    @Test(arguments: Fixture.all)
    func onlyTheAskedPositionsAreUnembedded(fixture: Fixture) throws {
        let model = try fixture.model()
        let tokens = try Tokens(Self.tokens)
        let all = try model.run(tokens).logits
        let some = try model.run(tokens, logits: .at([5, 1])).logits
        #expect(relativeError(some, all.indexSelect(1, Tensor([5, 1]))) < 1e-5)
        let none = try model.run(tokens, recording: [.residPost.layer(0)], logits: .none)
        #expect(none.sites == [Site(.residPost, layer: 0)])
    }
}
