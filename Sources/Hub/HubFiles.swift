// Which of a model's files are needed to load it, by their names.

import Foundation
import JSON

/// Names of files that models are made of.
package enum HubFiles {
    package static let config = "config.json"

    /// What tokenizers are read from; a model has some of them.
    package static let tokenizer = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt",
        "added_tokens.json", "tokenizer.model",
    ]

    /// Weights in one file, or an index that names several.
    enum Weights: Equatable {
        case single(String)
        case indexed(String)
    }

    /// The best form of weights among those that are there: safetensors before pickles, one file before several.
    static func weights(where isThere: (String) -> Bool) -> Weights? {
        for name in ["model.safetensors", "pytorch_model.bin"] {
            if isThere(name) { return .single(name) }
            if isThere(name + ".index.json") { return .indexed(name + ".index.json") }
        }
        return nil
    }

    /// The files that an index of weights names, sorted; throws `FileError` and `JSONError`.
    static func shards(of index: URL) throws -> [String] {
        var names: Set<String> = []
        for (_, field) in try JSONField(reading: index).require("weight_map").fields() {
            let name = try field.string()
            guard HubNames.isFile(name) else {
                throw field.mismatch(expected: "the name of a file beside the index")
            }
            names.insert(name)
        }
        return names.sorted()
    }

    /// Whether a name is like one of the shell patterns, where `*` also stands for `/`, as in `huggingface_hub`.
    static func matches(_ name: String, _ patterns: [String]) -> Bool {
        patterns.contains { fnmatch($0.hasSuffix("/") ? $0 + "*" : $0, name, FNM_NOESCAPE) == 0 }
    }
}
