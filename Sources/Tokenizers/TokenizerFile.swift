// Reads a `tokenizer.json`. Each part of it is matched against what is known here; anything else is an error
// that names the field, never a silent difference.

public import Foundation

extension PipelineTokenizer {
    /// Reads a `tokenizer.json` as Hugging Face's `tokenizers` writes it.
    ///
    /// - Throws: ``TokenizerFileError`` if the file is missing, malformed, or asks for something unknown.
    public init(tokenizerFile url: URL) throws {
        try self.init(document: JSONDocument(contentsOf: url))
    }

    /// Reads the text of a `tokenizer.json`; `name` stands for the file in messages.
    ///
    /// - Throws: ``TokenizerFileError`` if the text is malformed or asks for something unknown.
    public init(tokenizerJSON text: String, name: String = "tokenizer.json") throws {
        try self.init(document: JSONDocument(Array(text.utf8), file: name))
    }

    init(document: JSONDocument) throws {
        let root = try document.root.fields(known: [
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
            "post_processor", "decoder", "model",
        ])
        if let version = root["version"], try version.string() != "1.0" {
            throw version.error("found version '\(try version.string())', expected '1.0'.")
        }
        for name in ["truncation", "padding"] {
            if let value = root[name] {
                throw value.error("texts are neither cut nor padded here; expected null.")
            }
        }
        let normalizer = try Normalizer(root["normalizer"])
        let decoder = try TokenDecoder(root["decoder"])
        let preTokenizer = try PreTokenizer(root["pre_tokenizer"], in: root.object)
        let (vocabulary, model) = try TokenModel.read(root.required("model"), preTokenizer: preTokenizer)
        if case .byteLevelBPE = model, decoder != .byteLevel {
            throw root.object.error(
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

extension JSONValue {
    /// The fields of a part that says its own `type`.
    fileprivate func typed(known: [String: [String]]) throws -> (type: String, fields: JSONFields) {
        let type = try fields(known: nil).required("type")
        let name = try type.string()
        guard let fieldNames = known[name] else {
            throw type.error(
                "'\(name)' is not known here. Known: " + known.keys.sorted().joined(separator: ", ") + "."
            )
        }
        return (name, try fields(known: ["type"] + fieldNames))
    }
}

extension Normalizer {
    fileprivate init(_ value: JSONValue?) throws {
        guard let value else {
            self = .none
            return
        }
        _ = try value.typed(known: ["NFC": []])
        self = .nfc
    }
}

private let byteLevelFields = ["add_prefix_space", "trim_offsets", "use_regex"]

extension PreTokenizer {
    fileprivate init(_ value: JSONValue?, in file: JSONValue) throws {
        guard let value else {
            throw file.error(
                "the field 'pre_tokenizer' is missing or null; expected ByteLevel or WhitespaceSplit."
            )
        }
        let (type, fields) = try value.typed(known: ["ByteLevel": byteLevelFields, "WhitespaceSplit": []])
        if type == "WhitespaceSplit" {
            self = .whitespaceSplit
        } else {
            self = .byteLevel(
                addsPrefixSpace: try fields.required("add_prefix_space").bool(),
                splitsWords: try fields["use_regex"]?.bool() ?? true
            )
        }
    }
}

extension TokenDecoder {
    fileprivate init(_ value: JSONValue?) throws {
        guard let value else {
            self = .joinedWithSpaces
            return
        }
        _ = try value.typed(known: ["ByteLevel": byteLevelFields])
        self = .byteLevel
    }
}

extension PostProcessor {
    fileprivate init(_ value: JSONValue?) throws {
        guard let value else { return }
        let (type, fields) = try value.typed(known: [
            "ByteLevel": byteLevelFields, "TemplateProcessing": ["single", "pair", "special_tokens"],
            "Sequence": ["processors"],
        ])
        switch type {
        case "TemplateProcessing": try readTemplate(fields)
        case "Sequence":
            for processor in try fields.required("processors").elements() {
                let inner = try PostProcessor(processor)
                before = inner.before + before
                after += inner.after
            }
        default: break  // ByteLevel only trims offsets, which are not kept here.
        }
    }

    private mutating func readTemplate(_ fields: JSONFields) throws {
        let specials = try fields.required("special_tokens").fields(known: nil)
        let single = try fields.required("single")
        var hasText = false
        for piece in try single.elements() {
            let kinds = try piece.fields(known: ["SpecialToken", "Sequence"])
            if let token = kinds["SpecialToken"] {
                let name = try token.fields(known: ["id", "type_id"]).required("id").string()
                let ids = try specials.required(name).fields(known: ["id", "ids", "tokens"]).required("ids")
                for id in try ids.elements() {
                    if hasText { after.append(try id.count()) } else { before.append(try id.count()) }
                }
            } else if !hasText,
                try kinds.required("Sequence").fields(known: nil).required("id").string() == "A"
            {
                hasText = true
            } else {
                throw piece.error("expected a template that holds the text 'A' once and special tokens.")
            }
        }
        guard hasText else { throw single.error("expected a template that holds the text 'A'.") }
    }
}

extension AddedVocabulary {
    fileprivate init(_ value: JSONValue?, vocabulary: TokenTable, normalizer: Normalizer) throws {
        let table = vocabulary
        var nextID = table.idEnd
        for entry in try value?.elements() ?? [] {
            let fields = try entry.fields(known: [
                "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special",
            ])
            let content = try fields.required("content").string()
            guard !content.isEmpty else { continue }
            let idField = try fields.required("id")
            let id = try idField.count()
            // The reference library numbers added tokens itself and ignores an id that does not fit.
            let expected = table.id(of: content).map(Int.init) ?? nextID
            guard id == expected else {
                throw idField.error(
                    "the token '\(content.prefix(40))' has the id \(id), expected \(expected): "
                        + "the id it has in the vocabulary, or the next free one."
                )
            }
            if id == nextID { nextID += 1 }
            let token = AddedToken(
                id: id,
                content: content,
                isSpecial: try fields.flag("special"),
                isSingleWord: try fields.flag("single_word"),
                stripsLeft: try fields.flag("lstrip"),
                stripsRight: try fields.flag("rstrip"),
                isNormalized: try fields.required("normalized").bool()
            )
            guard add(token, normalizer: normalizer) else {
                throw entry.error("the token '\(content.prefix(40))' stands twice; keep one.")
            }
        }
    }
}

extension TokenModel {
    fileprivate static func read(
        _ value: JSONValue,
        preTokenizer: PreTokenizer
    ) throws -> (TokenTable, TokenModel) {
        let all = try value.fields(known: nil)
        // Files from before 2022 do not name the type of a byte pair model.
        let type = try all["type"]?.string() ?? (all["merges"] == nil ? "(none)" : "BPE")
        switch type {
        case "BPE": return try readBPE(value, preTokenizer: preTokenizer)
        case "WordLevel": return try readWordLevel(value, preTokenizer: preTokenizer)
        default:
            throw (all["type"] ?? value).error(
                "the model type '\(type)' is not known here. Known: BPE, WordLevel."
            )
        }
    }

    private static func readBPE(
        _ value: JSONValue,
        preTokenizer: PreTokenizer
    ) throws -> (TokenTable, TokenModel) {
        guard case .byteLevel = preTokenizer else {
            throw value.error("a BPE model needs the pre-tokeniser 'ByteLevel' here.")
        }
        let fields = try value.fields(known: [
            "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
            "byte_fallback", "ignore_merges", "vocab", "merges",
        ])
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = fields[name], try !text.string().isEmpty {
                throw text.error("found '\(try text.string())'; only null or an empty string is known here.")
            }
        }
        for name in ["fuse_unk", "byte_fallback", "ignore_merges"] {
            if let flag = fields[name], try flag.bool() {
                throw flag.error("found true; only false is known here for byte-level models.")
            }
        }
        if let dropout = fields["dropout"], document(dropout) != "0.0" {
            throw dropout.error("merges are never dropped at random here; expected null.")
        }
        let vocabulary = try TokenTable(fields.required("vocab"))
        let unknown = try fields["unk_token"].map { try unknownID($0, vocabulary) }
        let merges = try MergeList.table(fields.required("merges"), vocabulary: vocabulary)
        return (vocabulary, .byteLevelBPE(ByteLevelBPE(vocabulary, merges: merges, unknownID: unknown)))
    }

    private static func document(_ number: JSONValue) -> String {
        let node = number.document.nodes[number.index]
        return String(decoding: number.document.bytes[Int(node.start)..<Int(node.end)], as: UTF8.self)
    }

    private static func unknownID(_ name: JSONValue, _ vocabulary: TokenTable) throws -> Int32 {
        guard let id = vocabulary.id(of: try name.string()) else {
            throw name.error("the token '\(try name.string())' is not in the vocabulary.")
        }
        return id
    }

    private static func readWordLevel(
        _ value: JSONValue,
        preTokenizer: PreTokenizer
    ) throws -> (TokenTable, TokenModel) {
        guard preTokenizer == .whitespaceSplit else {
            throw value.error("a WordLevel model needs the pre-tokeniser 'WhitespaceSplit' here.")
        }
        let fields = try value.fields(known: ["type", "vocab", "unk_token"])
        let vocabulary = try TokenTable(fields.required("vocab"))
        let unknown = vocabulary.id(of: try fields.required("unk_token").string())
        let source = "the field 'model.vocab' of \(value.document.file)"
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
