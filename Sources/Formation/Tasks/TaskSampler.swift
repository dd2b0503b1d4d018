// Batches of a task.
//
// Promises: the same task, vocabulary, text and generator state give the same batch. The generator is the caller's, and
// all that a stream of batches remembers: saved with a checkpoint and put back, it goes on with the same batches.
public import Induction

/// Makes the batches of a task whose settings have been checked.
public struct TaskSampler: Sendable {
    /// The task.
    public let task: TrainingTask
    private let symbols: [Int]
    private let bosTokenID: Int?
    private let source: Source

    private enum Source: Sendable {
        case text(TextWindows)
        case fresh(any SyntheticTask)
        /// A sequence of the pool is made when it is drawn, from a seed of its own.
        case pool(any SyntheticTask, seeds: [UInt64])
    }

    /// A task on a vocabulary.
    ///
    /// - Parameters:
    ///   - vocabulary: what sequences are written with, and begin with; text is taken as it is.
    ///   - text: ids of the whole text, for the text task.
    ///   - poolSeed: of the pool, where the task has one.
    /// - Throws: `TaskError` where settings, vocabulary and text do not go together.
    public init(
        _ task: TrainingTask,
        vocabulary: PromptVocabulary,
        text: [Int] = [],
        poolSeed: UInt64 = 0
    ) throws(TaskError) {
        self.task = task
        symbols = vocabulary.ordinaryIDs
        bosTokenID = vocabulary.bosTokenID
        if let sequences = task.sequences { try require("--n-sequences", sequences, in: 1...1 << 24) }
        guard let synthetic = task.synthetic else {
            if let sequences = task.sequences { throw .poolOfText(sequences) }
            source = .text(try TextWindows(of: text, length: task.length))
            return
        }
        try require("--seq-length", task.length, in: 2...TaskError.mostTokens)
        try synthetic.check(
            TaskRoom(length: task.length, hasBOS: bosTokenID != nil, symbols: symbols.count)
        )
        if let sequences = task.sequences {
            var generator = SeededGenerator(seed: poolSeed)
            source = .pool(synthetic, seeds: (0..<sequences).map { _ in generator.next() })
        } else {
            source = .fresh(synthetic)
        }
    }

    /// The next training batch of a stream.
    ///
    /// - Parameters:
    ///   - count: number of sequences.
    ///   - generator: the stream's state.
    public func batch(_ count: Int, using generator: inout SeededGenerator) -> TaskBatch {
        assemble(count) {
            switch source {
            case .text(let windows):
                return unknown(windows.training(using: &generator))
            case .fresh(let task):
                return sequence(of: task, using: &generator)
            case .pool(let task, let seeds):
                var own = SeededGenerator(seed: seeds[generator.integer(in: seeds.indices)])
                return sequence(of: task, using: &own)
            }
        }
    }

    /// Sequences to evaluate on, always the same: of text, windows of its validation part; of the other tasks, fresh
    /// ones, also where training has a pool.
    ///
    /// - Parameters:
    ///   - count: number of sequences.
    ///   - seed: of their own stream. It may be the number that training is seeded with.
    public func heldOut(_ count: Int, seed: UInt64) -> TaskBatch {
        var generator = SeededGenerator(seed: ~seed)
        return assemble(count) {
            switch source {
            case .text(let windows): unknown(windows.validation(using: &generator))
            case .fresh(let task), .pool(let task, _): sequence(of: task, using: &generator)
            }
        }
    }

    private typealias MarkedSequence = (tokens: [Int], kinds: ArraySlice<PredictionKind>)

    private func assemble(_ count: Int, _ next: () -> MarkedSequence) -> TaskBatch {
        let sequences = (0..<count).map { _ in next() }
        return TaskBatch(sequences: sequences.map(\.tokens), kinds: sequences.map { Array($0.kinds) })
    }

    private func unknown(_ tokens: [Int]) -> MarkedSequence {
        (tokens, Array(repeating: .neither, count: tokens.count - 1)[...])
    }

    private func sequence(of task: any SyntheticTask, using generator: inout SeededGenerator)
        -> MarkedSequence
    {
        guard let bosTokenID else {
            let body = task.body(self.task.length, of: symbols, using: &generator)
            return (body.tokens, body.kinds.dropFirst())
        }
        let body = task.body(self.task.length - 1, of: symbols, using: &generator)
        return ([bosTokenID] + body.tokens, body.kinds[...])
    }
}
