// Made prompts of causal experiments: every kind with every corruption, looked at without the code that makes them.
import Testing
import Transformers

@testable import Induction

/// Positions at which two prompts differ.
func differences(_ a: [Int], _ b: [Int]) -> Set<Int> { Set(a.indices.filter { a[$0] != b[$0] }) }

private struct Case: CustomTestStringConvertible {
    let kind: PromptKind
    let corruption: Corruption

    var testDescription: String { "\(kind) \(corruption)" }

    static let all = PromptKind.allCases.flatMap { kind in
        Corruption.allCases.map { Case(kind: kind, corruption: $0) }
    }
}

@Suite struct CausalRecipePromptTests {
    private let vocabulary = madeUpVocabulary(ordinary: 500)

    private func rows(_ prompts: CausalPrompts) throws -> [(
        clean: [Int], corrupted: [Int], read: [PredictionTarget]
    )] {
        let corrupted = try #require(prompts.corrupted)
        return zip(prompts.clean.rows, corrupted.rows).enumerated().map { index, pair in
            (pair.0, pair.1, prompts.targets.filter { $0.cell.prompt == index })
        }
    }

    @Test(arguments: Case.all)
    private func exactlyThePatternIsBroken(of made: Case) throws {
        let recipe = PromptRecipe(kind: made.kind, count: 60, lags: [4, 8, 16], seed: 1)
        let prompts = try CausalPrompts(
            recipe,
            vocabulary: vocabulary,
            corruption: made.corruption,
            positions: .last
        )
        #expect(prompts.clean.count == 60 && Set(prompts.clean.lengths).count == 1, "one length")
        for (clean, corrupted, read) in try rows(prompts) {
            let last = clean.count - 1
            #expect(clean[0] == 7 && corrupted[0] == 7 && corrupted.count == clean.count)
            let target = try #require(read.first)
            #expect(read.count == 1 && target.cell.position == last)
            let earlier = (0..<last).filter { clean[$0] == clean[last] }
            let nearest = made.kind == .abca ? 11 : try #require(earlier.last)
            #expect(target.answer == clean[nearest + 1])
            let copies = earlier.filter { clean[$0 + 1] == target.answer }

            let places =
                switch made.corruption {
                case .first: Set(copies)
                case .second: Set(copies.map { $0 + 1 })
                case .cue: [last]
                }
            #expect(differences(clean, corrupted) == places)
            let replacements = Set(places.map { corrupted[$0] })
            #expect(replacements.count == 1, "equal tokens by equal ones")
            // Ten digits, and no other, are in every prompt of numbers.
            let taken = made.kind == .numbers ? [clean[last], target.answer] : clean + [target.answer]
            #expect(replacements.isDisjoint(with: taken))
            let pool = made.kind.alphabet?.madeUpIDs ?? Set(100..<600)
            #expect(replacements.isSubset(of: pool))
            #expect(target.foil.map { [$0] } == (made.corruption == .second ? replacements : nil))
        }
    }

    @Test func corruptionsDifferInNothingElse() throws {
        let recipe = PromptRecipe(kind: .bigram, count: 20, seed: 2)
        let made = try Corruption.allCases.map {
            try CausalPrompts(recipe, vocabulary: vocabulary, corruption: $0).clean
        }
        #expect(made[0] == made[1] && made[1] == made[2])
        let plain = try CausalPrompts(recipe, vocabulary: vocabulary)
        #expect(plain.clean == made[0] && plain.corrupted == nil)
        #expect(plain.clean.rows == (try recipe.prompts(for: vocabulary)))
        #expect(plain.targets.allSatisfy { $0.foil == nil })
        #expect(plain.targets.map(\.answer) == plain.clean.rows.map { $0[2] })
    }

    @Test(arguments: Case.all)
    private func theSeedFixesTheReplacements(of made: Case) throws {
        func prompts(count: Int = 12, seed: UInt64 = 3) throws -> CausalPrompts {
            let recipe = PromptRecipe(kind: made.kind, count: count, seed: seed)
            return try CausalPrompts(recipe, vocabulary: vocabulary, corruption: made.corruption)
        }
        let twelve = try prompts()
        #expect(try prompts() == twelve)
        #expect(try prompts(seed: 4) != twelve)
        #expect(try prompts(count: 5).corrupted?.rows == (twelve.corrupted?.rows[..<5]).map { Array($0) })
    }

    @Test(arguments: Corruption.allCases, [1, 4, 6])
    private func multitokenIsBrokenAsABlock(by corruption: Corruption, copied: Int) throws {
        let recipe = PromptRecipe(kind: .multitoken, count: 40, copied: copied, seed: 5)
        let prompts = try CausalPrompts(recipe, vocabulary: vocabulary, corruption: corruption)
        for (clean, corrupted, read) in try rows(prompts) {
            #expect(clean.count == 51)
            let back = 51 - copied
            let start = try #require(clean.firstIndex(of: clean[back]))
            #expect(read.map(\.cell.position) == Array(back..<51))
            #expect(read.map(\.answer) == Array(clean[start + 1...start + copied]))
            let places =
                switch corruption {
                case .first: start..<start + copied
                case .second: start + 1..<start + copied + 1
                case .cue: back..<51
                }
            #expect(differences(clean, corrupted) == Set(places))
            #expect(Set(places.map { corrupted[$0] }).count == copied)
            #expect(Set(places.map { corrupted[$0] }).isDisjoint(with: clean))
            let foils = corruption == .second ? places.map { corrupted[$0] } : places.map { _ in nil }
            #expect(read.map(\.foil) == foils)
        }
    }

    @Test(arguments: Corruption.allCases)
    private func repeatIsBrokenAsABlock(by corruption: Corruption) throws {
        let recipe = PromptRecipe(count: 40, seed: 6)
        let whole = try recipe.prompts(for: vocabulary)
        let prompts = try CausalPrompts(recipe, vocabulary: vocabulary, corruption: corruption)
        for (index, (clean, corrupted, read)) in try rows(prompts).enumerated() {
            #expect(clean == Array(whole[index].dropLast()))
            let lag = copyPairs(in: clean, excluding: [])[0].lag
            // The second block begins at 51 - lag; its last token is the last answer.
            #expect(read.map(\.cell.position) == Array(51 - lag..<50))
            #expect(read.map(\.answer) == Array(whole[index][(52 - lag)...]))
            let first = 51 - 2 * lag
            let places =
                switch corruption {
                case .first: first..<first + lag - 1
                case .second: first + 1..<first + lag
                case .cue: 51 - lag..<50
                }
            #expect(differences(clean, corrupted) == Set(places))
            #expect(read.map(\.foil) == places.map { corruption == .second ? corrupted[$0] : nil })
        }
    }

    @Test(arguments: Corruption.allCases)
    private func streamsAreReadAtTheirLastBlock(by corruption: Corruption) throws {
        let recipe = PromptRecipe(kind: .names, count: 5, length: 30, lag: 7, seed: 7)
        for (clean, corrupted, read) in try rows(
            CausalPrompts(recipe, vocabulary: vocabulary, corruption: corruption)
        ) {
            #expect(clean.count == 30)
            #expect(read.map(\.cell.position) == Array(24..<30))
            #expect(read.map(\.answer) == (24..<30).map { clean[$0 - 6] })
            // Cues of the last block stand at 24...29, 17...22, 10...15, 3...8 and, in the first block's beginning, 1.
            let places =
                switch corruption {
                case .first: (1..<23).filter { ($0 - 24) % 7 != -1 && ($0 - 24) % 7 != 6 }
                case .second: (2..<24).filter { ($0 - 24) % 7 != 0 }
                case .cue: Array(24..<30)
                }
            #expect(differences(clean, corrupted) == Set(places))
            if corruption == .second {
                #expect(read.map(\.foil) == (24..<30).map { corrupted[$0 - 6] })
            }
        }
    }

    @Test func positionsSayWhatIsRead() throws {
        let recipe = PromptRecipe(kind: .names, count: 3, length: 20, lag: 5, seed: 8)
        func read(_ positions: ReadPositions, _ corruption: Corruption? = nil) throws -> [[Int]] {
            let prompts = try CausalPrompts(
                recipe,
                vocabulary: vocabulary,
                corruption: corruption,
                positions: positions
            )
            return (0..<3).map { prompt in
                prompts.targets.filter { $0.cell.prompt == prompt }.map(\.cell.position)
            }
        }
        // BOS, then 20 tokens; the last one is only an answer.
        #expect(try read(.last) == Array(repeating: [19], count: 3))
        #expect(try read(.all) == Array(repeating: Array(0..<20), count: 3))
        #expect(try read(.targets) == Array(repeating: Array(6..<20), count: 3))
        #expect(try read(.targets, .second) == Array(repeating: Array(16..<20), count: 3))
        #expect(try read(.all, .first) == Array(repeating: Array(0..<20), count: 3))
    }

    @Test func onlyBrokenPredictionsHaveAFoil() throws {
        let recipe = PromptRecipe(kind: .multitoken, count: 1, length: 20, copied: 2, seed: 9)
        let prompts = try CausalPrompts(
            recipe,
            vocabulary: vocabulary,
            corruption: .second,
            positions: .all
        )
        #expect(prompts.targets.count == 21)
        #expect(prompts.targets.map { $0.foil != nil } == (0..<21).map { $0 >= 19 })
        let row = prompts.clean.rows[0]
        #expect(prompts.targets.dropLast().map(\.answer) == Array(row.dropFirst()))
    }

    @Test func anExhaustedAlphabetGivesOtherTokensStill() throws {
        // Four digits, all in every prompt; streams of four of four letters.
        let missing = Set(Alphabet.numbers.members.dropFirst(4) + Alphabet.letters.members.dropFirst(4))
        let small = madeUpVocabulary(lacking: missing)
        for kind in [PromptKind.numbers, .abab] {
            for corruption in Corruption.allCases {
                for (clean, corrupted, read) in try rows(
                    CausalPrompts(
                        PromptRecipe(kind: kind, count: 20, length: 12, lags: [4], seed: 10),
                        vocabulary: small,
                        corruption: corruption
                    )
                ) {
                    #expect(!differences(clean, corrupted).isEmpty)
                    #expect(read.allSatisfy { $0.foil != $0.answer })
                    #expect((corruption == .second) == read.allSatisfy { $0.foil != nil })
                }
            }
        }
    }

    @Test func kindsHaveTheirPositions() {
        let single = PromptKind.allCases.filter { $0.readPositions == .last }
        #expect(single == [.bigram, .letters, .words, .numbers, .abca])
        #expect(PromptKind.allCases.count { $0.readPositions == .targets } == 4)
    }

    @Test func literalStreamsHaveNothingToCopy() {
        let recipe = PromptRecipe(kind: .abab, count: 3, length: 12, lags: [4], isLiteral: true, seed: 1)
        let found = #expect(throws: CausalPromptsError.self) {
            try CausalPrompts(recipe, vocabulary: vocabulary)
        }
        #expect(found == .noCue(.abab, prompt: 0))
        #expect(
            found?.description
                == "abab prompt 0 has no pair of tokens that comes back, so nothing in it can be copied; choose longer "
                + "prompts or a smaller lag."
        )
    }
}
