// Texts of single tokens, looked up once, so that results can be written without the tokenizer.
import Tokenizers

/// Texts of some tokens.
struct TokenNames: Sendable {
    private let texts: [Int: String]

    /// - Parameter ids: in any order, any number of times.
    init(_ ids: [Int], in tokenizer: any Tokenizer) {
        // A model may have more rows than its tokenizer has tokens: those have no text.
        texts = Dictionary(
            Set(ids).compactMap { id in (try? tokenizer.token(for: id)).map { (id, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The text of a token, or its id in brackets where it has none.
    func text(_ id: Int) -> String { texts[id] ?? "[\(id)]" }

    /// The text in quotes, on one line.
    func quoted(_ id: Int) -> String { texts[id].map { String(reflecting: $0) } ?? "[\(id)]" }
}
