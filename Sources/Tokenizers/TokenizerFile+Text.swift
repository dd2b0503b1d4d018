// Reads the parts of a `tokenizer.json` that change and cut text: normaliser, pre-tokeniser, decoder.

import JSON

extension JSONField {
    /// The fields of `ByteLevel` in all its roles.
    static let byteLevelFields = ["add_prefix_space", "trim_offsets", "use_regex"]
    fileprivate static let metaspaceFields = [
        "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep",
    ]

    /// The text of a pattern that is a plain text of at least one character.
    fileprivate func literal() throws -> String {
        try requireOnly(["String", "Regex"])
        if let expression = try self["Regex"] {
            throw expression.unusable("found \(expression.summary); only a \"String\" is known here.")
        }
        return try require("String").notEmpty()
    }

    fileprivate func notEmpty() throws -> String {
        let text = try string()
        guard !text.isEmpty else { throw mismatch(expected: "a string that is not empty") }
        return text
    }

    fileprivate func character() throws -> String {
        let text = try string()
        guard text.unicodeScalars.count == 1 else { throw mismatch(expected: "one character") }
        return text
    }

    /// Where `Metaspace` adds a mark; nil if nowhere.
    fileprivate func metaspace() throws -> (mark: [UInt8], onlyAtStart: Bool?) {
        let mark = Array(try require("replacement").character().utf8)
        let scheme = try self["prepend_scheme"]?.string(oneOf: ["always", "first", "never"]) ?? "always"
        if let flag = try self["add_prefix_space"], try !flag.bool(), scheme != "never" {
            throw flag.unusable("found false, which contradicts 'prepend_scheme': \"\(scheme)\".")
        }
        return (mark, scheme == "never" ? nil : scheme == "first")
    }
}

extension Normalizer {
    /// Reads the normaliser of a file.
    init(_ value: JSONField?) throws {
        guard let value else { return }
        let type = try value.type(known: [
            "NFC": [], "Prepend": ["prepend"], "Replace": ["pattern", "content"], "Sequence": ["normalizers"],
        ])
        switch type {
        case "Prepend": steps = [.prepend(Array(try value.require("prepend").string().utf8))]
        case "Replace":
            let pattern = try value.require("pattern").literal()
            steps = [.replace(Array(pattern.utf8), with: Array(try value.require("content").string().utf8))]
        case "Sequence":
            for inner in try value.require("normalizers").elements() { steps += try Normalizer(inner).steps }
        default: steps = [.nfc]
        }
    }
}

extension PreTokenizer {
    /// Reads the pre-tokeniser of a file.
    init(_ value: JSONField?) throws {
        if let value { try read(value) }
    }

    private mutating func read(_ value: JSONField) throws {
        let type = try value.type(known: [
            "ByteLevel": JSONField.byteLevelFields, "WhitespaceSplit": [], "Digits": ["individual_digits"],
            "Split": ["pattern", "behavior", "invert"], "Metaspace": JSONField.metaspaceFields,
            "Sequence": ["pretokenizers"],
        ])
        guard !isByteLevel else {
            throw value.unusable(
                "a pre-tokeniser behind 'ByteLevel' sees no text; expected 'ByteLevel' as the last."
            )
        }
        switch type {
        case "Sequence": for inner in try value.require("pretokenizers").elements() { try read(inner) }
        case "WhitespaceSplit": splits.append(.whitespace)
        case "Digits":
            guard try value.require("individual_digits").bool() else {
                throw try value.require("individual_digits").unusable("found false; only true is known here.")
            }
            splits.append(.digits)
        case "Split": splits.append(try PieceSplit(value))
        case "Metaspace":
            try requireFirst(value)
            let (mark, onlyAtStart) = try value.metaspace()
            self.mark = mark
            if let onlyAtStart { prefix = .mark(onlyAtStart: onlyAtStart) }
            if try value["split"]?.bool() ?? true {
                let pattern = WordPattern(literal: String(decoding: mark, as: UTF8.self))
                splits.append(PieceSplit(pattern: pattern, behavior: .mergedWithNext))
            }
        default:
            if try value.require("add_prefix_space").bool() {
                try requireFirst(value)
                prefix = .space
            }
            if try value["use_regex"]?.bool() ?? true { splits.append(.gpt2) }
            isByteLevel = true
        }
    }

    /// A pre-tokeniser that puts something before every piece must see the pieces before they are cut.
    private func requireFirst(_ value: JSONField) throws {
        guard leavesUnchanged, splits.isEmpty else {
            throw value.unusable("a pre-tokeniser that adds a space is only known as the first here.")
        }
    }
}

extension PieceSplit {
    fileprivate init(_ value: JSONField) throws {
        let field = try value.require("pattern")
        try field.requireOnly(["String", "Regex"])
        if let expression = try field["Regex"] {
            do {
                pattern = try WordPattern(expression.string())
            } catch let problem as WordPattern.SyntaxProblem {
                throw expression.unusable(
                    "the expression '\(try expression.string().prefix(200))' cannot be used: \(problem.description)."
                )
            }
        } else {
            pattern = WordPattern(literal: try field.require("String").notEmpty())
        }
        let known = Behavior.allCases.map(\.rawValue)
        let name = try value.require("behavior").string(oneOf: known)
        behavior = Behavior(rawValue: name) ?? .isolated
        isInverted = try value.flag("invert")
    }
}

extension TokenDecoder {
    /// Reads the decoder of a file.
    init(_ value: JSONField?) throws {
        guard let value else { return }
        let type = try value.type(known: [
            "ByteLevel": JSONField.byteLevelFields, "Replace": ["pattern", "content"], "ByteFallback": [],
            "Fuse": [],
            "Strip": ["content", "start", "stop"], "Metaspace": JSONField.metaspaceFields,
            "Sequence": ["decoders"],
        ])
        switch type {
        case "Replace":
            let pattern = try value.require("pattern").literal()
            steps = [.replace(Array(pattern.utf8), with: Array(try value.require("content").string().utf8))]
        case "ByteFallback": steps = [.byteFallback]
        case "Fuse": steps = [.fuse]
        case "Strip":
            let content = Array(try value.require("content").character().utf8)
            _ = try value.require("stop").count(max: 0)
            steps = [.strip(content, count: try value.require("start").count(max: 64))]
        case "Metaspace":
            let (mark, onlyAtStart) = try value.metaspace()
            steps = [.metaspace(mark, dropsFirst: onlyAtStart != nil)]
        case "Sequence":
            steps = []
            for inner in try value.require("decoders").elements() {
                steps? += try TokenDecoder(inner).steps ?? []
            }
        default: steps = [.byteLevel]
        }
    }
}
