// Ablation against runs of each prompt alone, on planted circuits, and against folded weights.
import Testing
import Torch
import Transformers

@testable import Induction

@Suite struct AblationTests {
    private let kinds: [CausalComponent.Kind] = [.head, .attention, .mlp, .layer, .residual]

    private func components(_ model: Transformer) -> [CausalComponent] {
        kinds.flatMap { CausalComponent.all($0, in: model.config) }
            + [.mlp(1).at(3), .head(Head(layer: 0, index: 4)).at(2)]
    }

    private func sites(_ component: CausalComponent) -> [SiteKind] {
        switch component.kind {
        case .head: [.z]
        case .attention: [.attentionOut]
        case .mlp: [.mlpOut]
        case .layer: [.attentionOut, .mlpOut]
        case .residual: [.residPre]
        }
    }

    /// The activation in the place of one prompt's at a site, whole: [1, position, ...].
    private func substitute(
        _ ablation: Ablation,
        _ site: Site,
        _ model: Transformer,
        _ rows: [[Int]],
        _ prompt: Int
    ) throws -> Tensor {
        func alone(_ row: [Int]) throws -> Tensor {
            try model.run(Tokens([row]), recording: [Selector(site)], logits: .none)[site]
        }
        let own = try alone(rows[prompt])
        switch ablation.mode {
        case .zero, .patternPreserving:
            return own.zerosLike()
        case .resample:
            return try alone(ablation.lenders(for: Tokens(rows))[prompt])
        case .mean, .meanAll:
            let reference = try (ablation.reference?.rows ?? rows).map(alone)
            if ablation.mode == .meanAll {
                return Tensor.cat(reference, axis: 1).mean(1, keep: true).expand(own.shape)
            }
            let means = (0..<own.size(1)).map { position in
                Tensor.cat(
                    reference.filter { $0.size(1) > position }.map { $0.slice(1, position..<position + 1) }
                ).mean(0, keep: true)
            }
            return Tensor.cat(means, axis: 1)
        }
    }

    @Test(arguments: AblationMode.allCases, [0, 1])
    func equalsEveryPromptRunAlone(mode: AblationMode, index: Int) throws {
        let model = causalModels()[index]
        let prompts = try raggedPrompts(hasFoils: index == 0)
        let ablation = Ablation(mode: mode, seed: 3)
        let metrics: [OutputMetric] = [.kl, .logitDiff, .prob, .loss]
        let found = try ablation.values(of: components(model), in: model, on: prompts, metrics: metrics)
        #expect(found.components == components(model) && found.metrics == metrics)
        var changed = 0
        for (prompt, row) in prompts.clean.rows.enumerated() {
            let tokens = try Tokens([row])
            let base = try model.run(tokens, recording: [.pattern])
            let clean = try base.logits[0]
            #expect(
                agree(found.base[prompt], metricsByLoops(metrics, prompts, prompt, clean, clean: clean), 1e-5)
            )
            for (place, component) in components(model).enumerated() {
                var edits = try sites(component).map { kind in
                    let site = Site(kind, layer: component.layer)
                    let value = try substitute(ablation, site, model, prompts.clean.rows, prompt)
                    return Intervention.edit(Selector(site)) { _, own in
                        let result = own.copy()
                        let positions = component.position.map { $0..<$0 + 1 } ?? 0..<row.count
                        var (target, source) = (result.slice(1, positions), value.slice(1, positions))
                        if let head = component.head {
                            (target, source) = (target.select(2, head), source.select(2, head))
                        }
                        target.assign(source)
                        return result
                    }
                }
                if mode == .patternPreserving, component.layer == 0 {
                    edits.append(.replace(.pattern.layer(1), from: base))
                }
                let logits = try model.run(tokens, applying: edits).logits[0]
                let values = metricsByLoops(metrics, prompts, prompt, logits, clean: clean)
                #expect(
                    agree(found.ablated[place][prompt], values, 2e-5),
                    "\(mode) \(component), prompt \(prompt): \(found.ablated[place][prompt]), \(values)"
                )
                if !agree(values, found.base[prompt], 1e-3) { changed += 1 }
            }
        }
        #expect(changed > components(model).count * prompts.clean.count * 3 / 4)
    }

    @Test func meansMayComeFromOtherPrompts() throws {
        let model = causalModels()[0]
        let prompts = try raggedPrompts()
        let others = try raggedPrompts(lengths: [12, 5]).clean
        let head = CausalComponent.head(Head(layer: 1, index: 2))
        let own = try Ablation(mode: .mean).values(of: [head], in: model, on: prompts, metrics: [.loss])
        let found = try Ablation(mode: .mean, reference: others)
            .values(of: [head], in: model, on: prompts, metrics: [.loss])
        #expect(found.base == own.base && found.ablated != own.ablated)
        for prompt in prompts.clean.rows.indices {
            let site = Site(.z, layer: 1)
            let ablation = Ablation(mode: .mean, reference: others)
            let value = try substitute(ablation, site, model, prompts.clean.rows, prompt)
            let run = try model.run(
                Tokens([prompts.clean.rows[prompt]]),
                applying: [.replace(.z.head(1, 2), with: value.slice(2, 2..<3))]
            )
            let values = try metricsByLoops([.loss], prompts, prompt, run.logits[0], clean: run.logits[0])
            #expect(agree(found.ablated[0][prompt], values, 1e-5))
        }
    }

    /// The same model with what is constant in each head's values moved to the output bias.
    private func folded(_ model: Transformer, _ point: ZeroPoint) throws -> Transformer {
        let config = model.config
        let first = (config.heads + config.keyValueHeads) * config.dHead
        let blocks = try (0..<config.layers).map { layer in
            var block = try model.weights.blocks[layer]
            var map = block.attention.qkv
            let weight = map.weight
            map.bias = try #require(map.bias).copy()
            var values = try #require(map.bias)[first..<weight.size(0)].copy()
            if point == .foldedWeights {
                // Norms' gain and bias go into the maps; what is left is the plain norm.
                let (gain, offset) = try (#require(block.norm1.weight), #require(block.norm1.bias))
                map.bias = try #require(map.bias) + offset.unsqueeze(0).linear(weight).squeeze(0)
                map.weight = weight * gain
                values = try #require(map.bias)[first..<weight.size(0)].copy()
                block.norm1 = NormWeights(weight: .ones(gain.shape), bias: .zeros(gain.shape))
            }
            // Each query head reads its group's values.
            let perHead = (0..<config.heads).map { head in
                let group = head / (config.heads / config.keyValueHeads)
                return values[group * config.dHead..<(group + 1) * config.dHead]
            }
            let output = block.attention.output
            block.attention.output.bias =
                try #require(output.bias)
                + Tensor.cat(perHead).unsqueeze(0).linear(output.weight).squeeze(0)
            try #require(map.bias)[first..<weight.size(0)].fill(0)
            block.attention.qkv = map
            return block
        }
        let weights = model.weights
        return Transformer(
            config: config,
            weights: TransformerWeights(
                embedding: weights.embedding,
                positions: weights.positions,
                blocks: blocks,
                finalNorm: weights.finalNorm,
                unembedding: weights.unembedding
            )
        )
    }

    @Test(arguments: [ZeroPoint.valueBias, .foldedWeights], [0, 1])
    func zeroPointsAreZerosOfFoldedWeights(point: ZeroPoint, index: Int) throws {
        let model = causalModels()[index]
        let other = try folded(model, point)
        let prompts = try raggedPrompts()
        let heads = CausalComponent.all(.head, in: model.config)
        for mode in AblationMode.allCases {
            func values(_ model: Transformer, _ point: ZeroPoint) throws -> AblationValues {
                try Ablation(mode: mode, zeroPoint: point)
                    .values(of: heads, in: model, on: prompts, metrics: [.loss, .logitDiff])
            }
            let found = try values(model, point)
            let expected = try values(other, .raw)
            for (a, b) in zip(found.ablated, expected.ablated) {
                #expect(zip(a, b).allSatisfy { agree($0, $1, 5e-5) }, "\(mode)")
            }
            let isZeroing = mode == .zero || mode == .patternPreserving
            #expect(try isZeroing == (values(model, .raw) != found), "\(mode)")
        }
    }

    @Test func theCircuitsHeadsMatterAndNoOther() throws {
        let prompts = try bigramPrompts(corruptingSecond: true)
        let model = circuitModel()
        let heads = CausalComponent.all(.head, in: model.config)
        for mode in AblationMode.allCases {
            let found = try Ablation(mode: mode).values(
                of: heads,
                in: model,
                on: prompts,
                metrics: [.loss]
            )
            for (component, values) in zip(found.components, found.ablated) {
                let delta = values.mean(0) - found.base.mean(0)
                // With patterns kept the induction head looks where the previous-token head once told it to. All
                // prompts have A B at the same place, so the mean and another prompt's leave the previous-token head
                // as good as gone, and the induction head copies the wrong token.
                let matters =
                    component == .head(circuitHeads.induction)
                    || component == .head(circuitHeads.previous) && mode != .patternPreserving
                #expect(matters ? delta > 3 : abs(delta) < 0.01, "\(mode) \(component): \(delta)")
            }
        }
    }

    @Test func partsOfThePromptsGiveTheSame() throws {
        let prompts = try raggedPrompts(hasFoils: false)
        for mode in AblationMode.allCases {
            func values(_ budget: Int?) throws -> (AblationValues, [[Int]]) {
                var seen: [[Int]] = []
                let found = try Ablation(mode: mode).values(
                    of: CausalComponent.all(.layer, in: causalModels()[0].config),
                    in: causalModels()[0],
                    on: prompts,
                    metrics: OutputMetric.allCases,
                    budget: budget
                ) { seen.append([$0, $1]) }
                return (found, seen)
            }
            let (whole, progress) = try values(nil)
            let (parts, steps) = try values(1 << 9)
            #expect(progress.last == [2, 2] && steps.last == [14, 14], "\(mode)")
            #expect(zip(whole.base, parts.base).allSatisfy { agree($0, $1, 1e-5) })
            for (a, b) in zip(whole.ablated, parts.ablated) {
                #expect(zip(a, b).allSatisfy { agree($0, $1, 1e-5) }, "\(mode)")
            }
        }
    }

    @Test func lendersHaveTheSameLengthAndAreNeverThePromptItself() throws {
        let rows = [5, 7, 5, 5, 7, 5].enumerated().map { prompt, length in
            [Int](repeating: prompt, count: length)
        }
        var drawn: [[Int]: Int] = [:]
        for seed in 0..<900 {
            let lenders = try Ablation(mode: .resample, seed: UInt64(seed)).lenders(for: Tokens(rows))
            #expect(zip(lenders, rows).allSatisfy { $0 != $1 && $0.count == $1.count })
            #expect(Set(lenders) == Set(rows))
            drawn[lenders.map { $0[0] }, default: 0] += 1
        }
        // Four prompts have nine permutations that leave none in its place.
        #expect(drawn.count == 9 && drawn.values.allSatisfy { (60...140).contains($0) })
    }

    @Test func whatDoesNotFitIsAnError() throws {
        let model = causalModels()[0]
        let lonely = try raggedPrompts(lengths: [6, 8, 6])
        let head = CausalComponent.head(Head(layer: 0, index: 0))
        func values(_ ablation: Ablation, _ component: CausalComponent) throws {
            _ = try ablation.values(of: [component], in: model, on: lonely, metrics: [.loss])
        }
        #expect(throws: EffectError.nothingToResample(prompt: 1, length: 8)) {
            try values(Ablation(mode: .resample), head)
        }
        #expect(throws: EffectError.referenceTooShort(reference: 7, needed: 8)) {
            try values(Ablation(mode: .mean, reference: Tokens([[1, 2, 3, 4, 5, 6, 7]])), head)
        }
        try values(Ablation(mode: .meanAll, reference: Tokens([[1, 2, 3, 4, 5, 6, 7]])), head)
        #expect(throws: EffectError.positionBeyondPrompt(position: 7, prompt: 0, length: 6)) {
            try values(Ablation(), head.at(7))
        }
        #expect(throws: SelectionError.self) { try values(Ablation(), .head(Head(layer: 0, index: 6))) }
        #expect(throws: SelectionError.self) { try values(Ablation(), .mlp(2)) }
        #expect(throws: SelectionError.self) {
            _ = try Ablation().values(
                of: [.mlp(0)],
                in: circuitModel(),
                on: bigramPrompts(corruptingSecond: true),
                metrics: [.loss]
            )
        }
    }
}
