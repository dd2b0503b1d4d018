// Finds and reads the tokenizer in the directory of a model.

import Files
public import Foundation
import JSON

/// Whether a directory has files of a tokenizer, be they of a kind that cannot be read here.
public func hasTokenizer(directory: URL) -> Bool {
    ["tokenizer.json", "vocab.json", "merges.txt", "tokenizer.model"]
        .contains(where: TokenizerDirectory(directory).has)
}

/// The files that a tokenizer may consist of, and those that say how it is used.
public let tokenizerFileNames = [
    "tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json",
]

/// Reads the tokenizer of a model from its directory.
///
/// `tokenizer.json` is used if it is there, as it stands: fields of `tokenizer_config.json` that Python's
/// `transformers` would change it by (`legacy`, `add_prefix_space`, `tokenizer_class`) change nothing here, as
/// in `tokenizers`. Else `vocab.json` with `merges.txt` is used (GPT-2's own files). A `tokenizer.model` of
/// SentencePiece is not read; the error says how to convert it.
///
/// The opening and ending tokens and whether texts are opened (`add_bos_token`) come from
/// `tokenizer_config.json`, then `special_tokens_map.json`, then the template of `tokenizer.json`; where these
/// say nothing, a special token of a usual name is taken, such as `<bos>`, `<s>` or `<|endoftext|>`.
///
/// - Throws: ``TokenizerFileError`` if there is no tokenizer, or a file of it asks for something unknown;
///   `FileError` if a file cannot be read; `JSONError` if one is malformed.
public func loadTokenizer(directory: URL) throws -> any Tokenizer {
    let files = TokenizerDirectory(directory)
    let settings = try TokenizerSettings(files)
    let tokenizer: PipelineTokenizer
    if files.has("tokenizer.json") {
        tokenizer = try PipelineTokenizer(tokenizerFile: files.url("tokenizer.json"))
    } else if files.has("vocab.json") || files.has("merges.txt") {
        if files.has("added_tokens.json") {
            throw TokenizerFileError(
                file: files.url("added_tokens.json").path,
                problem: "added tokens beside vocab.json are not read. Save the tokenizer as one "
                    + "tokenizer.json (in Python: AutoTokenizer.from_pretrained(...).save_pretrained(...))."
            )
        }
        try settings.requireWordsOfGPT2()
        tokenizer = try PipelineTokenizer(
            vocabularyFile: files.url("vocab.json"),
            mergesFile: files.url("merges.txt"),
            specialTokens: settings.specialTokens.map(\.content),
            addsPrefixSpace: settings.addsPrefixSpace ?? false,
            openingToken: settings.openingToken
        )
    } else if files.has("tokenizer.model") {
        throw TokenizerFileError(
            file: files.url("tokenizer.model").path,
            problem:
                "a tokenizer.model alone, the format of SentencePiece, is not read. Make a tokenizer.json "
                + "of it with Python's transformers and sentencepiece: python -c \"from transformers import "
                + "AutoTokenizer as T; T.from_pretrained('DIR').save_pretrained('DIR')\", where DIR is the "
                + "model's directory."
        )
    } else {
        throw TokenizerFileError(
            file: directory.path,
            problem: "no tokenizer found: there is neither a tokenizer.json nor a vocab.json with a "
                + "merges.txt. Copy the model's tokenizer files into the directory."
        )
    }
    return try settings.applied(to: tokenizer)
}

/// The files of one directory.
private struct TokenizerDirectory {
    let directory: URL

    init(_ directory: URL) { self.directory = directory }

    func url(_ name: String) -> URL { directory.appendingPathComponent(name) }

    /// Whether there is an entry of this name, be it a dead link.
    func has(_ name: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: url(name).path)) != nil
    }
}

/// What the configuration files beside a tokenizer say about it.
private struct TokenizerSettings {
    struct Named {
        let role: String
        let content: String
        let field: JSONField
    }

    private(set) var specialTokens: [Named] = []
    private(set) var addsBOSToken: Bool?
    private(set) var addsPrefixSpace: Bool?
    private var tokenizerClass: JSONField?
    /// Roles that a file sets to null: there is no such token.
    private var absentRoles: Set<String> = []

    init(_ files: TokenizerDirectory) throws {
        for name in ["tokenizer_config.json", "special_tokens_map.json"] where files.has(name) {
            let settings = try TokenizerFiles.json(files.url(name), limits: .python)
            for role in ["bos_token", "eos_token", "unk_token", "pad_token"] {
                guard !absentRoles.contains(role), !specialTokens.contains(where: { $0.role == role }) else {
                    continue
                }
                guard let field = try settings.member(role) else { continue }
                if field.kind == .null {
                    absentRoles.insert(role)
                } else {
                    specialTokens.append(Named(role: role, content: try Self.content(field), field: field))
                }
            }
            addsBOSToken = try addsBOSToken ?? settings["add_bos_token"]?.bool()
            tokenizerClass = try tokenizerClass ?? settings["tokenizer_class"]
            addsPrefixSpace = try addsPrefixSpace ?? settings["add_prefix_space"]?.bool()
        }
    }

    /// A token is written as a string or as an object with its `content`.
    private static func content(_ field: JSONField) throws -> String {
        switch field.kind {
        case .string: return try field.string()
        case .object: return try field.require("content").string()
        default: throw field.mismatch(expected: "a token: a string, or an object with the field 'content'")
        }
    }

    /// The token that `add_bos_token` asks to open texts with.
    var openingToken: String? {
        addsBOSToken == true ? specialTokens.first { $0.role == "bos_token" }?.content : nil
    }

    /// Checks that `vocab.json` and `merges.txt` are meant for the words of GPT-2. Other tokenizers keep theirs
    /// in files of the same names and cut or normalise texts otherwise, which these files do not say.
    func requireWordsOfGPT2() throws {
        guard let field = tokenizerClass else { return }
        let known = ["GPT2Tokenizer", "GPT2TokenizerFast", "CodeGenTokenizer", "CodeGenTokenizerFast"]
        let name = try field.string()
        guard known.contains(name) else {
            throw field.unusable(
                "found \(field.summary), and the directory has no tokenizer.json; from vocab.json and merges.txt "
                    + "only these are known here: " + known.joined(separator: ", ")
                    + ". Save the tokenizer as one tokenizer.json "
                    + "(in Python: AutoTokenizer.from_pretrained(...).save_pretrained(...))."
            )
        }
    }

    func applied(to tokenizer: PipelineTokenizer) throws -> PipelineTokenizer {
        var tokenizer = tokenizer
        if let id = try id("bos_token", in: tokenizer) { tokenizer.bosTokenID = id }
        if let id = try id("eos_token", in: tokenizer) { tokenizer.eosTokenID = id }
        if absentRoles.contains("bos_token") { tokenizer.bosTokenID = nil }
        if absentRoles.contains("eos_token") { tokenizer.eosTokenID = nil }
        if let addsBOSToken { tokenizer.addsBOSToken = addsBOSToken }
        return tokenizer
    }

    private func id(_ role: String, in tokenizer: PipelineTokenizer) throws -> Int? {
        guard let token = specialTokens.first(where: { $0.role == role }) else { return nil }
        guard let id = tokenizer.id(of: token.content) else {
            throw token.field.unusable(
                "the token '\(token.content.prefix(40))' is not in the vocabulary. "
                    + "The files may not belong together."
            )
        }
        return id
    }
}

extension PipelineTokenizer {
    /// Reads GPT-2's own files: `vocab.json`, an object of tokens with their ids, and `merges.txt`, one
    /// merge a line. `<|endoftext|>` is special if the vocabulary has it.
    ///
    /// - Parameters:
    ///   - vocabularyFile: The vocabulary.
    ///   - mergesFile: The merges, best first.
    ///   - specialTokens: Further special tokens; they must be in the vocabulary.
    ///   - addsPrefixSpace: Puts a space before each text that does not begin with one.
    ///   - openingToken: A special token that stands before a text when special tokens are asked for.
    /// - Throws: `FileError` if a file cannot be read; `JSONError` or ``TokenizerFileError`` if one is
    ///   malformed.
    public init(
        vocabularyFile: URL,
        mergesFile: URL,
        specialTokens: [String] = [],
        addsPrefixSpace: Bool = false,
        openingToken: String? = nil
    ) throws {
        let vocabulary = try TokenTable(TokenizerFiles.json(vocabularyFile))
        let merges = try MergeList(
            FileContents.read(mergesFile, limit: TokenizerFiles.sizeLimit),
            file: mergesFile.path,
            vocabulary: vocabulary
        )
        var added = AddedVocabulary()
        let endOfText = "<|endoftext|>"
        let present = vocabulary.id(of: endOfText) == nil ? [] : [endOfText]
        for content in present + specialTokens + [openingToken].compactMap(\.self)
        where added.id(of: content) == nil && !content.isEmpty {
            guard let id = vocabulary.id(of: content) else {
                throw TokenizerFileError(
                    file: vocabularyFile.path,
                    problem: "the special token '\(content.prefix(40))' is not in the vocabulary. "
                        + "The files may not belong together."
                )
            }
            _ = added.add(AddedToken(id: Int(id), content: content), normalizer: .none)
        }
        let opening = openingToken.flatMap { added.id(of: $0) }.map { [$0] } ?? []
        let model = BytePairModel(
            alphabet: .bytes,
            vocabulary: vocabulary,
            merges: merges.table,
            byteIDs: BytePairModel.alphabetIDs(vocabulary),
            unknownID: nil,
            fusesUnknown: false,
            takesWholeWords: false
        )
        self.init(
            parts: Parts(
                vocabulary: vocabulary,
                added: added,
                normalizer: .none,
                preTokenizer: PreTokenizer(
                    prefix: addsPrefixSpace ? .space : .nothing,
                    splits: [.gpt2],
                    isByteLevel: true
                ),
                model: .bytePairs(model),
                postProcessor: PostProcessor(before: opening),
                decoder: .byteLevel
            )
        )
    }
}
