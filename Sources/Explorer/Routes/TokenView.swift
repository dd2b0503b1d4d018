// Prompts as requests name them, and tokens as responses show them.
import HTTPTypes
import JSON
import Lab
import Tokenizers
import Transformers

/// A prompt of a request: a text, or ids.
enum PromptInput: Sendable, Equatable {
    case text(String)
    case ids([Int])

    /// Tokens that a pattern is shown for, at most.
    static let mostTokens = 512

    /// Reads `prompt` or `tokens`.
    ///
    /// - Throws: `APIError`.
    init(_ fields: RequestFields) throws {
        let text = try fields.optional("prompt") { try $0.string() }
        let ids = try fields.optional("tokens") { try $0.ints(min: 0) }
        switch (text, ids) {
        case (let text?, nil): self = .text(text)
        case (nil, let ids?): self = .ids(ids)
        default: throw APIError.badRequest("give either prompt, a text, or tokens, a list of ids.")
        }
    }

    /// The ids, checked against the model.
    ///
    /// - Throws: `APIError`.
    func tokens(for model: LoadedModel) throws -> Tokens {
        let tokens: Tokens
        do {
            switch self {
            case .text(let text): tokens = try PromptSource.texts([text]).tokens(for: model.opened)
            case .ids(let ids): tokens = try Tokens([ids])
            }
            try tokens.validate(for: model.opened.config)
        } catch {
            throw APIError.unusable(error)
        }
        guard tokens.length <= Self.mostTokens else {
            throw APIError(
                .unprocessableContent,
                "too_long",
                "the prompt has \(tokens.length) tokens; here it may have \(Self.mostTokens). Shorten it."
            )
        }
        return tokens
    }
}

extension OpenedModel {
    /// `[{"id": 3, "text": "A"}]`; a row of the embedding that no token has is shown as its number.
    func tokensJSON(_ ids: [Int]) -> JSONValue {
        .array(ids.map { ["id": .int($0), "text": .string(text(of: $0))] })
    }

    /// The text of a token.
    func text(of id: Int) -> String { (try? tokenizer.token(for: id)) ?? "[\(id)]" }
}
