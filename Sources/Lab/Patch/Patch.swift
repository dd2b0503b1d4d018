// Activation patching: which parts of a model carry what clean prompts have and corrupted ones lack.
public import Induction
public import Runs
import Transformers

/// Which parts are patched, which way, where, and what is read.
public struct Patch: Analysis {
    /// The command.
    public static let command = "patch"
    /// Its sweep is cut to one.
    public static let takesMemoryBudget = true

    /// Clean and corrupted prompts with answers, what is read, and which run is patched.
    public var comparison: Comparison
    /// What is patched, each by itself.
    public var components: ComponentChoice
    /// Whether each part is patched at each position by itself.
    public var isByPosition: Bool
    /// Where; with `isByPosition` the positions that are taken one by one.
    public var positions: PatchingPositions
    /// The recovery from which on a part counts as important.
    public var threshold: Double
    /// The most parts that count as important, and the length of tables.
    public var top: Int
    /// Of the bootstrap.
    public var seed: UInt64

    /// All fields.
    public init(
        comparison: Comparison,
        components: ComponentChoice = ComponentChoice(),
        isByPosition: Bool = false,
        positions: PatchingPositions = .all,
        threshold: Double = 0.3,
        top: Int = 5,
        seed: UInt64 = 42
    ) {
        self.comparison = comparison
        self.components = components
        self.isByPosition = isByPosition
        self.positions = positions
        self.threshold = threshold
        self.top = top
        self.seed = seed
    }

    /// The prompts; what cannot be patched is an error here, before weights are read.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        _ = try chosen(in: model, comparison.prompts.prompts(for: model))
        return try comparison.prompts.inputs(for: model)
    }

    /// A run on the clean prompts, one on the corrupted ones, and one sweep over the components.
    ///
    /// - Throws: `ComponentError`, `PatchError`, `EffectError`, and what is wrong with the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> PatchResult {
        let prompts = try comparison.prompts.prompts(for: model.opened)
        let chosen = try chosen(in: model.opened, prompts)
        let values = try Patching(direction: comparison.direction, positions: positions).values(
            of: chosen,
            in: model.transformer,
            on: prompts,
            metrics: [comparison.metric],
            budget: model.compute.memoryBudget
        ) { try progress(Self.command, $0, $1) }
        return PatchResult(
            self,
            model,
            prompts,
            values,
            tokens: isByPosition ? try model.opened.labels(of: prompts.clean.rows[0]) : []
        )
    }

    private func chosen(in model: OpenedModel, _ prompts: CausalPrompts) throws -> [CausalComponent] {
        guard prompts.corrupted != nil else { throw EffectError.noCorrupted }
        let components = try components.components(in: model)
        guard isByPosition else { return components }
        let lengths = prompts.clean.lengths
        if let odd = lengths.firstIndex(where: { $0 != lengths[0] }) {
            throw PatchError.lengthsVary(prompt: odd, length: lengths[odd], first: lengths[0])
        }
        let places: [Int]
        switch positions {
        case .at(let positions): places = Set(positions).sorted()
        case .all: places = Array(0..<lengths[0])
        case .last: throw PatchError.lastByPosition
        }
        return components.flatMap { component in places.map(component.at) }
    }
}

/// A map over positions that cannot be made. Prompts are counted from 0.
public enum PatchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Prompts whose positions are not the same.
    case lengthsVary(prompt: Int, length: Int, first: Int)
    /// Position by position at one position.
    case lastByPosition

    /// One paragraph: what was found, what to do.
    public var description: String {
        switch self {
        case .lengthsVary(let prompt, let length, let first):
            """
            prompt \(prompt) has \(length) tokens, prompt 0 has \(first); a map of positions needs prompts of one length, \
            aligned token by token. Give such prompts, or patch layers, heads or MLPs.
            """
        case .lastByPosition:
            "a map of positions takes all of them or a list; the last one alone is that of another component."
        }
    }
}
