// A causal source in a receipt: {"kind": "recipe", "recipe": {...}}, {"kind": "natural", "recipe": {...}, "corpus": "..."}
// or {"kind": "files", "files": {...}}, each with what is read.
import Foundation
import Induction

extension CausalSource: Codable {
    private enum Key: String, CodingKey {
        case kind, recipe, corpus, files, corruption, positions, prependsBOS
    }

    private enum Kind: String, Codable {
        case recipe, natural, files
    }

    /// Writes the source.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch origin {
        case .recipe(let recipe):
            try container.encode(Kind.recipe, forKey: .kind)
            try container.encode(recipe, forKey: .recipe)
        case .natural(let recipe, let corpus):
            try container.encode(Kind.natural, forKey: .kind)
            try container.encode(recipe, forKey: .recipe)
            try container.encode(corpus.path, forKey: .corpus)
        case .files(let files):
            try container.encode(Kind.files, forKey: .kind)
            try container.encode(files, forKey: .files)
        }
        try container.encodeIfPresent(corruption, forKey: .corruption)
        try container.encodeIfPresent(positions, forKey: .positions)
        try container.encodeIfPresent(prependsBOS, forKey: .prependsBOS)
    }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let origin: Origin =
            switch try container.decode(Kind.self, forKey: .kind) {
            case .recipe: .recipe(try container.decode(PromptRecipe.self, forKey: .recipe))
            case .natural:
                .natural(
                    try container.decode(NaturalRecipe.self, forKey: .recipe),
                    corpus: URL(filePath: try container.decode(String.self, forKey: .corpus))
                )
            case .files: .files(try container.decode(Files.self, forKey: .files))
            }
        self.init(
            origin,
            corruption: try container.decodeIfPresent(Corruption.self, forKey: .corruption),
            positions: try container.decodeIfPresent(ReadPositions.self, forKey: .positions),
            prependsBOS: try container.decodeIfPresent(Bool.self, forKey: .prependsBOS)
        )
    }
}
