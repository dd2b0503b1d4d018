// All that decides a training run: what config.json of its directory holds. The same value on the same machine with the same
// number of threads gives the same bits.
public import Induction
public import Transformers

/// A training run, before it starts.
public struct TrainingConfig: Codable, Equatable, Sendable {
    /// Shape and start of the model.
    public var model: ModelShape
    /// Number of ids, the one that begins sequences among them.
    public var vocabularySize: Int
    /// Whether sequences begin with id 0, which stands nowhere else.
    public var beginsWithBOS: Bool
    /// What it is trained on.
    public var task: TrainingTask
    /// The text, for the text task.
    public var text: TextSource?
    /// Sequences a step.
    public var batchSize: Int
    /// Schedule and optimiser.
    public var training: TrainingSettings
    /// Share of activations that a training step leaves out: of embeddings, patterns, and what attention and MLPs write.
    public var dropout: Double
    /// Steps from one evaluation to the next.
    public var evaluationInterval: Int
    /// Sequences of the held-out batch, and prompts that heads are scored on.
    public var evaluationCount: Int
    /// Steps from one look at the curvature to the next; 0 for none. A multiple of the evaluation interval.
    public var curvatureInterval: Int
    /// Sequences that the Hessian is of.
    public var curvatureCount: Int
    /// Eigenvalues at each end of its spectrum.
    public var topEigenvalues: Int
    /// Steps from one checkpoint to the next.
    public var checkpointInterval: Int
    /// Of weights, batches and dropout.
    public var seed: UInt64

    /// A text and how it was cut into tokens.
    public struct TextSource: Codable, Equatable, Sendable {
        /// The file as the user named it.
        public var file: String
        /// SHA-256 of its bytes.
        public var sha256: String
        /// `characters`, or the directory of a tokenizer.
        public var tokenizer: String

        /// All fields.
        public init(file: String, sha256: String, tokenizer: String) {
            (self.file, self.sha256, self.tokenizer) = (file, sha256, tokenizer)
        }
    }

    /// All fields.
    public init(
        model: ModelShape = ModelShape(),
        vocabularySize: Int = 50,
        beginsWithBOS: Bool = true,
        task: TrainingTask,
        text: TextSource? = nil,
        batchSize: Int = 64,
        training: TrainingSettings,
        dropout: Double = 0,
        evaluationInterval: Int = 100,
        evaluationCount: Int = 64,
        curvatureInterval: Int = 100,
        curvatureCount: Int = 8,
        topEigenvalues: Int = 5,
        checkpointInterval: Int = 1000,
        seed: UInt64 = 42
    ) {
        self.model = model
        self.vocabularySize = vocabularySize
        self.beginsWithBOS = beginsWithBOS
        self.task = task
        self.text = text
        self.batchSize = batchSize
        self.training = training
        self.dropout = dropout
        self.evaluationInterval = evaluationInterval
        self.evaluationCount = evaluationCount
        self.curvatureInterval = curvatureInterval
        self.curvatureCount = curvatureCount
        self.topEigenvalues = topEigenvalues
        self.checkpointInterval = checkpointInterval
        self.seed = seed
    }

    /// The id that begins sequences, if one does.
    public var bosTokenID: Int? { beginsWithBOS ? 0 : nil }

    /// What sequences and prompts are written with.
    public var promptVocabulary: PromptVocabulary {
        PromptVocabulary(size: vocabularySize, bosTokenID: bosTokenID)
    }

    /// The model's config: a sequence's last token is predicted, not read.
    ///
    /// - Throws: `ModelShapeError`.
    public func transformerConfig() throws(ModelShapeError) -> TransformerConfig {
        try model.config(vocabulary: vocabularySize, context: task.length, bosTokenID: bosTokenID)
    }
}
