// A sweep is equal to a run with the same edits: every family, every site, every kind of edit, every way to cut it up.
import Testing
import Torch
import Transformers

@Suite struct SweepTests {
    static let tokens: [[Int]] = [
        [3, 17, 5, 3, 44, 9, 17, 30], [60, 1, 2, 50, 2, 1, 8], [7, 7, 41, 7, 12, 41, 5, 9], [11, 4, 11],
    ]
    static let last = tokens.enumerated().map { OutputCell(prompt: $0, position: $1.count - 1) }
    static let all = tokens.enumerated().flatMap { prompt, row in
        row.indices.map { OutputCell(prompt: prompt, position: $0) }
    }
    static let some = [(0, 5), (0, 2), (2, 7), (3, 1), (0, 6)].map {
        OutputCell(prompt: $0.0, position: $0.1)
    }

    /// Every kind of edit, everywhere: whole sites, one head, some positions, both.
    private func variations(of model: Transformer, _ tokens: Tokens) throws -> [[Intervention]] {
        let other = try Tokens(Self.tokens.map { $0.map { ($0 * 7 + 1) % 61 } })
        let random = RandomSource(seed: 5)
        var result: [[Intervention]] = []
        for (number, site) in model.sites.enumerated() {
            let recorded = try model.run(other, recording: [Selector(site)])
            let whole = Selector(site)
            let late = whole.positions([4, 6])
            var one = whole.positions([5])
            if site.kind.headAxis != nil {
                one = one.heads([number % min(model.config.keyValueHeads, model.config.heads)])
            }
            let shape = try recorded[site].shape
            result += [
                [.replace(whole, from: recorded)], [.replace(late, from: recorded)],
                [.replace(one, from: recorded)],
            ]
            // Minus infinity and divisors of zero have no relative error.
            if site.kind == .scores || shape.last == 1 { continue }
            let value = random.normal([shape[shape.count - 1]])
            switch number % 4 {
            case 0: result += [[.zero(late)], [.add(value, to: whole)]]
            case 1: result += [[.replace(one, with: value)], [.zero(whole)]]
            case 2: result += [[.edit(late) { $1 * 0.5 + 1 }], [.add(random.normal(shape), to: whole)]]
            default: result += [[.mean(one, from: recorded)], [.edit(one) { $1 * -2 }]]
            }
        }
        // Several edits of one variation, and none.
        let base = try model.run(tokens, recording: [.pattern, .z, .residPre])
        return result + [
            [.zero(.z.head(0, 1)), .replace(.pattern.layer(1), from: base)],
            [.zero(.z.head(1, 0).positions([6])), .add(Tensor(scalar: 0.5), to: .residPre.layer(1))],
            [.zero(.z.layer(0).positions([5])), .replace(.z.layer(1), from: base)],
            [.replace(.residPre.layer(0), from: base), .zero(.z.head(1, 1))], [],
        ]
    }

    /// Some logits and their normaliser, so that all of them count.
    private func metric(_ logits: Tensor, _ cells: [Int]) -> Tensor {
        #expect(logits.size(0) == cells.count)
        return .cat([logits.slice(1, 0..<5), logits.logSumExp(1, keep: true)], axis: 1)
    }

    private func expected(
        _ model: Transformer,
        _ tokens: Tokens,
        _ edits: [Intervention],
        _ cells: [OutputCell]
    )
        throws -> Tensor
    {
        let logits = try model.run(tokens, applying: edits).logits
        let rows = logits.index([Tensor(cells.map(\.prompt)), Tensor(cells.map(\.position))])
        return metric(rows, Array(cells.indices))
    }

    private func table(_ values: [[Double]]) -> Tensor {
        Tensor(values.flatMap { $0.map(Float.init) }, [values.count, values[0].count])
    }

    @Test(arguments: Fixture.all)
    func isEqualToRunsWithTheSameEdits(fixture: Fixture) throws {
        let model = try fixture.model()
        let tokens = try Tokens(Self.tokens)
        let variations = try variations(of: model, tokens)
        let ways: [(cells: [OutputCell], budget: Int?)] = [
            (Self.last, nil), (Self.some, 1 << 18), (Self.all, 1),
        ]
        for way in ways {
            let found = try model.sweep(
                tokens,
                variations: variations,
                reading: way.cells,
                budget: way.budget,
                metric: metric
            )
            #expect(relativeError(table(found.base), try expected(model, tokens, [], way.cells)) < 1e-5)
            for (number, variation) in variations.enumerated() {
                let right = try expected(model, tokens, variation, way.cells)
                let error = relativeError(table(found.variations[number]), right)
                #expect(
                    error < 1e-5,
                    "variation \(number): \(variation.map(\.selector)), \(way.cells.count) cells"
                )
            }
        }
    }

    /// Long prompts read in one place: there the last layer does without keys and values of all positions, in the families
    /// that allow it.
    @Test(arguments: Fixture.all)
    func isEqualToRunsWhereFewQueriesMatter(fixture: Fixture) throws {
        let model = try fixture.model()
        let tokens = try Tokens((3..<5).map { step in (0..<31).map { ($0 * step + step) % 61 } })
        let variations: [[Intervention]] = [
            [.zero(.z.head(0, 1))], [.zero(.mlpOut.layer(0))], [.zero(.residPre.layer(1).positions([30]))],
        ].filter { edits in
            edits.allSatisfy { edit in model.sites.contains { $0.kind == edit.selector.kind } }
        }
        for cells in [[(0, 30), (1, 30)], [(1, 20)]] {
            let cells = cells.map { OutputCell(prompt: $0.0, position: $0.1) }
            let found = try model.sweep(tokens, variations: variations, reading: cells, metric: metric)
            for (number, variation) in variations.enumerated() {
                let right = try expected(model, tokens, variation, cells)
                #expect(relativeError(table(found.variations[number]), right) < 1e-5)
            }
        }
    }
}
