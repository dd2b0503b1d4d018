// What a model is trained on, as a value: the same value, vocabulary and seeds give the same batches.
//
//   patterns   a random stream in which one pattern of random tokens comes several times (PatternTask)
//   repeat     a block of random tokens again and again (RepeatTask)
//   bigram     each sequence has its own tokens that decide the next one (BigramTask; Bietti et al. 2023)
//   markov     each sequence has its own Markov chain (MarkovTask; Edelman et al. 2024)
//   text       windows of a text (TextWindows)
//
// All but `text` are written with every id of the vocabulary but the token that begins a sequence, and begin with that
// one if there is one. Each predicted token is of a kind (PredictionKind), which the tasks' files define.

/// The names of tasks.
public enum TaskKind: String, CaseIterable, Codable, Sendable {
    /// A random stream with a pattern that comes back.
    case patterns
    /// A block again and again.
    case `repeat`
    /// Triggers and what follows them, new for each sequence.
    case bigram
    /// A Markov chain, new for each sequence.
    case markov
    /// Windows of a text.
    case text
}

/// A task: how sequences are made, and how long they are.
public struct TrainingTask: Equatable, Sendable {
    /// How sequences are made.
    public enum Construction: Equatable, Sendable {
        /// A random stream with a pattern that comes back.
        case patterns(PatternTask)
        /// A block again and again.
        case `repeat`(RepeatTask)
        /// Triggers and what follows them, new for each sequence.
        case bigram(BigramTask)
        /// A Markov chain, new for each sequence.
        case markov(MarkovTask)
        /// Windows of a text.
        case text
    }

    /// How sequences are made.
    public var construction: Construction
    /// Tokens a sequence, the one that begins it counted: `length` - 1 predictions.
    public var length: Int
    /// Size of a fixed pool that training sequences are drawn from, with replacement; nil makes a fresh one each time.
    public var sequences: Int?

    /// All fields.
    public init(_ construction: Construction, length: Int, sequences: Int? = nil) {
        self.construction = construction
        self.length = length
        self.sequences = sequences
    }

    /// The task's name.
    public var kind: TaskKind {
        switch construction {
        case .patterns: .patterns
        case .repeat: .repeat
        case .bigram: .bigram
        case .markov: .markov
        case .text: .text
        }
    }

    /// The construction, where it makes its sequences itself; nil for text.
    var synthetic: (any SyntheticTask)? {
        switch construction {
        case .patterns(let task): task
        case .repeat(let task): task
        case .bigram(let task): task
        case .markov(let task): task
        case .text: nil
        }
    }
}

/// One object: the name as `kind`, the length, the pool, and beside them the fields of the construction.
extension TrainingTask: Codable {
    private enum CodingKeys: String, CodingKey { case kind, length, sequences }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        length = try container.decode(Int.self, forKey: .length)
        sequences = try container.decodeIfPresent(Int.self, forKey: .sequences)
        construction =
            switch try container.decode(TaskKind.self, forKey: .kind) {
            case .patterns: .patterns(try PatternTask(from: decoder))
            case .repeat: .repeat(try RepeatTask(from: decoder))
            case .bigram: .bigram(try BigramTask(from: decoder))
            case .markov: .markov(try MarkovTask(from: decoder))
            case .text: .text
            }
    }

    /// Writes one flat object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(length, forKey: .length)
        try container.encodeIfPresent(sequences, forKey: .sequences)
        try synthetic?.encode(to: encoder)
    }
}
