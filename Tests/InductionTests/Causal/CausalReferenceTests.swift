// Ablation and patching against loops over TransformerLens's hooks, on GPT-2, GPT-NeoX and Llama shapes.
import Testing
import Torch
import Transformers

@testable import Induction

@Suite struct CausalReferenceTests {
    private let kinds: [(name: String, kind: CausalComponent.Kind)] = [
        ("head", .head), ("attn", .attention), ("mlp", .mlp), ("layer", .layer),
    ]
    private let metrics: [OutputMetric] = [.logitDiff, .loss, .prob, .kl]
    private let metricNames = ["logit_diff", "loss", "prob", "kl"]

    @Test(arguments: CausalReferences.names)
    func ablation(name: String) throws {
        let references = try CausalReferences(name)
        let model = references.model
        let prompts = try references.prompts(hasFoils: false)
        let permuted = references.settings.permutation.map { references.settings.tokens[$0] }
        // 265 permutations leave none of six in its place.
        let seed = try #require(
            (0..<5000 as Range<UInt64>).first {
                try Ablation(mode: .resample, seed: $0).lenders(for: prompts.clean) == permuted
            }
        )
        func check(_ array: String, _ ablation: Ablation, _ kind: CausalComponent.Kind) throws {
            let found = try ablation.values(
                of: CausalComponent.all(kind, in: model.config),
                in: model,
                on: prompts,
                metrics: [.loss, .logitDiff]
            )
            let deltas = found.ablated.map { component in
                zip(component, found.base).map { zip($0, $1).map { $0 - $1 } }
            }
            for (metric, metricName) in ["loss", "logit_diff"].enumerated() {
                let error = try CausalReferences.error(
                    deltas,
                    metric,
                    references("\(array).delta_\(metricName)")
                )
                #expect(error < 1e-4, "\(array) \(metricName): \(error)")
            }
            let base = [found.base]
            #expect(try CausalReferences.error(base, 0, references("base.clean.loss")) < 1e-4)
            #expect(try CausalReferences.error(base, 1, references("base.logit_diff_base_foil")) < 1e-4)
        }
        for mode in AblationMode.allCases {
            let recorded = mode.rawValue.replacing("-", with: "_")
            for (kindName, kind) in kinds {
                try check("ablate.\(recorded).\(kindName)", Ablation(mode: mode, seed: seed), kind)
            }
        }
        try check("ablate.processed.head", Ablation(zeroPoint: .foldedWeights), .head)
        if references.has("ablate.folded.head.delta_loss") {
            try check("ablate.folded.head", Ablation(zeroPoint: .valueBias), .head)
        } else {
            #expect(name == "llama", "only a model without value biases has nothing to fold")
        }
    }

    @Test(arguments: CausalReferences.names, PatchingDirection.allCases)
    func patching(name: String, direction: PatchingDirection) throws {
        let references = try CausalReferences(name)
        let model = references.model
        let prompts = try references.prompts()
        func check(_ array: String, _ positions: PatchingPositions, _ components: [CausalComponent]) throws {
            let found = try Patching(direction: direction, positions: positions)
                .values(of: components, in: model, on: prompts, metrics: metrics)
            for (metric, metricName) in metricNames.enumerated() {
                let name = "patch.\(direction.rawValue).\(array).\(metricName)"
                let error = try CausalReferences.error(found.patched, metric, references(name))
                #expect(error < 1e-4, "\(name): \(error)")
                for (run, values) in [("clean", found.clean), ("corrupted", found.corrupted)] {
                    let expected = try references("base.\(run).\(metricName)")
                    // The clean run's divergence from itself is nothing but rounding.
                    if run == "clean", metricName == "kl" { continue }
                    #expect(CausalReferences.error([values], metric, expected) < 1e-4)
                }
            }
        }
        // Recorded layers are both outputs together; a patched layer here is the stream behind it, tested below.
        for (kindName, kind) in kinds where kind != .layer {
            let components = CausalComponent.all(kind, in: model.config)
            try check("\(kindName).last", .last, components)
            try check("\(kindName).all", .all, components)
        }
        let positions = Array(0..<prompts.clean.length)
        // What enters a block left the one before.
        let residual = CausalComponent.all(.residual, in: model.config, at: positions)
        let streams = residual.map { part in
            part.position.flatMap { part.layer > 0 ? CausalComponent.layer(part.layer - 1).at($0) : nil }
                ?? part
        }
        try check("resid.position", .all, streams)
        for (kindName, kind) in [
            ("resid", CausalComponent.Kind.residual), ("attn", .attention), ("mlp", .mlp),
        ] {
            try check(
                "\(kindName).position",
                .all,
                CausalComponent.all(kind, in: model.config, at: positions)
            )
        }
    }
}
