// Path patching: against the definition taken literally, against what linear paths must be, and on a planted circuit.
import Testing
import Torch
import Transformers

@testable import Induction

private let circuit = PlantedModel(
    layers: 3,
    heads: 4,
    planted: [
        Head(layer: 0, index: 1): .previousToken, Head(layer: 1, index: 2): .duplicateToken,
        Head(layer: 2, index: 3): .induction, Head(layer: 2, index: 0): .sink,
    ]
)

private let families = [
    "gpt2", "gpt-neox-parallel", "induct-attention", "induct-smeared", "induct-smeared-rotary", "qwen3",
    "gemma2",
    "gemma3", "olmo2", "phi",
]

extension PatchingPrompts {
    /// One path, one prompt at a time: each head frozen by an edit of its own.
    fileprivate func definition(
        _ model: Transformer,
        _ sender: Head,
        _ receiver: PathReceiver,
        _ mlps: MLPMode,
        positions: [Int]?
    ) throws -> [[Double]] {
        try cells.indices.map { cell in
            let (prompt, position) = (cells[cell].prompt, cells[cell].position)
            let (base, other) = (try Tokens([corrupted[prompt]]), try Tokens([clean[prompt]]))
            let heads = try model.run(base, recording: [.z])
            let sent = try model.run(other, recording: [.z])
            let places = (positions ?? Array(0..<base.length)).filter { $0 < base.length }
            var edits: [Intervention] = []
            for head in model.heads where head.layer >= sender.layer {
                if head != sender {
                    edits.append(.replace(.z.head(head), from: heads))
                    continue
                }
                edits += (0..<base.length).map {
                    .replace(.z.head(head).positions([$0]), from: places.contains($0) ? sent : heads)
                }
            }
            if mlps == .frozen && !model.config.isAttentionOnly {
                let written = try model.run(base, recording: [.mlpOut])
                edits += (sender.layer..<model.config.layers).map {
                    .replace(.mlpOut.layer($0), from: written)
                }
            }
            var logits: Tensor
            switch receiver {
            case .logits:
                logits = try model.run(base, applying: edits).logits
            case .input(let input, let head):
                let changed = try model.run(base, applying: edits, recording: [Selector(input.site)])
                let replaced = Intervention.replace(Selector(input.site).head(head), from: changed)
                logits = try model.run(base, applying: [replaced]).logits
            }
            return differenceAndLoss(logits[0][position].unsqueeze(0), [cell]).reshape(-1).doubles
        }
    }
}

@Suite struct PathPatchingTests {
    @Test(arguments: families, MLPMode.allCases)
    func equalsTheDefinition(family: String, mlps: MLPMode) throws {
        let model = try recordedModel(family)
        let prompts = PatchingPrompts.random(vocabulary: model.config.vocabularySize, seed: 5)
        let (clean, corrupted) = try prompts.tokens()
        let last = model.config.layers - 1
        let senders = [
            Head(layer: 0, index: 1), Head(layer: last - 1, index: 0), Head(layer: last, index: 1),
        ]
        let receivers =
            model.config.pathReceivers(
                of: [Head(layer: 1, index: 1), Head(layer: last, index: 0)],
                PathInput.allCases
            ) + [.logits]
        for positions in [nil, [8, 2, 10, 1]] {
            let found = try patchPaths(
                of: model,
                base: corrupted,
                other: clean,
                from: senders,
                to: receivers,
                positions: positions,
                mlps: mlps,
                reading: prompts.cells,
                batchSize: 2,
                metric: prompts.differenceAndLoss
            )
            #expect(found.mlps == mlps)
            #expect(found.paths.count { $0.sender == senders[2] } == 1)
            var changes = 0.0
            for path in found.paths {
                let expected = try prompts.definition(
                    model,
                    path.sender,
                    path.receiver,
                    mlps,
                    positions: positions
                )
                for number in 0..<2 {
                    let (values, wanted) = (
                        path.values[number], prompts.perPrompt(expected.map { $0[number] })
                    )
                    #expect(relativeError(values, wanted) < 1e-5, "\(path.sender) to \(path.receiver)")
                    changes = max(changes, relativeError(values, found.base[number]))
                }
            }
            #expect(changes > 1e-3)
        }
    }

    /// Between neighbouring layers no other head lies on the way: MLPs recomputed, the receiver reads what it reads when
    /// the sender is patched.
    @Test(arguments: families)
    func neighboursAreAnOrdinaryPatch(family: String) throws {
        let model = try recordedModel(family)
        let prompts = PatchingPrompts.random(vocabulary: model.config.vocabularySize, seed: 6)
        let (clean, corrupted) = try prompts.tokens()
        let sender = Head(layer: 0, index: 2)
        let sent = try model.run(clean, recording: [.z])
        let changed = try model.run(
            corrupted,
            applying: [.replace(.z.head(sender), from: sent)],
            recording: [.q, .k, .v]
        )
        let found = try patchPaths(
            of: model,
            base: corrupted,
            other: clean,
            from: [sender],
            to: model.config.pathReceivers(of: [Head(layer: 1, index: 3)], PathInput.allCases),
            mlps: .recomputed,
            reading: prompts.cells,
            metric: prompts.difference
        )
        #expect(found.paths.count == 3)
        let receiver = Head(layer: 1, index: 3 * model.config.keyValueHeads / model.config.heads)
        for (path, kind) in zip(found.paths, [SiteKind.q, .k, .v]) {
            let head = kind == .q ? Head(layer: 1, index: 3) : receiver
            let logits = try model.run(
                corrupted,
                applying: [.replace(Selector(kind).head(head), from: changed)]
            ).logits
            let wanted = prompts.cells.enumerated().map { cell, place in
                prompts.difference(logits[place.prompt][place.position].unsqueeze(0), [cell]).scalar
            }
            #expect(relativeError(path.values[0], prompts.perPrompt(wanted)) < 1e-5, "\(path.receiver)")
        }
    }

    /// MLPs frozen, norms before: what the sender wrote more is simply there where the receiver reads.
    @Test(arguments: ["gpt2", "gpt-neox-parallel", "induct-attention", "qwen3", "phi"])
    func aFrozenPathAddsTheDifference(family: String) throws {
        let model = try recordedModel(family)
        let prompts = PatchingPrompts.random(vocabulary: model.config.vocabularySize, seed: 7)
        let (clean, corrupted) = try prompts.tokens()
        let (sender, receiver) = (Head(layer: 0, index: 3), Head(layer: 1, index: 2))
        let (ours, theirs) = (
            try model.run(corrupted, recording: [.result])[.result, layer: 0].select(2, 3),
            try model.run(clean, recording: [.result])[.result, layer: 0].select(2, 3)
        )
        let changed = try model.run(
            corrupted,
            applying: [.add(theirs - ours, to: .residPre.layer(1))],
            recording: [.q]
        )
        let logits = try model.run(corrupted, applying: [.replace(.q.head(receiver), from: changed)]).logits
        let wanted = prompts.cells.enumerated().map { cell, place in
            prompts.difference(logits[place.prompt][place.position].unsqueeze(0), [cell]).scalar
        }
        let found = try patchPaths(
            of: model,
            base: corrupted,
            other: clean,
            from: [sender],
            to: [.input(.q, head: receiver)],
            mlps: .frozen,
            reading: prompts.cells,
            metric: prompts.difference
        )
        #expect(relativeError(found.paths[0].values[0], prompts.perPrompt(wanted)) < 1e-5)
    }

    @Test(arguments: [true, false])
    func theOnlyPathIsFromThePreviousTokenHeadToTheKeysOfTheInductionHead(isDenoising: Bool) throws {
        let model = circuit.makeModel()
        let prompts = PatchingPrompts.first(circuit)
        let (clean, corrupted) = try prompts.tokens()
        let effects = try patchPaths(
            of: model,
            base: isDenoising ? corrupted : clean,
            other: isDenoising ? clean : corrupted,
            from: model.heads,
            to: model.config.pathReceivers(of: model.heads, PathInput.allCases) + [.logits],
            mlps: .frozen,
            reading: prompts.cells,
            batchSize: 4,
            metric: prompts.difference
        )
        // Of each of 4 heads to 3 inputs of 8, then of 4 heads, in later layers, and to the logits.
        #expect(effects.paths.count == 4 * 3 * 8 + 4 * 3 * 4 + 12)
        func total(_ values: [[Double]]) -> Double { values[0].reduce(0, +) }
        let whole = total(effects.other) - total(effects.base)
        #expect(whole.magnitude > 11 * 6)
        for path in effects.paths {
            let recovery = (total(path.values) - total(effects.base)) / whole
            let isPlanted =
                path.sender == Head(layer: 0, index: 1)
                && path.receiver == .input(.k, head: Head(layer: 2, index: 3))
            let isDirect = path.sender == Head(layer: 2, index: 3) && path.receiver == .logits
            #expect(
                isPlanted || isDirect ? recovery > 0.99 : recovery.magnitude < 0.01,
                "\(path.sender) to \(path.receiver): \(recovery)"
            )
        }
    }

    @Test func theChangeIsSentWhereTheHeadLooksAtTheFirstOfThePair() throws {
        let prompts = PatchingPrompts.first(circuit)
        let (clean, corrupted) = try prompts.tokens()
        for prompt in prompts.clean.indices {
            // BOS, two or more of filler, A, then B.
            let second = prompt + 4
            for position in [second - 1, second, second + 1] {
                let effects = try patchPaths(
                    of: circuit.makeModel(),
                    base: corrupted,
                    other: clean,
                    from: [Head(layer: 0, index: 1)],
                    to: [.input(.k, head: Head(layer: 2, index: 3))],
                    positions: [position],
                    mlps: .recomputed,
                    reading: prompts.cells,
                    metric: prompts.difference
                )
                let value = effects.paths[0].values[0][prompt]
                #expect(position == second ? value > 11 : value < 0.1, "prompt \(prompt), \(position)")
            }
        }
    }

    @Test func batchesAndBudgetsChangeNothing() throws {
        let model = try recordedModel("gemma3")
        let prompts = PatchingPrompts.random(vocabulary: model.config.vocabularySize, seed: 8)
        let (clean, corrupted) = try prompts.tokens()
        func effects(batchSize: Int, budget: Int?) throws -> (effects: PathEffects, progress: [Int]) {
            var parts: [Int] = []
            let effects = try patchPaths(
                of: model,
                base: corrupted,
                other: clean,
                from: [Head(layer: 0, index: 1), Head(layer: 2, index: 4), Head(layer: 1, index: 0)],
                to: [.input(.v, head: Head(layer: 3, index: 1)), .input(.q, head: Head(layer: 2, index: 5))],
                mlps: .recomputed,
                reading: prompts.cells,
                batchSize: batchSize,
                budget: budget,
                progress: { done, count in
                    parts.append(done)
                    #expect(count == 5 * (batchSize == 1 ? 3 : 1))
                },
                metric: prompts.difference
            )
            return (effects, parts)
        }
        let (whole, progress) = try effects(batchSize: 16, budget: nil)
        #expect(whole.paths.map(\.sender.layer) == [0, 0, 2, 1, 1])
        #expect(progress.sorted() == progress && progress.last == 5)
        for (batchSize, budget) in [(1, nil), (16, 1), (1, 40_000)] {
            let (parts, _) = try effects(batchSize: batchSize, budget: budget)
            for (a, b) in zip(parts.paths, whole.paths) {
                #expect(a.sender == b.sender && a.receiver == b.receiver)
                #expect(relativeError(a.values[0], b.values[0]) < 1e-5)
            }
            #expect(relativeError(parts.base[0], whole.base[0]) < 1e-5)
            #expect(relativeError(parts.other[0], whole.other[0]) < 1e-5)
        }
    }

    @Test func headsThatShareKeysHaveThemInCommon() throws {
        let config = try recordedModel("qwen2").config
        #expect(config.heads == 6 && config.keyValueHeads == 2)
        let receivers = config.pathReceivers(of: config.allHeads.filter { $0.layer == 1 }, [.q, .k])
        #expect(receivers.count == 8)
        #expect(receivers.prefix(3).map(\.description) == ["L1H0.q", "L1H0.k", "L1H1.q"])
        #expect(receivers.contains(.input(.k, head: Head(layer: 1, index: 1))))
    }

    @Test func whatDoesNotExistIsAnError() throws {
        let model = circuit.makeModel()
        let prompts = PatchingPrompts.first(circuit)
        let (clean, corrupted) = try prompts.tokens()
        func patch(from sender: Head, to receiver: PathReceiver, at positions: [Int]? = nil) throws {
            _ = try patchPaths(
                of: model,
                base: corrupted,
                other: clean,
                from: [sender],
                to: [receiver],
                positions: positions,
                mlps: .frozen,
                reading: prompts.cells,
                metric: prompts.difference
            )
        }
        let (first, last) = (Head(layer: 0, index: 1), Head(layer: 2, index: 3))
        #expect(throws: SelectionError.outOfRange(.z, axis: "layer", index: 3, count: 3)) {
            try patch(from: Head(layer: 3, index: 0), to: .logits)
        }
        #expect(throws: SelectionError.outOfRange(.k, axis: "head", index: 4, count: 4)) {
            try patch(from: last, to: .input(.k, head: Head(layer: 1, index: 4)))
        }
        #expect(throws: SelectionError.outOfRange(.z, axis: "position", index: 14, count: 14)) {
            try patch(from: first, to: .logits, at: [3, 14])
        }
        #expect(throws: SelectionError.empty(.z)) { try patch(from: first, to: .logits, at: []) }
        let error = PathError.noPaths(senders: [last], receivers: [.input(.q, head: first)])
        #expect(throws: error) { try patch(from: last, to: .input(.q, head: first)) }
        #expect(
            error.description == """
                no path leads from L2H3 to L0H1.q: a receiver must lie in a layer after its sender; choose earlier \
                senders or later receivers.
                """
        )
    }
}
