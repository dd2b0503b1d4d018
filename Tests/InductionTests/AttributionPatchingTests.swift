// Attribution patching: against finite differences, where it must be exact, and on planted circuits.
import Testing
import Torch
import Transformers

@testable import Induction

private let families = [
    "gpt2", "gpt-neox-parallel", "induct-attention", "induct-smeared", "gpt-neo", "mistral", "qwen2", "qwen3",
    "gemma2", "gemma3", "olmo2", "phi", "gptj",
]

private let copier = PlantedModel(
    layers: 2,
    heads: 5,
    planted: [
        Head(layer: 0, index: 3): .previousToken, Head(layer: 0, index: 1): .duplicateToken,
        Head(layer: 1, index: 2): .induction,
    ]
)

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

@Suite struct AttributionPatchingTests {
    /// The metric of each prompt, the mean over its cells, where one node goes a part of the way to the other run.
    private func values(
        _ model: Transformer,
        _ prompts: PatchingPrompts,
        _ node: CausalComponent,
        positions: [Int]?,
        part: Double
    ) throws -> [Double] {
        let (clean, corrupted) = try prompts.tokens()
        let site = Site(node.patched.kind, layer: node.layer)
        let theirs = try model.run(clean, recording: [Selector(site)], logits: .none)[site]
        let ours = try model.run(corrupted, recording: [Selector(site)], logits: .none)[site]
        var selector = Selector(site)
        selector.heads = node.head.map { [$0] }
        selector.positions = node.position.map { [$0] } ?? positions
        var step = theirs - ours
        if let head = node.head { step = step.slice(2, head..<head + 1) }
        if let places = selector.positions?.sorted() { step = step.indexSelect(1, Tensor(places)) }
        var next = 0
        let edit = Intervention.edit(selector) { _, value in
            // Neighbouring positions come together, in order.
            let own = step.slice(1, next..<next + value.size(1))
            next += value.size(1)
            return value + own * part
        }
        let logits = try model.run(corrupted, applying: [edit]).logits
        var sums = [Double](repeating: 0, count: clean.count)
        for (cell, place) in prompts.cells.enumerated() {
            let count = Double(prompts.cells.count { $0.prompt == place.prompt })
            sums[place.prompt] +=
                prompts.loss(logits[place.prompt][place.position].unsqueeze(0), [cell]).scalar / count
        }
        return sums
    }

    @Test(arguments: families)
    func equalsFiniteDifferences(family: String) throws {
        let model = try recordedModel(family, dtype: .float64)
        let prompts = PatchingPrompts.random(vocabulary: model.config.vocabularySize, seed: 9)
        let (clean, corrupted) = try prompts.tokens()
        for (positions, isByPosition) in [(nil, false), ([9, 1, 4, 3], false), ([4, 7, 8], true)] {
            let found = try attributePatching(
                of: model,
                base: corrupted,
                other: clean,
                positions: positions,
                isByPosition: isByPosition,
                reading: prompts.cells,
                checking: nil,
                batchSize: 2,
                metric: prompts.loss
            )
            let kinds = model.config.isAttentionOnly ? 2 : 3
            #expect(
                found.nodes.count == model.config.layers * (model.config.heads + kinds)
                    * (isByPosition ? 3 : 1)
            )
            var generator = SeededGenerator(seed: 3)
            let some =
                found.nodes.filter { $0.component.kind != .head }
                + generator.sample(6, of: found.nodes.filter { $0.component.kind == .head })
            var (slopes, expected): ([Double], [Double]) = ([], [])
            for node in some {
                let step = 1e-3
                let ends = try [step, -step].map {
                    try values(model, prompts, node.component, positions: positions, part: $0)
                }
                slopes += node.attribution
                expected += zip(ends[0], ends[1]).map { ($0 - $1) / (2 * step) }
                #expect(node.exact == nil)
            }
            #expect(relativeError(slopes, expected) < 1e-4, "\(family)")
            #expect(expected.contains { $0.magnitude > 1e-2 })
        }
    }

    @Test(arguments: ["gpt2", "gemma3"])
    func positionsAddUp(family: String) throws {
        let model = try recordedModel(family)
        let prompts = PatchingPrompts.random(vocabulary: model.config.vocabularySize, seed: 10)
        let (clean, corrupted) = try prompts.tokens()
        func attributed(isByPosition: Bool, batchSize: Int) throws -> AttributionEffects {
            try attributePatching(
                of: model,
                base: corrupted,
                other: clean,
                isByPosition: isByPosition,
                reading: prompts.cells,
                checking: nil,
                batchSize: batchSize,
                metric: prompts.difference
            )
        }
        let whole = try attributed(isByPosition: false, batchSize: 3)
        let parts = try attributed(isByPosition: true, batchSize: 1)
        #expect(parts.nodes.count == 11 * whole.nodes.count)
        for node in whole.nodes {
            let own = parts.nodes.filter {
                ($0.component.kind, $0.component.layer) == (node.component.kind, node.component.layer)
                    && $0.component.head == node.component.head
            }
            #expect(own.compactMap(\.component.position) == Array(0..<11))
            let sums = node.attribution.indices.map { prompt in own.reduce(0) { $0 + $1.attribution[prompt] }
            }
            #expect(relativeError(sums, node.attribution) < 1e-4)
        }
        #expect(
            relativeError(parts.base, whole.base) < 1e-5 && relativeError(parts.other, whole.other) < 1e-5
        )
        // The last prompt's positions beyond the others' ends.
        for node in parts.nodes where (node.component.position ?? 0) > 8 {
            #expect(node.attribution[0] == 0 && node.attribution[1] == 0)
        }
    }

    /// Without norms the logits are a linear function of what the last layer's heads write.
    @Test func isExactInTheLastLayerOfALinearReadout() throws {
        let random = randomModel(seed: 12)
        var config = random.config
        config.normalization = .none
        let model = Transformer(config: config, weights: random.weights)
        let prompts = PatchingPrompts.random(vocabulary: 23, seed: 11)
        let (clean, corrupted) = try prompts.tokens()
        for positions in [nil, [6, 8]] {
            let found = try attributePatching(
                of: model,
                base: corrupted,
                other: clean,
                nodes: [.head, .attention],
                positions: positions,
                reading: prompts.cells,
                checking: AttributionCheck(top: 100),
                batchSize: 2,
                metric: prompts.difference
            )
            let last = found.nodes.filter { $0.component.layer == 1 }
            #expect(last.count == 7)
            let attributions = last.flatMap(\.attribution)
            #expect(relativeError(attributions, last.compactMap(\.exact).flatMap(\.self)) < 1e-5)
            #expect(attributions.contains { $0.magnitude > 0.1 })
            // Not so where a softmax follows.
            let first = found.nodes.filter { $0.component.layer == 0 }
            #expect(
                relativeError(first.flatMap(\.attribution), first.compactMap(\.exact).flatMap(\.self)) > 0.1
            )
        }
    }

    /// The numbers of the check are those of patching.
    @Test(arguments: ["gpt-neox-parallel", "qwen3", "gemma2"])
    func checksByPatching(family: String) throws {
        let model = try recordedModel(family)
        let prompts = PatchingPrompts.random(vocabulary: model.config.vocabularySize, seed: 13)
        let (clean, corrupted) = try prompts.tokens()
        for (positions, isByPosition) in [(nil, false), ([2, 8, 4], true)] {
            let found = try attributePatching(
                of: model,
                base: corrupted,
                other: clean,
                positions: positions,
                isByPosition: isByPosition,
                reading: prompts.cells,
                checking: AttributionCheck(top: 3, sample: 4, seed: 7),
                batchSize: 1,
                metric: prompts.loss
            )
            for kind in [CausalComponent.Kind.head, .attention, .mlp, .residual] {
                let nodes = found.nodes.filter { $0.component.kind == kind }
                let checked = nodes.filter { $0.exact != nil }
                #expect(checked.count == min(7, nodes.count))
                let ranked = nodes.sorted { mean($0.attribution).magnitude > mean($1.attribution).magnitude }
                for node in ranked.prefix(3) { #expect(node.exact != nil) }
                let agreement = try #require(found.agreements.first { $0.kind == kind })
                let top = ranked.prefix(3).filter { $0.exact != nil }
                let expected = Correlation(
                    top.map { mean($0.attribution) },
                    top.compactMap { $0.exact.map(mean) }
                )
                #expect(agreement.top.count == min(3, nodes.count))
                #expect(agreement.sample.count == checked.count - agreement.top.count)
                if let wanted = expected.pearson, let pearson = agreement.top.pearson {
                    #expect(agree(pearson, wanted, 1e-9))
                }
                for node in checked {
                    let patched = try values(model, prompts, node.component, positions: positions, part: 1)
                    let exact = zip(patched, found.base).map { $0 - $1 }
                    let error = zip(exact, node.exact ?? []).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
                    #expect(error < 1e-5, "\(node.component): \(exact), \(node.exact ?? [])")
                }
            }
        }
    }

    /// Planted heads are sure of what they look at: there is no gradient through their softmax. With scores a
    /// thirtieth as large there is one.
    private func planted(isSoft: Bool, isDenoising: Bool) throws -> AttributionEffects {
        let model = copier.makeModel()
        var config = model.config
        if isSoft { config.attentionScale /= 30 }
        let prompts = PatchingPrompts.first(copier)
        let (clean, corrupted) = try prompts.tokens()
        return try attributePatching(
            of: Transformer(config: config, weights: model.weights),
            base: isDenoising ? corrupted : clean,
            other: isDenoising ? clean : corrupted,
            nodes: [.head],
            reading: prompts.cells,
            checking: AttributionCheck(top: 10),
            metric: prompts.difference
        )
    }

    @Test(arguments: [true, false])
    func agreesOnASoftPlantedCircuit(isDenoising: Bool) throws {
        let found = try planted(isSoft: true, isDenoising: isDenoising)
        let agreement = try #require(found.agreements.first)
        let pearson = try #require(agreement.top.pearson)
        #expect(pearson > 0.9)
        for node in found.nodes {
            let head = Head(layer: node.component.layer, index: node.component.head ?? -1)
            let isPlanted = [.previousToken, .induction].contains(copier.planted[head])
            let whole = mean(found.other) - mean(found.base)
            let share = mean(node.attribution) / whole
            #expect(isPlanted ? share > 0.1 : share.magnitude < 1e-4, "\(head): \(share)")
        }
    }

    @Test(arguments: [true, false])
    func doesNotSeeThroughASoftmaxThatIsSure(isDenoising: Bool) throws {
        let found = try planted(isSoft: false, isDenoising: isDenoising)
        let whole = mean(found.other) - mean(found.base)
        func share(_ head: Head, _ values: (AttributionEffects.Node) -> [Double]?) throws -> Double {
            let node = try #require(
                found.nodes.first { $0.component.layer == head.layer && $0.component.head == head.index }
            )
            return mean(try #require(values(node))) / whole
        }
        let (previous, induction) = (Head(layer: 0, index: 3), Head(layer: 1, index: 2))
        #expect(try share(previous) { $0.exact } > 0.99)
        #expect(try share(previous) { $0.attribution }.magnitude < 0.01)
        #expect(try share(induction) { $0.exact } > 0.99)
        #expect(try share(induction) { $0.attribution } > 0.99)
        // And so it is told that it is not to be trusted: two heads matter, one of them is missed.
        #expect(try #require(found.agreements.first?.top.pearson) < 0.9)
    }

    @Test func nothingToCompareIsSaid() throws {
        let model = copier.makeModel()
        let prompts = PatchingPrompts.first(copier)
        let found = try attributePatching(
            of: model,
            base: Tokens(prompts.corrupted),
            other: Tokens(prompts.clean),
            reading: prompts.cells,
            checking: AttributionCheck(top: 4, sample: 5),
            metric: prompts.difference
        )
        #expect(found.agreements.map(\.kind) == [.head, .attention, .residual])
        #expect(found.agreements[0].sample.undefined == .firstIsConstant)
        #expect(found.agreements[1].top.undefined == .tooFew && found.agreements[1].top.count == 2)
        #expect(found.agreements[1].sample.undefined == .tooFew && found.agreements[1].sample.count == 0)
    }

    @Test func partsAreCountedAndWhatDoesNotExistIsAnError() throws {
        let model = copier.makeModel()
        let prompts = PatchingPrompts.first(copier)
        func run(_ kinds: [CausalComponent.Kind], _ positions: [Int]?) throws -> [Int] {
            var parts: [Int] = []
            _ = try attributePatching(
                of: model,
                base: Tokens(prompts.corrupted),
                other: Tokens(prompts.clean),
                nodes: kinds,
                positions: positions,
                reading: prompts.cells,
                checking: AttributionCheck(top: 2, sample: 1),
                batchSize: 4,
                progress: { done, count in
                    parts.append(done)
                    if kinds == [.head] { #expect(count == 2 + 2 * 3) }
                },
                metric: prompts.loss
            )
            return parts
        }
        let parts = try run([.head], nil)
        #expect(parts.sorted() == parts && parts.last == 8)
        #expect(throws: SelectionError.self) { try run([.mlp], nil) }
        #expect(throws: SelectionError.outOfRange(.z, axis: "position", index: 99, count: 14)) {
            try run([.head], [99])
        }
    }
}
