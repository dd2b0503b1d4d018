// Reads the parts of a `tokenizer.json` that are about single tokens: added tokens and templates.

import JSON

extension AddedVocabulary {
    init(_ value: JSONField?, vocabulary: TokenTable, normalizer: Normalizer) throws {
        var nextID = vocabulary.count
        for entry in try value?.elements() ?? [] {
            try entry.requireOnly([
                "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special",
            ])
            let content = try entry.require("content").string()
            guard !content.isEmpty else { continue }
            let idField = try entry.require("id")
            let id = try idField.count()
            // The reference library numbers new tokens itself and ignores an id that does not fit: on from
            // the number of tokens in the vocabulary, even where that is not its highest id plus one.
            let known = vocabulary.id(of: content).map(Int.init)
            let expected = known ?? nextID
            if known == nil { nextID += 1 }
            guard id == expected else {
                throw idField.unusable(
                    "the token '\(content.prefix(40))' has the id \(id), expected \(expected): "
                        + "the id it has in the vocabulary, or the next free one."
                )
            }
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

extension PostProcessor {
    /// Reads the post-processor of a file; `isToken` says which ids there are.
    init(_ value: JSONField?, isToken: (Int) -> Bool) throws {
        guard let value else { return }
        let type = try value.type(known: [
            "ByteLevel": JSONField.byteLevelFields,
            "TemplateProcessing": ["single", "pair", "special_tokens"],
            "Sequence": ["processors"],
        ])
        switch type {
        case "TemplateProcessing": try readTemplate(value, isToken)
        case "Sequence":
            for processor in try value.require("processors").elements() {
                let inner = try PostProcessor(processor, isToken: isToken)
                before = inner.before + before
                after += inner.after
            }
        default: break  // ByteLevel only trims offsets, which are not kept here.
        }
    }

    private mutating func readTemplate(_ template: JSONField, _ isToken: (Int) -> Bool) throws {
        let specials = try template.require("special_tokens")
        let single = try template.require("single")
        var hasText = false
        for piece in try single.elements() {
            try piece.requireOnly(["SpecialToken", "Sequence"])
            if let token = try piece["SpecialToken"] {
                try token.requireOnly(["id", "type_id"])
                let special = try specials.require(token.require("id").string())
                try special.requireOnly(["id", "ids", "tokens"])
                for field in try special.require("ids").elements() {
                    let id = try field.count()
                    guard isToken(id) else { throw field.unusable("no token has the id \(id).") }
                    if hasText { after.append(id) } else { before.append(id) }
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
