// Mining of text: against a search by brute force, on a small text and on a real one.
import Foundation
import Testing
import Transformers

@testable import Induction

/// A text of 1.1 million characters beside the project, each word a token; nil where it is missing.
private let shakespeare: [Int]? = {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    guard
        let text = try? String(
            contentsOf: root.appending(path: "../shared/data/tinyshakespeare.txt"),
            encoding: .utf8
        )
    else {
        return nil
    }
    var ids: [Substring: Int] = [:]
    return text.split { $0 == " " || $0 == "\n" }.map { word in
        if let id = ids[word] { return id }
        let id = ids.count
        ids[word] = id
        return id
    }
}()

/// Random ids, low ones frequent.
private func zipf(_ count: Int, vocabulary: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
        generator.integer(in: 0..<generator.integer(in: 1..<vocabulary + 1)) + 10
    }
}

/// Phrases of two to four ids, frequent and rare ones, one after the other.
private func phrases(_ count: Int, vocabulary: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    let lexicon = (0..<vocabulary).map { _ in
        (0..<generator.integer(in: 2..<5)).map { _ in generator.integer(in: 10..<10 + vocabulary) }
    }
    let choices = zipf(count / 2, vocabulary: vocabulary, seed: seed)
    return Array(choices.flatMap { lexicon[$0 - 10] }.prefix(count))
}

@Suite struct NaturalWindowTests {
    @Test func findsTheOneWindowOfASmallText() throws {
        //          0  1  2  3  4  5  6  7  8  9
        let text = [1, 2, 3, 4, 5, 6, 3, 4, 7, 8]
        let recipe = NaturalRecipe(count: 1, length: 5)
        let prompts = try CausalPrompts(recipe, corpus: text, bosTokenID: nil, excluding: [])
        #expect(prompts.clean.rows == [[3, 4, 5, 6, 3]] && prompts.corrupted == nil)
        #expect(prompts.targets == [PredictionTarget(cell: OutputCell(prompt: 0, position: 4), answer: 4)])
    }

    @Test(arguments: [
        ([1, 2, 3, 1, 2], 4, 2, [0]),
        ([9, 1, 2, 1, 2], 4, 2, [0]),  // A B A B: the pairs share no token
        ([9, 9, 1, 1, 1], 4, 2, []),  // B is A
        ([1, 2, 1, 3, 1, 2], 5, 2, []),  // another A in between
        ([1, 4, 1, 2, 1, 2], 5, 2, []),  // another A before
        ([5, 1, 2, 9, 5, 1, 2], 6, 3, [0]),
        ([5, 1, 2, 9, 6, 1, 2], 6, 3, []),  // only a pair comes back
        ([8, 5, 1, 2, 5, 1, 2], 6, 3, [0]),
        ([8, 2, 1, 2, 1, 2, 3], 5, 3, []),
        ([0, 1, 2, 3, 1, 2], 5, 2, []), ([1, 2, 0, 1, 2], 4, 2, []), ([1, 2, 3, 1, 2], 5, 2, []),
    ])
    func windowsAreWhatTheDefinitionSays(text: [Int], length: Int, ngram: Int, starts: [Int]) throws {
        let recipe = NaturalRecipe(count: max(starts.count, 1), length: length, ngram: ngram)
        guard starts.isEmpty else {
            #expect(try recipe.windows(in: text, excluding: [0]) == starts)
            return
        }
        #expect(
            throws: NaturalRecipeError.tooFewRepeats(found: 0, wanted: 1, tokens: text.count, recipe: recipe)
        ) {
            try recipe.windows(in: text, excluding: [0])
        }
    }

    /// Every window, by the definition.
    private func search(_ text: [Int], _ recipe: NaturalRecipe, _ special: Set<Int>) -> [Int] {
        guard text.count > recipe.length else { return [] }
        return (0..<text.count - recipe.length).filter { start in
            let window = Array(text[start...start + recipe.length])
            let cue = recipe.length - 1
            let (a, b) = (window[cue], window[cue + 1])
            let copies = (0..<cue).filter { window[$0] == a }
            guard copies.count == 1, a != b, special.isDisjoint(with: window) else { return false }
            let from = copies[0] - recipe.ngram + 2
            guard from >= 0, copies[0] + 1 <= cue - recipe.ngram + 1 else { return false }
            return Array(window[from..<from + recipe.ngram]) == Array(window.suffix(recipe.ngram))
        }
    }

    @Test(arguments: [2, 3, 4], [7, 12, 30])
    func findsWhatASearchFinds(ngram: Int, length: Int) throws {
        let text = zipf(3000, vocabulary: 60, seed: 1)
        for special: Set<Int> in [[], [14, 15]] {
            var recipe = NaturalRecipe(count: 1, length: length, ngram: ngram, seed: 2)
            let expected = search(text, recipe, special)
            recipe.count = max(expected.count, 1)
            guard !expected.isEmpty else { continue }
            #expect(try recipe.windows(in: text, excluding: special).sorted() == expected)
            recipe.count += 1
            #expect(
                throws: NaturalRecipeError.tooFewRepeats(
                    found: expected.count,
                    wanted: recipe.count,
                    tokens: 3000,
                    recipe: recipe
                )
            ) { try recipe.windows(in: text, excluding: special) }
        }
    }

    @Test func windowsOverlapOnlyWhereTheyMust() throws {
        let text = phrases(20_000, vocabulary: 200, seed: 3)
        let few = try NaturalRecipe(count: 100, length: 20, seed: 4).windows(in: text, excluding: [])
        #expect(zip(few.sorted(), few.sorted().dropFirst()).allSatisfy { $1 - $0 >= 21 })
        #expect(few != few.sorted() && few.contains { $0 > 15_000 }, "drawn from the whole text")
        let all = search(text, NaturalRecipe(length: 20), [])
        let many = try NaturalRecipe(count: all.count, length: 20, seed: 4).windows(in: text, excluding: [])
        #expect(many.sorted() == all)
        #expect(Array(many.prefix(100)) == few, "those apart come first")
        #expect(try NaturalRecipe(count: 100, length: 20, seed: 5).windows(in: text, excluding: []) != few)
    }
}

@Suite struct NaturalPromptTests {
    private let text = phrases(30_000, vocabulary: 400, seed: 6)

    @Test(arguments: Corruption.allCases)
    func oneTokenIsReplacedByAnEquallyFrequentOne(corruption: Corruption) throws {
        let prompts = try CausalPrompts(
            NaturalRecipe(count: 50, length: 40, seed: 7),
            corpus: text,
            bosTokenID: 3,
            excluding: [4],
            corruption: corruption
        )
        try check(prompts, corruption, text, bos: 3, length: 40)
    }

    @Test(.enabled(if: shakespeare != nil, "the text ../shared/data/tinyshakespeare.txt is missing"))
    func realTextHasThemToo() throws {
        let words = try #require(shakespeare)
        for corruption in Corruption.allCases {
            for ngram in [2, 3] {
                let prompts = try CausalPrompts(
                    NaturalRecipe(count: 40, length: 48, ngram: ngram, seed: 8),
                    corpus: words,
                    bosTokenID: nil,
                    excluding: [],
                    corruption: corruption
                )
                try check(prompts, corruption, words, bos: nil, length: 48)
            }
        }
    }

    private func check(
        _ prompts: CausalPrompts,
        _ corruption: Corruption,
        _ text: [Int],
        bos: Int?,
        length: Int
    ) throws {
        let counts = Dictionary(text.map { ($0, 1) }, uniquingKeysWith: +)
        let ranking = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let ranks = Dictionary(uniqueKeysWithValues: zip(ranking, 0...))
        let corrupted = try #require(prompts.corrupted)
        #expect(prompts.targets.count == prompts.clean.count)
        for ((clean, broken), target) in zip(zip(prompts.clean.rows, corrupted.rows), prompts.targets) {
            #expect(clean.count == length + (bos == nil ? 0 : 1) && clean.first == bos ?? clean.first)
            let cue = clean.count - 1
            #expect(target.cell.position == cue)
            let copies = (0..<cue).filter { clean[$0] == clean[cue] }
            #expect(copies.count == 1 && clean[copies[0] + 1] == target.answer && target.answer != clean[cue])
            let place =
                switch corruption {
                case .first: copies[0]
                case .second: copies[0] + 1
                case .cue: cue
                }
            #expect(differences(clean, broken) == [place])
            #expect(target.foil == (corruption == .second ? broken[place] : nil))
            // Of the nearest rank that the window leaves.
            let window = Set(clean + [target.answer])
            let rank = try #require(ranks[clean[place]])
            let other = try #require(ranks[broken[place]])
            #expect(!window.contains(broken[place]))
            let nearer = ranking.indices.filter { abs($0 - rank) < abs(other - rank) }
            #expect(nearer.allSatisfy { window.contains(ranking[$0]) })
        }
    }

    @Test func ranksTakeTheNearestThenTheLikest() {
        // Counts: 1 ten times, 2 nine, 3 eight, 4 three, 5 three.
        let text = [1, 2, 3, 4, 5].flatMap { Array(repeating: $0, count: [0, 10, 9, 8, 3, 3][$0]) }
        let ranks = FrequencyRanks(of: text, excluding: [])
        #expect(ranks.neighbour(of: 3, notIn: [3]) == 2, "nine is nearer to eight than three")
        #expect(ranks.neighbour(of: 2, notIn: [2]) == 1, "of as near, the more frequent")
        #expect(ranks.neighbour(of: 3, notIn: [2, 3]) == 4)
        #expect(ranks.neighbour(of: 3, notIn: [2, 3, 4]) == 1)
        #expect(ranks.neighbour(of: 5, notIn: [4, 5]) == 3)
        #expect(ranks.neighbour(of: 1, notIn: [1, 2, 3, 4, 5]) == nil)
        #expect(FrequencyRanks(of: text, excluding: [2]).neighbour(of: 3, notIn: [3]) == 1)
    }

    @Test func theSeedFixesThePrompts() throws {
        func prompts(_ seed: UInt64) throws -> CausalPrompts {
            try CausalPrompts(
                NaturalRecipe(count: 10, length: 30, seed: seed),
                corpus: text,
                bosTokenID: 3,
                excluding: [],
                corruption: .second
            )
        }
        #expect(try prompts(1) == prompts(1))
        #expect(try prompts(1) != prompts(2))
    }

    @Test func targetsAreReadInTextToo() throws {
        let prompts = try CausalPrompts(
            NaturalRecipe(count: 20, length: 60, seed: 9),
            corpus: text,
            bosTokenID: nil,
            excluding: [],
            positions: .targets
        )
        for target in prompts.targets {
            let row = prompts.clean.rows[target.cell.prompt]
            let nearest = row[..<target.cell.position].lastIndex(of: row[target.cell.position])
            #expect(row[try #require(nearest) + 1] == target.answer)
        }
        #expect(prompts.targets.count > 20)
    }

    @Test func recipesMustMakeSense() {
        func error(_ recipe: NaturalRecipe, _ corpus: [Int]) -> (any Error)? {
            #expect(throws: (any Error).self) {
                try CausalPrompts(recipe, corpus: corpus, bosTokenID: nil, excluding: [], corruption: .second)
            }
        }
        #expect(error(NaturalRecipe(count: 0), text) as? PromptError == .noPrompts)
        let ngram = error(NaturalRecipe(ngram: 1), text) as? NaturalRecipeError
        #expect(ngram == .ngramTooShort(1))
        #expect(
            ngram?.description
                == "a repeated n-gram of 1 tokens: at least 2 are needed, a cue and its answer."
        )
        let window = error(NaturalRecipe(length: 4, ngram: 3), text) as? NaturalRecipeError
        #expect(window == .windowTooShort(length: 4, ngram: 3, minimum: 5))
        #expect(
            window?.description
                == "natural prompts of 4 tokens have no room for an n-gram of 3 and its return; at least 5 are needed."
        )
        let few = error(NaturalRecipe(count: 2, length: 4), [1, 2, 3, 1, 2]) as? NaturalRecipeError
        #expect(
            few?.description
                == "the text of 5 tokens has 1 windows of 4 tokens that end where an n-gram of 2 comes back, 2 are wanted; "
                + "give a longer text, longer prompts, or ask for fewer."
        )
        let full = error(NaturalRecipe(count: 1, length: 4), [1, 2, 3, 1, 2]) as? NaturalRecipeError
        #expect(full == .noReplacement(prompt: 0))
        #expect(
            full?.description
                == "natural prompt 0 holds every token that the text has, so there is none to replace one by; give a "
                + "longer text or choose shorter prompts."
        )
        #expect(error(NaturalRecipe(), []) as? NaturalRecipeError != nil)
    }
}
