// nanoGPT's ckpt.pt: a dictionary with the model's weights and arguments, the optimizer's state, and the settings of
// the training run. The optimizer's tensors are never looked at.
// Source: karpathy/nanoGPT, train.py (what is saved) and sample.py (what is read).

import Foundation
import JSON

/// What of a nanoGPT checkpoint makes a model.
struct NanoGPTCheckpoint {
    /// `model_args`, with `model_type` "nanogpt".
    let config: JSONField
    /// `model`, without the prefix that torch.compile puts before every name.
    let weights: TorchWeights
    /// meta.pkl, if there is one.
    let meta: URL?

    /// More arguments than a model has.
    private static let mostArguments = 100

    /// Reads a file that was opened; nil if it does not hold `model` and `model_args`.
    ///
    /// - Throws: ``PickleError``, ``TorchFileError``, `JSONError`.
    init?(_ file: TorchFile, at url: URL) throws {
        guard case .dictionary = file.root.node, let arguments = try file.root.member("model_args"),
            let model = try file.root.member("model")
        else { return nil }
        config = try NanoGPTCheckpoint.config(arguments, file: file.path)
        weights = try TorchWeights(model, of: file, removing: "_orig_mod.")
        // A run that was not made by train.py may have no settings, or others.
        let settings = try file.root.member("config")
        let dataset = try? settings?.member("dataset")?.string()
        meta = CharacterMeta.url(beside: url, dataset: dataset)
    }

    private static func config(_ arguments: PickleField, file: String) throws -> JSONField {
        let fields = try arguments.fields()
        guard fields.count <= mostArguments else {
            throw arguments.mismatch(expected: "at most \(mostArguments) arguments")
        }
        var texts = [#""model_type": "nanogpt""#]
        for (name, field) in fields where name != "model_type" {
            texts.append("\(JSONText.string(name)): \(try field.jsonText())")
        }
        let text = "{\(texts.joined(separator: ", "))}"
        return try JSONField(parsing: Array(text.utf8), source: "\(file): model_args")
    }
}
