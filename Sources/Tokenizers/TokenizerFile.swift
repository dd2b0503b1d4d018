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
        for name in ["truncation", "padding"] {
            if let value = try root[name] {
                throw value.unusable("texts are neither cut nor padded here; expected null.")
            }
        }
        let normalizer = try Normalizer(root["normalizer"])
        let decoder = try TokenDecoder(root["decoder"])
        let preTokenizer = try PreTokenizer(root["pre_tokenizer"], in: root)
        let (vocabulary, model) = try TokenModel.read(root.require("model"), preTokenizer: preTokenizer)
        if case .byteLevelBPE = model, decoder != .byteLevel {
            throw root.unusable(
                "the pre-tokeniser is 'ByteLevel' but the decoder is not; the two belong together."
            )
        }
        let added = try AddedVocabulary(root["added_tokens"], vocabulary: vocabulary, normalizer: normalizer)
        self.init(
            parts: Parts(
                vocabulary: vocabulary,
                added: added,
                normalizer: normalizer,
                preTokenizer: preTokenizer,
                model: model,
                postProcessor: try PostProcessor(root["post_processor"]),
                decoder: decoder
            )
        )
    }
}

extension JSONField {
    /// The type that a part says it has, and whose fields these must be.
    fileprivate func type(known: [String: [String]]) throws -> String {
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

extension Normalizer {
    fileprivate init(_ value: JSONField?) throws {
        guard let value else {
            self = .none
            return
        }
        _ = try value.type(known: ["NFC": []])
        self = .nfc
    }
}

private let byteLevelFields = ["add_prefix_space", "trim_offsets", "use_regex"]

extension PreTokenizer {
    fileprivate init(_ value: JSONField?, in file: JSONField) throws {
        guard let value else {
            throw file.unusable(
                "the field 'pre_tokenizer' is missing or null; expected ByteLevel or WhitespaceSplit."
            )
        }
        let type = try value.type(known: ["ByteLevel": byteLevelFields, "WhitespaceSplit": []])
        if type == "WhitespaceSplit" {
            self = .whitespaceSplit
        } else {
            self = .byteLevel(
                addsPrefixSpace: try value.require("add_prefix_space").bool(),
                splitsWords: try value["use_regex"]?.bool() ?? true
            )
        }
    }
}

extension TokenDecoder {
    fileprivate init(_ value: JSONField?) throws {
        guard let value else {
            self = .joinedWithSpaces
            return
        }
        _ = try value.type(known: ["ByteLevel": byteLevelFields])
        self = .byteLevel
    }
}

extension PostProcessor {
    fileprivate init(_ value: JSONField?) throws {
        guard let value else { return }
        let type = try value.type(known: [
            "ByteLevel": byteLevelFields, "TemplateProcessing": ["single", "pair", "special_tokens"],
            "Sequence": ["processors"],
        ])
        switch type {
        case "TemplateProcessing": try readTemplate(value)
        case "Sequence":
            for processor in try value.require("processors").elements() {
                let inner = try PostProcessor(processor)
                before = inner.before + before
                after += inner.after
            }
        default: break  // ByteLevel only trims offsets, which are not kept here.
        }
    }

    private mutating func readTemplate(_ template: JSONField) throws {
        let specials = try template.require("special_tokens")
        let single = try template.require("single")
        var hasText = false
        for piece in try single.elements() {
            try piece.requireOnly(["SpecialToken", "Sequence"])
            if let token = try piece["SpecialToken"] {
                try token.requireOnly(["id", "type_id"])
                let special = try specials.require(token.require("id").string())
                try special.requireOnly(["id", "ids", "tokens"])
                for id in try special.require("ids").elements() {
                    if hasText { after.append(try id.count()) } else { before.append(try id.count()) }
                }
            } else if !hasText,
                try piece.require("Sequence").require("id").string() == "A"
            {
                hasText = true
            } else {
                throw piece.unusable("expected a template that holds the text 'A' once and special tokens.")
            }
        }
        guard hasText else { throw single.unusable("expected a template that holds the text 'A'.") }
    }
}

extension AddedVocabulary {
    fileprivate init(_ value: JSONField?, vocabulary: TokenTable, normalizer: Normalizer) throws {
        let table = vocabulary
        var nextID = table.idEnd
        for entry in try value?.elements() ?? [] {
            try entry.requireOnly([
                "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special",
            ])
            let content = try entry.require("content").string()
            guard !content.isEmpty else { continue }
            let idField = try entry.require("id")
            let id = try idField.count()
            // The reference library numbers added tokens itself and ignores an id that does not fit.
            let expected = table.id(of: content).map(Int.init) ?? nextID
            guard id == expected else {
                throw idField.unusable(
                    "the token '\(content.prefix(40))' has the id \(id), expected \(expected): "
                        + "the id it has in the vocabulary, or the next free one."
                )
            }
            if id == nextID { nextID += 1 }
            let token = AddedToken(
                id: id,
                content: content,
                isSpecial: try entry.flag("special"),
                isSingleWord: try entry.flag("single_word"),
                stripsLeft: try entry.flag("lstrip"),
                stripsRight: try entry.flag("rstrip"),
                isNormalized: try entry.require("normalized").bool()
            )
            guard add(token, normalizer: normalizer) else {
                throw entry.unusable("the token '\(content.prefix(40))' stands twice; keep one.")
            }
        }
    }
}

extension TokenModel {
    fileprivate static func read(
        _ value: JSONField,
        preTokenizer: PreTokenizer
    ) throws -> (TokenTable, TokenModel) {
        // Files from before 2022 do not name the type of a byte pair model.
        let type = try value["type"]?.string() ?? (value["merges"] == nil ? "(none)" : "BPE")
        switch type {
        case "BPE": return try readBPE(value, preTokenizer: preTokenizer)
        case "WordLevel": return try readWordLevel(value, preTokenizer: preTokenizer)
        default:
            throw try (value["type"] ?? value).unusable(
                "the model type '\(type)' is not known here. Known: BPE, WordLevel."
            )
        }
    }

    private static func readBPE(
        _ value: JSONField,
        preTokenizer: PreTokenizer
    ) throws -> (TokenTable, TokenModel) {
        guard case .byteLevel = preTokenizer else {
            throw value.unusable("a BPE model needs the pre-tokeniser 'ByteLevel' here.")
        }
        try value.requireOnly([
            "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
            "byte_fallback", "ignore_merges", "vocab", "merges",
        ])
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = try value[name], try !text.string().isEmpty {
                throw text.unusable("found \(text.summary); only null or an empty string is known here.")
            }
        }
        for name in ["fuse_unk", "byte_fallback", "ignore_merges"] {
            if let flag = try value[name], try flag.bool() {
                throw flag.unusable("found true; only false is known here for byte-level models.")
            }
        }
        if let dropout = try value["dropout"], try dropout.double() != 0 {
            throw dropout.unusable("merges are never dropped at random here; expected null.")
        }
        let vocabulary = try TokenTable(value.require("vocab"))
        let unknown = try value["unk_token"].map { try unknownID($0, vocabulary) }
        let merges = try MergeList.table(value.require("merges"), vocabulary: vocabulary)
        return (vocabulary, .byteLevelBPE(ByteLevelBPE(vocabulary, merges: merges, unknownID: unknown)))
    }

    private static func unknownID(_ name: JSONField, _ vocabulary: TokenTable) throws -> Int32 {
        guard let id = vocabulary.id(of: try name.string()) else {
            throw name.unusable("the token \(name.summary) is not in the vocabulary.")
        }
        return id
    }

    private static func readWordLevel(
        _ value: JSONField,
        preTokenizer: PreTokenizer
    ) throws -> (TokenTable, TokenModel) {
        guard preTokenizer == .whitespaceSplit else {
            throw value.unusable("a WordLevel model needs the pre-tokeniser 'WhitespaceSplit' here.")
        }
        try value.requireOnly(["type", "vocab", "unk_token"])
        let vocabulary = try TokenTable(value.require("vocab"))
        let unknown = vocabulary.id(of: try value.require("unk_token").string())
        let source = "the field 'model.vocab' of \(value.source)"
        return (
            vocabulary,
            .wordLevel(WordLevel(vocabulary: vocabulary, unknownID: unknown, source: source))
        )
    }
}

extension ByteLevelBPE {
    /// Finds the token of each byte in a vocabulary.
    init(_ vocabulary: TokenTable, merges: MergeTable, unknownID: Int32?) {
        let byteIDs = (0..<256).map { byte in
            ByteAlphabet.shared.spelling(of: [UInt8(byte)]).withUnsafeBufferPointer {
                vocabulary.id(of: $0) ?? -1
            }
        }
        self.init(byteIDs: byteIDs, merges: merges, unknownID: unknownID)
    }
}
