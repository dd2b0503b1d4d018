// Checks of causal prompts, and parts of them that are run together.
import Torch
import Transformers

extension CausalPrompts {
    /// Checks that a model can run on these and that each prompt is scored.
    ///
    /// - Throws: `TokensError`, `EffectError`.
    func validate(for config: TransformerConfig) throws {
        try clean.validate(for: config)
        if let corrupted {
            try corrupted.validate(for: config)
            guard corrupted.count == clean.count else {
                throw EffectError.unpaired(clean: clean.count, corrupted: corrupted.count)
            }
            for (prompt, (own, other)) in zip(clean.lengths, corrupted.lengths).enumerated()
            where own != other {
                throw EffectError.lengthsDiffer(prompt: prompt, clean: own, corrupted: other)
            }
        }
        for (index, target) in targets.enumerated() {
            let (prompt, position) = (target.cell.prompt, target.cell.position)
            guard clean.rows.indices.contains(prompt) else {
                throw EffectError.noSuchPrompt(target: index, prompt: prompt, count: clean.count)
            }
            guard clean.rows[prompt].indices.contains(position) else {
                throw EffectError.noSuchPosition(
                    prompt: prompt,
                    position: position,
                    length: clean.rows[prompt].count
                )
            }
            let ids: [(EffectError.Role, Int?)] = [(.answer, target.answer), (.foil, target.foil)]
            for case (let role, let id?) in ids where !(0..<config.vocabularySize).contains(id) {
                throw EffectError.outsideVocabulary(role, prompt: prompt, id: id, size: config.vocabularySize)
            }
        }
        let scored = Set(targets.map(\.cell.prompt))
        if let prompt = clean.rows.indices.first(where: { !scored.contains($0) }) {
            throw EffectError.noTarget(prompt: prompt)
        }
    }

    /// Checks that every prompt has the positions.
    ///
    /// - Throws: `EffectError.positionBeyondPrompt`.
    func validate(positions: some Sequence<Int>) throws {
        guard let last = positions.max(), let first = positions.min() else { return }
        for (prompt, length) in clean.lengths.enumerated() where !(0..<length).contains(last) || first < 0 {
            let position = first < 0 ? first : last
            throw EffectError.positionBeyondPrompt(position: position, prompt: prompt, length: length)
        }
    }

    /// Some of the prompts, numbered anew in the order given.
    func part(_ prompts: [Int]) throws -> CausalPrompts {
        let place = Dictionary(uniqueKeysWithValues: prompts.enumerated().map { ($1, $0) })
        return CausalPrompts(
            clean: try Tokens(prompts.map { clean.rows[$0] }),
            corrupted: try corrupted.map { corrupted in try Tokens(prompts.map { corrupted.rows[$0] }) },
            targets: targets.compactMap { target in
                place[target.cell.prompt].map { prompt in
                    var own = target
                    own.cell.prompt = prompt
                    return own
                }
            }
        )
    }

    /// Positions that are read in any prompt.
    var readPositions: [Int] { Set(targets.map(\.cell.position)).sorted() }

    /// The last position that is read, by prompt.
    var lastRead: [Int] {
        targets.reduce(into: clean.rows.map { _ in 0 }) { last, target in
            last[target.cell.prompt] = max(last[target.cell.prompt], target.cell.position)
        }
    }
}

/// Prompts that are run together, so that what is kept of one run on them fits into memory.
struct PromptParts {
    /// Most prompts of a part: more make no product faster.
    private static let most = 64

    /// Prompts, part by part.
    let parts: [[Int]]
    /// Bytes that are left for the sweep.
    let sweepBudget: Int

    /// - Parameters:
    ///   - groups: prompts that may be run together.
    ///   - bytes: what is kept of one prompt.
    ///   - budget: of everything, half of it for what is kept; nil takes `Device.usualSweepBudget`.
    init(_ groups: [[Int]], keeping bytes: Int, budget: Int?, device: Device) {
        let budget = budget ?? device.usualSweepBudget()
        guard bytes > 0 else {
            parts = groups
            sweepBudget = budget
            return
        }
        let size = max(1, min(Self.most, budget / 2 / bytes))
        parts = groups.flatMap { group in
            stride(from: 0, to: group.count, by: size).map { Array(group[$0..<min($0 + size, group.count)]) }
        }
        sweepBudget = budget - budget / 2
    }
}

extension Transformer {
    /// Bytes of the selected sites, whole, for one prompt.
    func bytes(of selectors: [Selector], positions: Int) -> Int {
        selectors.reduce(0) { sum, selector in
            let layers = selector.layers?.count ?? config.layers
            let shape = Site(selector.kind, layer: 0).shape(in: config, batch: 1, positions: positions)
            return sum + layers * shape.reduce(1, *) * dtype.size
        }
    }

    /// Bytes of the logits at some positions, for one prompt.
    func logitBytes(positions: Int) -> Int { positions * config.vocabularySize * 4 }
}
