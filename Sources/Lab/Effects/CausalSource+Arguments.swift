// A causal source as the flags that name it: what a report tells to type.
import Foundation
import Induction

extension CausalSource {
    /// The flags, each word by itself; a recipe's seed is the command's own.
    var arguments: [String] {
        func option(_ name: String, _ value: (some CustomStringConvertible)?) -> [String] {
            value.map { [name, $0.description] } ?? []
        }
        let origin: [String] =
            switch self.origin {
            case .recipe(let recipe):
                ["--prompts-kind", recipe.kind.rawValue, "--n-prompts", "\(recipe.count)"]
                    + option("--length", recipe.length) + option("--lag", recipe.lag)
                    + option("--copied", recipe.copied)
            case .natural(let recipe, let corpus):
                [
                    "--prompts-kind", "natural", "--corpus", corpus.path, "--n-prompts", "\(recipe.count)",
                    "--length", "\(recipe.length)", "--ngram", "\(recipe.ngram)",
                ]
            case .files(let files):
                files.clean.arguments + option("--corrupted", files.corrupted?.file?.path)
                    + option("--answers", files.answers?.argument) + option("--foils", files.foils?.argument)
            }
        return origin + option("--corrupt", corruption?.rawValue) + option("--positions", positions?.rawValue)
            + (prependsBOS.map { [$0 ? "--prepend-bos" : "--no-prepend-bos"] } ?? [])
    }
}

extension PromptSource {
    /// The flags; nothing for what no causal source takes.
    fileprivate var arguments: [String] {
        switch self {
        case .lines(let url): ["--text", url.path]
        case .strings(let url): ["--prompts", url.path]
        case .tokens(let url): ["--tokens", url.path]
        case .texts(let texts): texts.flatMap { ["--prompt", $0] }
        case .recipe, .mix: []
        }
    }
}

extension Completions {
    fileprivate var argument: String {
        switch self {
        case .listed(let texts): texts.joined(separator: ",")
        case .file(let url): url.path
        }
    }
}

extension [String] {
    /// Words as a line for a shell: those with other than letters, digits and a few signs in quotes.
    var shellLine: String {
        map { word in
            let isPlain = word.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,=:@+".contains($0))
            }
            return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
        }.joined(separator: " ")
    }
}
