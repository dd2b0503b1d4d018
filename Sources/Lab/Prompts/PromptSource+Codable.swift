// A prompt source in a receipt: {"kind": "recipe", "recipes": [...]} or {"kind": "lines", "path": "..."}.
import Foundation
import Induction

extension PromptSource: Codable {
    private enum Key: String, CodingKey {
        case kind, recipes, texts, path
    }

    private enum Kind: String, Codable {
        case recipe, mix, lines, texts, strings, tokens
    }

    /// Writes the source.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func write(_ kind: Kind, _ url: URL) throws {
            try container.encode(kind, forKey: .kind)
            try container.encode(url.path, forKey: .path)
        }
        func write(_ kind: Kind, _ recipes: [PromptRecipe]) throws {
            try container.encode(kind, forKey: .kind)
            try container.encode(recipes, forKey: .recipes)
        }
        switch self {
        case .recipe(let recipe): try write(.recipe, [recipe])
        case .mix(let recipes): try write(.mix, recipes)
        case .lines(let url): try write(.lines, url)
        case .texts(let texts):
            try container.encode(Kind.texts, forKey: .kind)
            try container.encode(texts, forKey: .texts)
        case .strings(let url): try write(.strings, url)
        case .tokens(let url): try write(.tokens, url)
        }
    }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func url() throws -> URL { URL(filePath: try container.decode(String.self, forKey: .path)) }
        func recipes() throws -> [PromptRecipe] {
            try container.decode([PromptRecipe].self, forKey: .recipes)
        }
        switch try container.decode(Kind.self, forKey: .kind) {
        case .recipe:
            guard let recipe = try recipes().first else {
                throw DecodingError.dataCorruptedError(
                    forKey: .recipes,
                    in: container,
                    debugDescription: "a recipe is missing"
                )
            }
            self = .recipe(recipe)
        case .mix: self = .mix(try recipes())
        case .lines: self = .lines(try url())
        case .texts: self = .texts(try container.decode([String].self, forKey: .texts))
        case .strings: self = .strings(try url())
        case .tokens: self = .tokens(try url())
        }
    }
}
