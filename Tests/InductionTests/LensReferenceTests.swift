// The logit lens and direct logit attribution against TransformerLens; see Scripts/references/causal_references.py.
import Induction
import Testing
import Torch
import Transformers

@Suite struct LensReferenceTests {
    @Test(arguments: CausalFixture.all)
    func logitLens(fixture: CausalFixture) throws {
        let (model, settings, tables) = try (fixture.model(), fixture.settings(), fixture.tables())
        let prompts = settings.tokens.indices
        // [position][prompt], as the tables have it behind the rows.
        let cells = settings.lens_positions.flatMap { position in
            prompts.map { OutputCell(prompt: $0, position: position) }
        }
        let lens = try model.logitLens(
            Tokens(settings.tokens),
            reading: cells,
            targets: settings.lens_positions.flatMap { _ in settings.answers },
            top: 5,
            batchSize: 4
        )
        let rows = (0...model.config.layers).flatMap { row in lens.readings.map { $0.rows[row] } }
        let ids = try #require(tables["lens.top_ids"])
        #expect(rows.flatMap { $0.top.map(\.id) } == ids.ints)
        let targets = rows.compactMap(\.target)
        #expect(targets.map(\.rank) == (try #require(tables["lens.target.rank"]).ints))
        let found: [(String, [Double])] = [
            ("lens.top_probabilities", rows.flatMap { $0.top.map(\.probability) }),
            ("lens.target.probability", targets.map(\.probability)),
            ("lens.target.logit", targets.map(\.logit)),
        ]
        for (name, values) in found {
            let recorded = try #require(tables[name])
            let error = relativeError(values, recorded.doubles)
            #expect(error < 1e-4, "\(name): \(error)")
        }
    }

    @Test(arguments: CausalFixture.all)
    func logitsOfEveryRow(fixture: CausalFixture) throws {
        let (model, settings, tables) = try (fixture.model(), fixture.settings(), fixture.tables())
        let run = try model.run(Tokens(settings.tokens), recording: [.residPre, .residPost])
        let recorded = try #require(tables["lens.logits"])  // [row, prompt, vocab]
        for row in 0...model.config.layers {
            let residual =
                row == 0 ? try run[.residPre, layer: 0] : try run[.residPost, layer: row - 1]
            let last = residual.select(1, residual.size(1) - 1)  // [prompt, d]
            let error = relativeError(model.unembed(last).doubles, recorded[row].doubles)
            #expect(error < 1e-4, "row \(row): \(error)")
        }
    }

    @Test(arguments: CausalFixture.all)
    func directLogitAttribution(fixture: CausalFixture) throws {
        let (model, settings, tables) = try (fixture.model(), fixture.settings(), fixture.tables())
        let found = try model.directLogitAttribution(
            Tokens(settings.tokens),
            targets: settings.tokens.indices.map {
                PredictionTarget(
                    cell: OutputCell(prompt: $0, position: settings.tokens[$0].count - 1),
                    answer: settings.answers[$0],
                    foil: settings.foils[$0]
                )
            },
            batchSize: 4
        )
        let recorded = try #require(tables["direct.attribution"])  // [component, prompt]
        let scale = recorded.doubles.map(\.magnitude).max() ?? 0
        var seen = Set<String>()
        for (index, component) in found.components.enumerated() {
            let name = recordedName(component)
            let row = try #require(settings.components.firstIndex(of: name), "\(name)")
            seen.insert(name)
            for (reading, expected) in zip(found.readings, recorded[row].doubles) {
                #expect(abs(reading.terms[index] - expected) < 1e-4 * scale, "\(component)")
            }
        }
        // What the model does not have writes nothing.
        for (row, name) in settings.components.enumerated() where !seen.contains(name) {
            #expect(recorded[row].doubles.allSatisfy { abs($0) < 1e-6 * scale }, "\(name)")
        }
        let differences = try #require(tables["base.clean.logit_diff"]).doubles
        for (reading, difference) in zip(found.readings, differences) {
            #expect(abs(reading.terms.reduce(0, +) - difference) < 1e-4 * scale)
        }
    }

    private func recordedName(_ component: DirectComponent) -> String {
        let layer = component.layer ?? -1
        return switch component.kind {
        case .embedding: "embed"
        case .positionEmbedding: "pos_embed"
        case .head: component.description
        case .attentionBias: "\(layer)_attn_bias"
        case .mlp: "\(layer)_mlp_out"
        case .finalNormBias: "final_norm_bias"
        case .unembeddingBias: "unembedding_bias"
        }
    }
}
