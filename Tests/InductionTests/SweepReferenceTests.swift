// Ablation and patching by sweeps, against TransformerLens's loops over hooks.
import Testing
import Torch
import Transformers

struct SweepReferenceTests {
    @Test(arguments: CausalFixture.all)
    func ablationsOfHeads(fixture: CausalFixture) throws {
        let (model, settings, tables) = try (fixture.model(), fixture.settings(), fixture.tables())
        let clean = try Tokens(settings.tokens)
        let base = try model.run(clean, recording: [.z, .pattern])
        let others = try model.run(
            Tokens(settings.permutation.map { settings.tokens[$0] }),
            recording: [.z]
        )
        let modes: [String: (Head) -> [Intervention]] = [
            "zero": { [.zero(.z.head($0))] },
            "mean": { [.mean(.z.head($0), from: base)] },
            "mean_all": { [.mean(.z.head($0), from: base, overPositions: true)] },
            "resample": { [.replace(.z.head($0), from: others)] },
            "pattern_preserving": { head in
                let later = head.layer + 1..<model.config.layers
                let frozen = later.isEmpty ? [] : [Intervention.replace(.pattern.layers(later), from: base)]
                return [.zero(.z.head(head))] + frozen
            },
        ]
        for (mode, edits) in modes {
            let values = try sweep(model, clean, settings.answers, settings.base_foils, edits: edits)
            for (metric, number) in [("loss", 0), ("logit_diff", 1)] {
                let found = table(values.variations, number) - table([values.base], number)
                let recorded = try #require(tables["ablate.\(mode).head.delta_\(metric)"])
                let error = relativeError(found, recorded)
                #expect(error < 1e-4, "\(mode) \(metric): \(error)")
            }
        }
    }

    @Test(arguments: CausalFixture.all, ["denoising", "noising"])
    func patchingOfHeads(fixture: CausalFixture, direction: String) throws {
        let (model, settings, tables) = try (fixture.model(), fixture.settings(), fixture.tables())
        var (ids, from) = try (Tokens(settings.corrupted), Tokens(settings.tokens))
        if direction == "noising" { swap(&ids, &from) }
        let other = try model.run(from, recording: [.z])
        let places: [String: (Head) -> Selector] = [
            "last": { .z.head($0).positions([ids.length - 1]) },
            "all": { .z.head($0) },
        ]
        for (place, selector) in places {
            let values = try sweep(model, ids, settings.answers, settings.foils) {
                [.replace(selector($0), from: other)]
            }
            for (metric, number) in [("loss", 0), ("logit_diff", 1)] {
                let recorded = try #require(tables["patch.\(direction).head.\(place).\(metric)"])
                let error = relativeError(table(values.variations, number), recorded)
                #expect(error < 1e-4, "\(place) \(metric): \(error)")
            }
        }
    }

    /// Loss of the answer, and its logit minus the foil's, after the last token with each head edited.
    private func sweep(
        _ model: Transformer,
        _ tokens: Tokens,
        _ answers: [Int],
        _ foils: [Int],
        edits: (Head) -> [Intervention]
    ) throws -> SweepResult {
        let cells = tokens.lengths.enumerated().map { OutputCell(prompt: $0, position: $1 - 1) }
        return try model.sweep(tokens, variations: model.heads.map(edits), reading: cells) { logits, read in
            let rows = Tensor(Array(read.indices))
            let (answer, foil) = (Tensor(read.map { answers[$0] }), Tensor(read.map { foils[$0] }))
            let difference = logits.index([rows, answer]) - logits.index([rows, foil])
            return Tensor.stack([logits.crossEntropy(answer), difference], axis: 1)
        }
    }

    /// One number of each variation and cell, as [layer, head, prompt] where there are several variations.
    private func table(_ values: [[[Double]]], _ number: Int) -> Tensor {
        let flat = Tensor(values.joined().map { $0[number] })
        return values.count == 1 ? flat : flat.reshape(3, -1, values[0].count)
    }

    /// Largest difference over largest magnitude.
    private func relativeError(_ found: Tensor, _ recorded: Tensor) -> Double {
        guard found.shape == recorded.shape else { return .infinity }
        return (found - recorded.to(.float64)).abs().max().scalar / recorded.abs().max().scalar
    }
}
