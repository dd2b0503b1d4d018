// Path patching and attribution patching against TransformerLens; see Scripts/references/causal_references.py.
import Testing
import Torch
import Transformers

@testable import Induction

extension CausalFixture {
    /// The last token of each prompt is read.
    fileprivate func prompts() throws -> PatchingPrompts {
        let settings = try settings()
        return PatchingPrompts(
            clean: settings.tokens,
            corrupted: settings.corrupted,
            cells: settings.tokens.enumerated().map {
                OutputCell(prompt: $0.offset, position: $0.element.count - 1)
            },
            answers: settings.answers,
            foils: settings.foils
        )
    }
}

@Suite struct PatchingReferenceTests {
    @Test(arguments: CausalFixture.all, [true, false])
    func pathsEqualTransformerLens(fixture: CausalFixture, isDenoising: Bool) throws {
        let model = try fixture.model()
        let (prompts, tables) = (try fixture.prompts(), try fixture.tables())
        let (clean, corrupted) = try prompts.tokens()
        for mlps in MLPMode.allCases {
            let effects = try patchPaths(
                of: model,
                base: isDenoising ? corrupted : clean,
                other: isDenoising ? clean : corrupted,
                from: model.heads,
                to: model.config.pathReceivers(of: model.heads, PathInput.allCases),
                mlps: mlps,
                reading: prompts.cells,
                metric: prompts.difference
            )
            for input in PathInput.allCases {
                let name = "paths.\(isDenoising ? "denoising" : "noising").\(input.rawValue).\(mlps.rawValue)"
                let table = try #require(tables[name])
                var (found, expected): ([Double], [Double]) = ([], [])
                for path in effects.paths {
                    guard case .input(input, let head) = path.receiver else { continue }
                    found += path.values[0]
                    expected += table[path.sender.layer][path.sender.index][head.layer][head.index].doubles
                }
                // Six prompts; from layer 0 to 1 and 2, from 1 to 2.
                #expect(found.count == 6 * 3 * model.config.heads * table.size(3))
                #expect(relativeError(found, expected) < 1e-4, "\(name)")
            }
            let bases = try #require(tables["base.\(isDenoising ? "corrupted" : "clean").logit_diff"])
            #expect(relativeError(effects.base[0], bases.doubles) < 1e-4)
        }
    }

    @Test(arguments: CausalFixture.all, [true, false])
    func attributionsEqualTransformerLens(fixture: CausalFixture, isDenoising: Bool) throws {
        let model = try fixture.model()
        let (prompts, tables) = (try fixture.prompts(), try fixture.tables())
        let (clean, corrupted) = try prompts.tokens()
        let direction = isDenoising ? "denoising" : "noising"
        let kinds: [(CausalComponent.Kind, String)] = [
            (.head, "head"), (.attention, "attn"), (.mlp, "mlp"), (.residual, "resid"),
        ]
        let effects = try attributePatching(
            of: model,
            base: isDenoising ? corrupted : clean,
            other: isDenoising ? clean : corrupted,
            isByPosition: true,
            reading: prompts.cells,
            checking: AttributionCheck(top: 4, sample: 0),
            batchSize: 4,
            metric: prompts.difference
        )
        for (kind, component) in kinds {
            let found = effects.nodes.filter { $0.component.kind == kind }.flatMap(\.attribution)
            let table = try #require(tables["attribution.\(direction).\(component)"])
            #expect(relativeError(found, table.doubles) < 1e-4, "\(component)")
            guard kind != .head else { continue }
            // What was patched to check is in the tables of patching.
            let patched = try #require(tables["patch.\(direction).\(component).position.logit_diff"])
            for node in effects.nodes where node.component.kind == kind && node.exact != nil {
                let expected = patched[node.component.layer][try #require(node.component.position)].doubles
                let values = zip(try #require(node.exact), effects.base).map { $0 + $1 }
                #expect(relativeError(values, expected) < 1e-4, "\(node.component)")
            }
        }
    }
}
