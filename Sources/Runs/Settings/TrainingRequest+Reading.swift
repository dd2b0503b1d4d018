// From a file to what is asked of a training run.
import Files
public import Foundation

extension TrainingRequest {
    private enum Key: String, CaseIterable {
        case preset
        case task
        case textFile = "text_file"
        case tokenizer
        case vocabularySize = "vocab_size"
        case length = "seq_length"
        case layers = "n_layers"
        case heads = "n_heads"
        case dModel = "d_model"
        case dMLP = "d_ff"
        case positions
        case smearsKeys = "smeared_keys"
        case deviation = "init_std"
        case steps = "num_steps"
        case batchSize = "batch_size"
        case learningRate = "lr"
        case warmUpSteps = "warm_up_steps"
        case usesSchedule = "use_lr_schedule"
        case weightDecay = "weight_decay"
        case gradientClip = "grad_clip"
        case dropout
        case evaluationInterval = "log_interval"
        case evaluationCount = "eval_sequences"
        case curvatureInterval = "eigen_interval"
        case curvatureCount = "eigen_sequences"
        case topEigenvalues = "track_top_k_eigenvalues"
        case checkpointInterval = "checkpoint_interval"
        case sequences = "n_sequences"
        case minPatternLength = "min_pattern_length"
        case maxPatternLength = "max_pattern_length"
        case repeats = "n_repeats_per_seq"
        case triggers = "n_triggers"
        case concentration
        case seed
    }

    /// Far more than settings need: what is larger is another file.
    private static let mostBytes = 64 << 10

    /// Reads a YAML file of settings, one a line.
    ///
    /// - Throws: `FileError`, ``SettingsError``.
    public init(reading file: URL) throws {
        try self.init(yaml: FileContents.read(file, limit: Self.mostBytes), source: file.path)
    }

    /// Reads the bytes of a file that messages call `source`.
    public init(yaml bytes: [UInt8], source: String) throws(SettingsError) {
        self.init()
        let value: YAMLValue?
        do {
            value = try YAMLValue.read(bytes, source: source)
        } catch {
            guard case .text(let source, let line, let column, let problem, _) = error else { throw error }
            throw .text(source: source, line: line, column: column, problem: problem, guide: .training)
        }
        guard let value else { return }
        try read(SettingsField(source: source, path: "", value: value, guide: .training))
    }

    private mutating func read(_ field: SettingsField) throws(SettingsError) {
        let positive = "a positive number"
        try field.forEachKey(of: Key.self) { (key, field) throws(SettingsError) in
            switch key {
            case .preset: preset = try field.text("the name of a preset")
            case .task: task = try field.text("the name of a task")
            case .textFile: textFile = try field.text("the path of a text")
            case .tokenizer: tokenizer = try field.text("a directory with a tokenizer")
            case .vocabularySize: vocabularySize = try field.int(1...1 << 24)
            case .length: length = try field.int(1...1 << 20)
            case .layers: layers = try field.int(1...1 << 10)
            case .heads: heads = try field.int(1...1 << 10)
            case .dModel: dModel = try field.int(1...1 << 16)
            case .dMLP: dMLP = try field.int(0...1 << 18)
            case .positions: positions = try field.text("learned, sinusoidal, rotary or none")
            case .smearsKeys: smearsKeys = try field.bool()
            case .deviation: deviation = try field.double(positive) { $0 > 0 }
            case .steps: steps = try field.int(1...1 << 40)
            case .batchSize: batchSize = try field.int(1...1 << 20)
            case .learningRate: learningRate = try field.double(positive) { $0 > 0 }
            case .warmUpSteps: warmUpSteps = try field.int(0...1 << 40)
            case .usesSchedule: usesSchedule = try field.bool()
            case .weightDecay: weightDecay = try field.double("0 or a positive number") { $0 >= 0 }
            case .gradientClip: gradientClip = try field.double(positive) { $0 > 0 }
            case .dropout:
                dropout = try field.double("a share from 0 to less than 1") { (0..<1).contains($0) }
            case .evaluationInterval: evaluationInterval = try field.int(1...1 << 40)
            case .evaluationCount: evaluationCount = try field.int(2...1 << 20)
            case .curvatureInterval: curvatureInterval = try field.int(0...1 << 40)
            case .curvatureCount: curvatureCount = try field.int(1...1 << 20)
            case .topEigenvalues: topEigenvalues = try field.int(1...1 << 10)
            case .checkpointInterval: checkpointInterval = try field.int(1...1 << 40)
            case .sequences: sequences = try field.int(0...1 << 24)
            case .minPatternLength: minPatternLength = try field.int(2...1 << 20)
            case .maxPatternLength: maxPatternLength = try field.int(2...1 << 20)
            case .repeats: repeats = try field.int(2...1 << 20)
            case .triggers: triggers = try field.int(1...1 << 20)
            case .concentration: concentration = try field.double(positive) { $0 > 0 }
            case .seed: seed = try field.int(0...UInt64.max)
            }
        }
    }
}
