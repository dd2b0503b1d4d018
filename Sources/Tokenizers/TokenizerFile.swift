// Reads a `tokenizer.json`. Each part of it is matched against what is known here; anything else is an error
// that names the field, never a silent difference.

public import Foundation
import JSON

extension PipelineTokenizer {
    /// Reads a `tokenizer.json` as Hugging Face's `tokenizers` writes it.
    ///
    /// - Throws: `FileError` if the file cannot be read, `JSONError` if it is malformed,
    ///   ``TokenizerFileError`` if it asks for something unknown.
    public init(tokenizerFile url: URL) throws {
        try self.init(TokenizerFiles.json(url))
    }

    /// Reads the text of a `tokenizer.json`; `name` stands for the file in messages.
    ///
    /// - Throws: `JSONError` if the text is malformed, ``TokenizerFileError`` if it asks for something
    ///   unknown.
    public init(tokenizerJSON text: String, name: String = "tokenizer.json") throws {
        try self.init(JSONField(parsing: Array(text.utf8), source: name, limits: .tokenizer))
    }

    init(_ root: JSONField) throws {
        try root.requireOnly([
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
            "post_processor", "decoder", "model",
        ])
        _ = try root["version"]?.string(oneOf: ["1.0"])
        // How long a batch may be is a matter of whoever encodes: texts are neither cut nor padded here, as
        // the documentation of `encode` says, whatever the last user of the file had set.
        for name in ["truncation", "padding"] { _ = try root[name]?.fieldCount() }
        let kind = try TokenModel.Kind(root.require("model"))
        let normalizer = try Normalizer(root["normalizer"])
        let decoder = try TokenDecoder(root["decoder"])
        var preTokenizer = try PreTokenizer(root["pre_tokenizer"])
        guard preTokenizer.isByteLevel == decoder.isByteLevel else {
            let (one, other) =
                preTokenizer.isByteLevel ? ("pre-tokeniser", "decoder") : ("decoder", "pre-tokeniser")
            throw root.unusable(
                "the \(one) is 'ByteLevel' but the \(other) is not; the two belong together."
            )
        }
        let (vocabulary, model) = try kind.read(root.require("model"), preTokenizer: &preTokenizer)
        let added = try AddedVocabulary(root["added_tokens"], vocabulary: vocabulary, normalizer: normalizer)
        let postProcessor = try PostProcessor(root["post_processor"]) {
            vocabulary.contains($0) || added.tokens[$0] != nil
        }
        self.init(
            parts: Parts(
                vocabulary: vocabulary,
                added: added,
                normalizer: normalizer,
                preTokenizer: preTokenizer,
                model: model,
                postProcessor: postProcessor,
                decoder: decoder
            )
        )
    }
}

extension JSONField {
    /// The type that a part says it has, and whose fields these must be.
    func type(known: [String: [String]]) throws -> String {
        let type = try require("type")
        let name = try type.string()
        guard let fieldNames = known[name] else {
            throw type.unusable(
                "\(type.summary) is not known here. Known: " + known.keys.sorted().joined(separator: ", ")
                    + "."
            )
        }
        try requireOnly(["type"] + fieldNames)
        return name
    }
}
