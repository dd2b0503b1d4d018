// Patching against runs of each prompt alone, on planted circuits, and seen from both directions.
import Testing
import Torch
import Transformers

@testable import Induction

@Suite struct PatchingTests {
    private func components(_ model: Transformer) -> [CausalComponent] {
        CausalComponent.Kind.allCases.flatMap { CausalComponent.all($0, in: model.config) }
            + CausalComponent.all(.residual, in: model.config, at: [1, 2, 4])
            + [.head(Head(layer: 0, index: 4)).at(4)]
    }

    private func site(_ component: CausalComponent) -> Site {
        let kind: SiteKind =
            switch component.kind {
            case .head: .z
            case .attention: .attentionOut
            case .mlp: .mlpOut
            case .layer: .residPost
            case .residual: .residPre
            }
        return Site(kind, layer: component.layer)
    }

    @Test(
        arguments: PatchingDirection.allCases,
        [PatchingPositions.last, .all, .at([4, 1, 2])]
    )
    func equalsEveryPromptRunAlone(direction: PatchingDirection, positions: PatchingPositions) throws {
        let model = causalModels()[direction == .denoising ? 0 : 1]
        let prompts = try raggedPrompts(hasFoils: positions == .last)
        let corrupted = try #require(prompts.corrupted)
        let metrics = OutputMetric.allCases
        let found = try Patching(direction: direction, positions: positions)
            .values(of: components(model), in: model, on: prompts, metrics: metrics)
        var changed = 0
        for prompt in prompts.clean.rows.indices {
            let both = try [prompts.clean, corrupted].map { tokens in
                try model.run(
                    Tokens([tokens.rows[prompt]]),
                    recording: [.z, .attentionOut, .mlpOut, .residPre, .residPost]
                )
            }
            let clean = try both[0].logits[0]
            func values(_ run: Recording) throws -> [Double] {
                try metricsByLoops(metrics, prompts, prompt, run.logits[0], clean: clean)
            }
            #expect(try agree(found.clean[prompt], values(both[0]), 1e-5))
            #expect(try agree(found.corrupted[prompt], values(both[1]), 1e-5))
            let (tokens, source) =
                direction == .denoising ? (corrupted, both[0]) : (prompts.clean, both[1])
            let last = prompts.targets.filter { $0.cell.prompt == prompt }.map(\.cell.position).max()
            for (place, component) in components(model).enumerated() {
                let own: [Int] =
                    switch positions {
                    case .last: try [#require(last)]
                    case .all: Array(prompts.clean.rows[prompt].indices)
                    case .at(let positions): positions
                    }
                var selector = Selector(site(component)).positions(component.position.map { [$0] } ?? own)
                if let head = component.head { selector = selector.heads([head]) }
                let run = try model.run(
                    Tokens([tokens.rows[prompt]]),
                    applying: [.replace(selector, from: source)]
                )
                let expected = try values(run)
                #expect(
                    agree(found.patched[place][prompt], expected, 2e-5),
                    "\(component), prompt \(prompt): \(found.patched[place][prompt]), \(expected)"
                )
                let base = try values(both[direction == .denoising ? 1 : 0])
                if !agree(expected, base, 1e-3) { changed += 1 }
            }
        }
        #expect(changed > 40)
    }

    @Test func theTwoDirectionsAreOneWithTheRunsExchanged() throws {
        let prompts = try raggedPrompts()
        let exchanged = try CausalPrompts(
            clean: #require(prompts.corrupted),
            corrupted: prompts.clean,
            targets: prompts.targets
        )
        let model = causalModels()[1]
        let metrics: [OutputMetric] = [.logitDiff, .loss, .prob]
        func values(_ direction: PatchingDirection, _ prompts: CausalPrompts) throws -> PatchingValues {
            try Patching(direction: direction)
                .values(of: components(model), in: model, on: prompts, metrics: metrics)
        }
        let denoised = try values(.denoising, prompts)
        let noised = try values(.noising, exchanged)
        #expect(denoised.patched == noised.patched)
        #expect(denoised.clean == noised.corrupted && denoised.corrupted == noised.clean)
    }

    /// Recovery of each head: a ratio of means over prompts.
    private func recoveries(
        _ prompts: CausalPrompts,
        _ positions: PatchingPositions = .all,
        _ direction: PatchingDirection = .denoising
    ) throws -> [Head: [Double]] {
        let metrics: [OutputMetric] = [.logitDiff, .loss, .prob]
        let model = circuitModel()
        let found = try Patching(direction: direction, positions: positions).values(
            of: CausalComponent.all(.head, in: model.config),
            in: model,
            on: prompts,
            metrics: metrics
        )
        return Dictionary(
            uniqueKeysWithValues: zip(model.heads, found.patched).map { head, patched in
                let recovery = metrics.indices.map { metric in
                    let (clean, corrupted) = (found.clean.mean(metric), found.corrupted.mean(metric))
                    return (patched.mean(metric) - corrupted) / (clean - corrupted)
                }
                return (head, recovery)
            }
        )
    }

    @Test func anotherFirstTokenIsRestoredByBothHeadsOfTheCircuit() throws {
        let prompts = try bigramPrompts(corruptingSecond: false)
        for (head, recovery) in try recoveries(prompts) {
            if head == circuitHeads.previous || head == circuitHeads.induction {
                #expect(recovery.allSatisfy { (0.95...1.01).contains($0) }, "\(head): \(recovery)")
            } else {
                #expect(recovery.allSatisfy { abs($0) < 0.05 }, "\(head): \(recovery)")
            }
        }
        // At the last position alone the previous-token head is not seen: it writes where B stands.
        for (head, recovery) in try recoveries(prompts, .last) {
            #expect(recovery.allSatisfy { abs($0 - (head == circuitHeads.induction ? 1 : 0)) < 0.05 })
        }
        // The other way, taking either head's work away is enough to lose the pattern.
        for (head, recovery) in try recoveries(prompts, .all, .noising) {
            let isNeeded = head == circuitHeads.previous || head == circuitHeads.induction
            #expect(recovery.allSatisfy { abs($0 - (isNeeded ? 0 : 1)) < 0.05 }, "\(head): \(recovery)")
        }
    }

    @Test func anotherSecondTokenIsRestoredByTheInductionHeadAlone() throws {
        // The previous-token head writes A behind A, whatever the token there is: it does the same in both runs.
        let prompts = try bigramPrompts(corruptingSecond: true)
        for (head, recovery) in try recoveries(prompts) {
            #expect(
                recovery.allSatisfy { abs($0 - (head == circuitHeads.induction ? 1 : 0)) < 0.05 },
                "\(head): \(recovery)"
            )
        }
    }

    @Test func nothingIsRunWhereNothingCanChange() throws {
        let model = causalModels()[0]
        let prompts = try CausalPrompts(
            clean: Tokens([[3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3]]),
            corrupted: Tokens([[3, 4, 5, 1, 7, 8], [8, 7, 2, 5, 4, 3]]),
            targets: [0, 1].map { PredictionTarget(cell: OutputCell(prompt: $0, position: 4), answer: 9) }
        )
        let all = CausalComponent.all(.residual, in: model.config, at: Array(0..<6))
        var steps: [[Int]] = []
        let found = try Patching().values(of: all, in: model, on: prompts, metrics: [.loss]) {
            steps.append([$0, $1])
        }
        // Three of six positions, at two layers each.
        #expect(steps.allSatisfy { $0[0] >= 6 && $0[1] == 12 } && steps.last == [12, 12])
        for (component, values) in zip(all, found.patched) {
            let position = try #require(component.position)
            // The token at 4 is the same in both: what differs there comes with the first block.
            let differs = [2, 3].contains(position) || position == 4 && component.layer == 1
            let isSame = zip(values, found.corrupted).allSatisfy { agree($0, $1, 1e-5) }
            #expect(isSame == !differs, "\(component)")
            #expect((2...4).contains(position) || values == found.corrupted, "\(component)")
        }
        let same = CausalPrompts(clean: prompts.clean, corrupted: prompts.clean, targets: prompts.targets)
        let nothing = try Patching().values(of: [.layer(1)], in: model, on: same, metrics: [.loss])
        #expect(nothing.patched == [nothing.corrupted])
        #expect(throws: SelectionError.self) {
            _ = try Patching().values(of: [.layer(2)], in: model, on: same, metrics: [.loss])
        }
    }

    @Test func partsOfThePromptsGiveTheSame() throws {
        let prompts = try raggedPrompts(hasFoils: false)
        let model = causalModels()[0]
        for positions in [PatchingPositions.last, .all] {
            func values(_ budget: Int?) throws -> PatchingValues {
                try Patching(direction: .noising, positions: positions).values(
                    of: components(model),
                    in: model,
                    on: prompts,
                    metrics: OutputMetric.allCases,
                    budget: budget
                )
            }
            let whole = try values(nil)
            let parts = try values(1 << 9)
            #expect(zip(whole.clean, parts.clean).allSatisfy { agree($0, $1, 1e-5) })
            #expect(zip(whole.corrupted, parts.corrupted).allSatisfy { agree($0, $1, 1e-5) })
            for (a, b) in zip(whole.patched, parts.patched) {
                #expect(zip(a, b).allSatisfy { agree($0, $1, 1e-5) })
            }
        }
    }

    @Test func whatDoesNotFitIsAnError() throws {
        let model = causalModels()[0]
        let prompts = try raggedPrompts()
        func values(
            _ prompts: CausalPrompts,
            _ component: CausalComponent = .layer(0),
            _ positions: PatchingPositions = .all
        ) throws {
            _ = try Patching(positions: positions)
                .values(of: [component], in: model, on: prompts, metrics: [.loss])
        }
        var other = prompts
        other.corrupted = nil
        #expect(throws: EffectError.noCorrupted) { try values(other) }
        other.corrupted = try Tokens([[1, 2]])
        #expect(throws: EffectError.unpaired(clean: 7, corrupted: 1)) { try values(other) }
        other.corrupted = try Tokens(
            prompts.clean.rows.enumerated().map { $0 == 3 ? Array($1.dropLast()) : $1 }
        )
        #expect(throws: EffectError.lengthsDiffer(prompt: 3, clean: 12, corrupted: 11)) { try values(other) }
        #expect(throws: EffectError.positionBeyondPrompt(position: 8, prompt: 1, length: 6)) {
            try values(prompts, .layer(0), .at([2, 8]))
        }
        #expect(throws: EffectError.positionBeyondPrompt(position: -1, prompt: 0, length: 9)) {
            try values(prompts, .layer(0), .at([2, -1]))
        }
        #expect(throws: EffectError.positionBeyondPrompt(position: 6, prompt: 1, length: 6)) {
            try values(prompts, .residual(0).at(6))
        }
        #expect(throws: SelectionError.self) { try values(prompts, .head(Head(layer: 1, index: 6))) }
    }
}
