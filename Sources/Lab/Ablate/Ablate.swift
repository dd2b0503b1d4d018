// Ablation: what predictions lose when a part of the model is cut.
public import Induction
public import Runs
import Transformers

/// Which parts are cut, how, and on which prompts.
public struct Ablate: Analysis {
    /// The command.
    public static let command = "ablate"
    /// Its sweep is cut to one.
    public static let takesMemoryBudget = true

    /// Prompts with answers.
    public var prompts: CausalSource
    /// What is cut, each by itself.
    public var components: ComponentChoice
    /// How.
    public var mode: AblationMode
    /// What zero means for heads.
    public var zeroPoint: ZeroPoint
    /// Parts in tables of the largest, and in their mean and median.
    public var top: Int
    /// Of bootstrap, sign flips and resampling.
    public var seed: UInt64

    /// All fields.
    public init(
        prompts: CausalSource,
        components: ComponentChoice = ComponentChoice(),
        mode: AblationMode = .zero,
        zeroPoint: ZeroPoint = .raw,
        top: Int = 10,
        seed: UInt64 = 42
    ) {
        self.prompts = prompts
        self.components = components
        self.mode = mode
        self.zeroPoint = zeroPoint
        self.top = top
        self.seed = seed
    }

    /// The prompts; components that the model lacks are an error here, before weights are read.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        _ = try components.components(in: model)
        return try prompts.inputs(for: model)
    }

    /// One sweep over the components.
    ///
    /// - Throws: `ComponentError`, `EffectError`, and what is wrong with the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> AblateResult {
        let chosen = try components.components(in: model.opened)
        let prompts = try self.prompts.prompts(for: model.opened)
        let values = try Ablation(mode: mode, zeroPoint: zeroPoint, seed: seed).values(
            of: chosen,
            in: model.transformer,
            on: prompts,
            metrics: [.loss, .logitDiff],
            budget: model.compute.memoryBudget
        ) { try progress(Self.command, $0, $1) }
        return AblateResult(self, model, prompts, values)
    }
}

extension Ablate {
    /// The flags that ask for this.
    public var arguments: [String] {
        func list(_ name: String, _ items: [String]?) -> [String] {
            items.map { [name, $0.joined(separator: ",")] } ?? []
        }
        return prompts.arguments + ["--component", components.kind.rawValue]
            + list("--layers", components.layers?.map(String.init))
            + list("--heads", components.heads?.map(\.description))
            + ["--mode", mode.rawValue] + (zeroPoint == .foldedWeights ? ["--fold-value-bias"] : [])
            + ["--topk", "\(top)", "--seed", "\(seed)"]
    }
}
