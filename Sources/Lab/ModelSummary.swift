// What `induct models` says about a model.
import Checkpoints
import Foundation
import Transformers

/// Name and sizes of a model.
public struct ModelSummary: Encodable, Sendable {
    /// What it is called.
    public let name: String
    /// Number of blocks.
    public let layers: Int
    /// Heads a block.
    public let heads: Int
    /// Width of the residual stream.
    public let dModel: Int
    /// Width of the MLP's hidden layer; 0 without MLPs.
    public let dMlp: Int
    /// Number of token ids.
    public let vocabulary: Int
    /// Longest sequence.
    public let context: Int
    /// Number of weights, biases and gains.
    public let parameters: Int

    /// Reads the sizes of a model.
    ///
    /// - Throws: `ModelError`, and what is wrong with its files.
    public init(_ name: String) throws {
        let model = try OpenedModel(name)
        let config = model.config
        self.name = name
        layers = config.layers
        heads = config.heads
        dModel = config.dModel
        dMlp = config.dMLP
        vocabulary = config.vocabularySize
        context = config.context
        parameters = model.files.weights.parameterCount
    }
}
