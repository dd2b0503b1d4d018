import Files
import Foundation
import JSON
import Testing

@testable import Tokenizers

@Suite struct TokenizerDirectoryTests {
    private func error(_ files: [String: String]) throws -> String {
        try Fixtures.withDirectory(files) { directory in
            let error = #expect(throws: (any Error).self) { try loadTokenizer(directory: directory) }
            #expect(error is TokenizerFileError || error is JSONError || error is FileError)
            return error.map { "\($0)" }?.replacingOccurrences(of: directory.path, with: "D") ?? ""
        }
    }

    private static let vocabulary = #"{"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3, "<s>": 4, "Ġ": 5}"#
    private static let merges = "#version: 0.2\na b\n"
    private static let plain = ["vocab.json": vocabulary, "merges.txt": merges]

    private static let remedy = ". Correct the file, or download or write it again."

    @Test func missingFilesAreNamed() throws {
        #expect(
            try error([:])
                == "D: no tokenizer found: there is neither a tokenizer.json nor a vocab.json with a "
                + "merges.txt. Copy the model's tokenizer files into the directory."
        )
        let missing = "cannot be read: there is no such file. Check the path and its spelling."
        #expect(try error(["vocab.json": Self.vocabulary]) == "D/merges.txt \(missing)")
        #expect(try error(["merges.txt": Self.merges]) == "D/vocab.json \(missing)")
    }

    @Test(arguments: [
        (
            "merges.txt", "a b\na\n",
            "D/merges.txt: field 'line 2': expected two tokens with one space between them, "
                + "found 'a'."
        ),
        (
            "merges.txt", "a  b\n",
            "D/merges.txt: field 'line 1': expected two tokens with one space between them, "
                + "found 'a  b'."
        ),
        (
            "merges.txt", "#version\nb a",
            "D/merges.txt: field 'line 2': the merge needs the token 'ba', which is not "
                + "in the vocabulary. The files may not belong together."
        ),
        (
            "vocab.json", "{\"a\": 0, ",
            "D/vocab.json: line 1, column 10: expected a field name in quotes, found the end of the text. The file "
                + "is damaged or is not JSON: correct it, or download or write it again."
        ),
        ("vocab.json", "[]", "D/vocab.json: expected an object, found an array of 0 values\(remedy)"),
        (
            "added_tokens.json", "{}",
            "D/added_tokens.json: added tokens beside vocab.json are not read. Save the "
                + "tokenizer as one tokenizer.json (in Python: AutoTokenizer.from_pretrained(...).save_pretrained(...))."
        ),
        (
            "tokenizer_config.json", #"{"bos_token": "<x>"}"#,
            "D/vocab.json: the special token '<x>' is not in the "
                + "vocabulary. The files may not belong together."
        ),
        (
            "tokenizer_config.json", #"{"bos_token": 7}"#,
            "D/tokenizer_config.json: bos_token: expected a token: a string, or an object with the field "
                + "'content', found 7\(remedy)"
        ),
        (
            "special_tokens_map.json", #"{"eos_token": {"id": 1}}"#,
            "D/special_tokens_map.json: eos_token.content: expected a value, found no such field\(remedy)"
        ),
        (
            "tokenizer_config.json", #"{"add_bos_token": "yes"}"#,
            "D/tokenizer_config.json: add_bos_token: expected true or false, found \"yes\"\(remedy)"
        ),
    ])
    func malformedFilesAreErrors(name: String, text: String, problem: String) throws {
        #expect(try error(Self.plain.merging([name: text]) { $1 }) == problem)
    }

    @Test func aSentencePieceModelAloneSaysHowToConvertIt() throws {
        #expect(
            try error(["tokenizer.model": "x", "tokenizer_config.json": #"{"bos_token": "<s>"}"#])
                == "D/tokenizer.model: a tokenizer.model alone, the format of SentencePiece, is not read. Make a "
                + "tokenizer.json of it with Python's transformers and sentencepiece: python -c \"from transformers "
                + "import AutoTokenizer as T; T.from_pretrained('DIR').save_pretrained('DIR')\", where DIR is the "
                + "model's directory."
        )
    }

    @Test func otherTokenizersWithTheFilesOfGPT2AreRefused() throws {
        let files = ["tokenizer_config.json": #"{"tokenizer_class": "Qwen2Tokenizer"}"#]
        #expect(
            try error(Self.plain.merging(files) { $1 })
                == "D/tokenizer_config.json: field 'tokenizer_class': found \"Qwen2Tokenizer\", and the directory has "
                + "no tokenizer.json; from vocab.json and merges.txt only these are known here: GPT2Tokenizer, "
                + "GPT2TokenizerFast, CodeGenTokenizer, CodeGenTokenizerFast. Save the tokenizer as one "
                + "tokenizer.json (in Python: AutoTokenizer.from_pretrained(...).save_pretrained(...))."
        )
    }

    @Test func filesOfGPT2WithAnOpeningToken() throws {
        // As OPT has them.
        let files = [
            "tokenizer_config.json":
                #"{"tokenizer_class": "GPT2Tokenizer", "add_bos_token": true, "bos_token": "<s>"}"#
        ]
        try Fixtures.withDirectory(Self.plain.merging(files) { $1 }) { directory in
            let tokenizer = try loadTokenizer(directory: directory)
            #expect(tokenizer.addsBOSToken == true)
            #expect(try tokenizer.encode("ab") == [2])
            #expect(try tokenizer.encode("ab", addingSpecialTokens: true) == [4, 2])
        }
    }

    @Test func configurationsBesideATokenizerJSON() throws {
        let text = try Fixtures.text("structures/llama2.json")
        for (config, adds, opening) in [
            (#"{"legacy": false, "tokenizer_class": "LlamaTokenizer", "add_prefix_space": true}"#, true, 1),
            (#"{"add_bos_token": false, "bos_token": {"content": "<s>"}, "eos_token": "</s>"}"#, false, 1),
            (#"{"bos_token": "</s>", "add_bos_token": null}"#, true, 2),
        ] {
            try Fixtures.withDirectory(["tokenizer.json": text, "tokenizer_config.json": config]) {
                directory in
                let tokenizer = try loadTokenizer(directory: directory)
                #expect(tokenizer.addsBOSToken == adds)
                #expect(tokenizer.bosTokenID == opening)
                #expect(tokenizer.eosTokenID == 2)
                // The template is that of tokenizer.json, whatever is beside it.
                #expect(try tokenizer.encode("", addingSpecialTokens: true) == [1])
            }
        }
    }

    @Test func aDirectoryOrADeadLinkIsNoFile() throws {
        try Fixtures.withDirectory { directory in
            let file = directory.appendingPathComponent("tokenizer.json")
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            let found = #expect(throws: FileError.self) { try loadTokenizer(directory: directory) }
            #expect(found?.problem == .isDirectory)
            try FileManager.default.removeItem(at: file)
            try FileManager.default.createSymbolicLink(at: file, withDestinationURL: file)
            let link = #expect(throws: FileError.self) { try loadTokenizer(directory: directory) }
            #expect(link?.problem == .cyclicLink)
        }
    }

    @Test func endOfTextIsSpecialWithoutConfiguration() throws {
        try Fixtures.withDirectory(Self.plain) { directory in
            let tokenizer = try loadTokenizer(directory: directory)
            #expect(tokenizer.specialTokenIDs == [3])
            #expect(tokenizer.bosTokenID == 3)
            #expect(tokenizer.eosTokenID == 3)
            #expect(tokenizer.addsBOSToken == nil)
            #expect(try tokenizer.encode("ab<|endoftext|>b") == [2, 3, 1])
        }
    }

    @Test func configurationNamesTheSpecialTokens() throws {
        let files = [
            "tokenizer_config.json":
                #"{"bos_token": {"content": "<s>", "lstrip": false}, "add_bos_token": true, "add_prefix_space": true}"#,
            "special_tokens_map.json": #"{"bos_token": "b", "eos_token": "ab"}"#,
        ]
        try Fixtures.withDirectory(Self.plain.merging(files) { $1 }) { directory in
            let tokenizer = try loadTokenizer(directory: directory)
            #expect(tokenizer.bosTokenID == 4)
            #expect(tokenizer.eosTokenID == 2)
            #expect(tokenizer.addsBOSToken == true)
            #expect(tokenizer.specialTokenIDs == [2, 3, 4])
            #expect(try tokenizer.encode("a") == [5, 0])
        }
    }

    @Test func nullMeansThatThereIsNone() throws {
        let files = ["tokenizer_config.json": #"{"bos_token": null, "add_bos_token": false}"#]
        try Fixtures.withDirectory(Self.plain.merging(files) { $1 }) { directory in
            let tokenizer = try loadTokenizer(directory: directory)
            #expect(tokenizer.bosTokenID == nil)
            #expect(tokenizer.eosTokenID == 3)
            #expect(tokenizer.addsBOSToken == false)
        }
    }

    @Test func tokenizerJSONGoesFirst() throws {
        let words = try WordVocabulary(words: ["x", "y"]).tokenizerJSON
        try Fixtures.withDirectory(Self.plain.merging(["tokenizer.json": words]) { $1 }) { directory in
            let tokenizer = try loadTokenizer(directory: directory)
            #expect(try tokenizer.encode("y x") == [2, 1])
        }
    }

    @Test func windowsLineEndsAreRead() throws {
        let files = Self.plain.merging(["merges.txt": "#version: 0.2\r\na b\r\n"]) { $1 }
        try Fixtures.withDirectory(files) { directory in
            let tokenizer = try loadTokenizer(directory: directory)
            #expect(try tokenizer.encode("ab") == [2])
        }
    }
}
