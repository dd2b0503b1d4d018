// Reads the model of a `tokenizer.json`: vocabulary, merges, and what becomes of the unknown.

import JSON

extension TokenModel {
    /// The kinds of models.
    enum Kind: String, CaseIterable {
        case bytePairs = "BPE"
        case wordLevel = "WordLevel"

        /// Which model a file has. This is asked before anything else, because a file with another model
        /// is of no use here whatever its other parts are.
        init(_ value: JSONField) throws {
            // Files from before 2022 do not name the type of a byte pair model.
            let type = try value["type"]?.string() ?? (value["merges"] == nil ? "(none)" : "BPE")
            guard let kind = Kind(rawValue: type) else {
                throw try (value["type"] ?? value).unusable(
                    "the model type '\(type.prefix(40))' is not known here. Known: BPE, WordLevel."
                )
            }
            self = kind
        }

        /// Reads the vocabulary and the model.
        func read(_ value: JSONField, preTokenizer: inout PreTokenizer) throws -> (TokenTable, TokenModel) {
            switch self {
            case .bytePairs: try TokenModel.readBytePairs(value, preTokenizer: &preTokenizer)
            case .wordLevel: try TokenModel.readWordLevel(value, preTokenizer: preTokenizer)
            }
        }
    }

    private static func readBytePairs(
        _ value: JSONField,
        preTokenizer: inout PreTokenizer
    ) throws -> (TokenTable, TokenModel) {
        try value.requireOnly([
            "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
            "byte_fallback", "ignore_merges", "vocab", "merges",
        ])
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = try value[name], try !text.string().isEmpty {
                throw text.unusable("found \(text.summary); only null or an empty string is known here.")
            }
        }
        if let dropout = try value["dropout"], try dropout.double() != 0 {
            throw dropout.unusable("merges are never dropped at random here; expected null.")
        }
        let vocabulary = try TokenTable(value.require("vocab"))
        let merges = try MergeList(value.require("merges"), vocabulary: vocabulary)
        let model =
            try preTokenizer.isByteLevel
            ? readBytes(value, vocabulary, merges.table) : readCharacters(value, vocabulary, merges.table)
        if !model.takesWholeWords, merges.neverCrossesMark { preTokenizer.splits.append(.marks) }
        return (vocabulary, .bytePairs(model))
    }

    private static func readBytes(
        _ value: JSONField,
        _ vocabulary: TokenTable,
        _ merges: MergeTable
    ) throws -> BytePairModel {
        let ids = BytePairModel.alphabetIDs(vocabulary)
        let flags = try ["fuse_unk", "byte_fallback"].compactMap { try value.flag($0) ? value[$0] : nil }
        var unknownID: Int32?
        // Where every byte has a token nothing is unknown, and what is said of the unknown is never asked.
        if ids.contains(-1) {
            if let flag = flags.first {
                throw flag.unusable(
                    "found true; only false is known here for a vocabulary without all 256 bytes."
                )
            }
            unknownID = try value["unk_token"].map { try self.unknownID($0, vocabulary) }
        }
        return BytePairModel(
            alphabet: .bytes,
            vocabulary: vocabulary,
            merges: merges,
            byteIDs: ids,
            unknownID: unknownID,
            fusesUnknown: false,
            takesWholeWords: try value.flag("ignore_merges")
        )
    }

    private static func readCharacters(
        _ value: JSONField,
        _ vocabulary: TokenTable,
        _ merges: MergeTable
    ) throws -> BytePairModel {
        let fallsBack = try value.flag("byte_fallback")
        return BytePairModel(
            alphabet: .characters,
            vocabulary: vocabulary,
            merges: merges,
            byteIDs: fallsBack
                ? BytePairModel.fallbackIDs(vocabulary) : [Int32](repeating: -1, count: 256),
            unknownID: try value["unk_token"].map { try unknownID($0, vocabulary) },
            fusesUnknown: try value.flag("fuse_unk"),
            takesWholeWords: try value.flag("ignore_merges")
        )
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
        guard preTokenizer == PreTokenizer(splits: [.whitespace]) else {
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
