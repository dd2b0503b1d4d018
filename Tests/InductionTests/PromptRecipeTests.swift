// Prompt generators: what each kind's prompts look like, and that the seed fixes them.
import Testing

@testable import Induction

/// Prompts without their BOS.
private func bodies(_ recipe: PromptRecipe, _ vocabulary: PromptVocabulary = madeUpVocabulary()) throws
    -> [[Int]]
{
    try recipe.prompts(for: vocabulary).map { prompt in
        #expect(prompt.first == vocabulary.bosTokenID)
        return Array(prompt.dropFirst())
    }
}

@Suite struct PromptRecipeTests {
    @Test func repeatIsFillerThenABlockTwice() throws {
        let prompts = try bodies(PromptRecipe(count: 200, seed: 1))
        var lags = Set<Int>()
        for prompt in prompts {
            #expect(prompt.count == 50)
            let pairs = copyPairs(in: prompt, rule: .all, excluding: [])
            let lag = try #require(pairs.first?.lag)
            lags.insert(lag)
            // Every position of the last block repeats the one a lag before; nothing else repeats.
            #expect(pairs == (50 - lag..<50).map { CopyPair(query: $0, source: $0 - lag) })
            #expect(Set(prompt).count == 50 - lag && Set(prompt).isSubset(of: 100..<160))
        }
        #expect(lags == Set(15...25), "every lag of the range comes up in 200 prompts")
    }

    @Test(arguments: [
        (4, 2...2), (5, 2...2), (6, 2...3), (7, 3...3), (10, 3...5), (11, 4...5), (20, 6...10), (80, 24...40),
        (100, 40...50),  // 60 ids are too few for shorter blocks
    ])
    func lagsOfRepeatScaleWithTheLength(length: Int, expected: ClosedRange<Int>) throws {
        let prompts = try bodies(PromptRecipe(count: 200, length: length, seed: 2))
        let lags = Set(prompts.map { copyPairs(in: $0, excluding: [])[0].lag })
        #expect(lags == Set(expected))
        #expect(prompts.allSatisfy { $0.count == length })
    }

    @Test(arguments: [2, 3, 19, 25])
    func repeatTakesALag(lag: Int) throws {
        for prompt in try bodies(PromptRecipe(count: 20, lag: lag, seed: 3)) {
            #expect(prompt.count == 50)
            let pairs = copyPairs(in: prompt, rule: .all, excluding: [])
            #expect(pairs.map(\.lag) == Array(repeating: lag, count: lag))
        }
    }

    // The same rule in Python, from the same stream.
    @Test func repeatIsPinned() throws {
        let prompts = try PromptRecipe(count: 2, length: 10, seed: 0).prompts(
            for: madeUpVocabulary(ordinary: 40)
        )
        #expect(
            prompts == [
                [7, 117, 102, 138, 106, 115, 117, 102, 138, 106, 115],
                [7, 130, 110, 138, 117, 131, 123, 124, 131, 123, 124],
            ]
        )
    }

    @Test(arguments: [(PromptKind.abab, Alphabet.letters), (.names, .names)])
    func streamsRepeatABlockToTheEnd(kind: PromptKind, alphabet: Alphabet) throws {
        var lags = Set<Int>()
        for prompt in try bodies(PromptRecipe(kind: kind, count: 60, seed: 4)) {
            #expect(prompt.count == 128 && Set(prompt).isSubset(of: alphabet.madeUpIDs))
            let lag = try #require(
                (2..<128).first { lag in
                    (lag..<128).allSatisfy { prompt[$0] == prompt[$0 - lag] }
                }
            )
            lags.insert(lag)
            // Distinct in a block where the alphabet is long enough.
            #expect(Set(prompt).count == lag || lag > alphabet.members.count)
        }
        #expect(lags == [4, 8, 16, 32, 64])
    }

    @Test(arguments: [3, 4, 5, 9, 30], [PromptKind.abab, .names])
    func shortStreamsStillHaveSomethingToComplete(length: Int, kind: PromptKind) throws {
        for prompt in try bodies(PromptRecipe(kind: kind, count: 30, length: length, seed: 5)) {
            let pairs = copyPairs(in: prompt, excluding: [])
            #expect(prompt.count == length && !pairs.isEmpty)
            #expect(pairs.allSatisfy { $0.lag >= 2 })
        }
    }

    @Test(arguments: [2, 5, 29])
    func streamsTakeALag(lag: Int) throws {
        for prompt in try bodies(PromptRecipe(kind: .names, count: 10, length: 30, lag: lag, seed: 6)) {
            #expect(copyPairs(in: prompt, excluding: []).map(\.lag) == Array(repeating: lag, count: 30 - lag))
        }
    }

    @Test func bigramIsABNoiseA() throws {
        var pairs = Set<[Int]>()
        for prompt in try bodies(PromptRecipe(kind: .bigram, count: 100, seed: 7)) {
            #expect(prompt.count == 35 && Set(prompt).isSubset(of: Alphabet.letters.madeUpIDs))
            let (a, b) = (prompt[0], prompt[1])
            #expect(a != b && prompt[34] == a)
            #expect(!prompt[2..<34].contains(a) && !prompt[2..<34].contains(b))
            pairs.insert([a, b])
        }
        #expect(pairs.count > 80)
    }

    @Test(arguments: [(24, true), (27, true), (28, false)])
    func noiseIsDrawnWithoutReplacementWhereTheAlphabetSuffices(length: Int, isDistinct: Bool) throws {
        for prompt in try bodies(PromptRecipe(kind: .bigram, count: 20, length: length, seed: 8)) {
            #expect((Set(prompt[2..<length - 1]).count == length - 3) == isDistinct)
        }
    }

    @Test(arguments: [(PromptKind.letters, Alphabet.letters), (.words, .words), (.numbers, .numbers)])
    func mixedPromptsArePrefixABFillerA(kind: PromptKind, alphabet: Alphabet) throws {
        for prompt in try bodies(PromptRecipe(kind: kind, count: 50, seed: 9)) {
            #expect(prompt.count == 11 && Set(prompt).isSubset(of: alphabet.madeUpIDs))
            // Four tokens before the pair, four after; only A comes twice.
            #expect(copyPairs(in: prompt, rule: .all, excluding: []) == [CopyPair(query: 10, source: 4)])
        }
        let odd = try bodies(PromptRecipe(kind: kind, count: 5, length: 8, seed: 9))
        #expect(odd.allSatisfy { copyPairs(in: $0, excluding: []) == [CopyPair(query: 7, source: 3)] })
        let shortest = try bodies(PromptRecipe(kind: kind, count: 5, length: 3, seed: 9))
        #expect(shortest.allSatisfy { copyPairs(in: $0, excluding: []) == [CopyPair(query: 2, source: 0)] })
    }

    @Test(arguments: [(21, 10), (4, 1), (5, 2), (64, 31)])
    func abcaEndsWithACopyFromHalfWay(length: Int, source: Int) throws {
        for prompt in try bodies(PromptRecipe(kind: .abca, count: 50, length: length, seed: 10)) {
            #expect(prompt.count == length && Set(prompt).isSubset(of: 100..<160))
            #expect(prompt[length - 1] == prompt[source])
        }
    }

    @Test(arguments: [(50, nil, 4), (50, 1, 1), (60, 7, 7), (3, 1, 1), (9, 4, 4)])
    func multitokenIsABlockAndItsReturn(length: Int, asked: Int?, copied: Int) throws {
        let recipe = PromptRecipe(kind: .multitoken, count: 200, length: length, copied: asked, seed: 16)
        var starts = Set<Int>()
        for (prompt, drawn) in zip(try bodies(recipe), try recipe.draw(from: madeUpVocabulary())) {
            #expect(prompt.count == length && Set(prompt).isSubset(of: 100..<160))
            let cue = prompt[length - copied]
            let start = try #require(prompt.firstIndex(of: cue))
            starts.insert(start)
            let block = Array(prompt[start...start + copied])
            #expect(Array(prompt.suffix(copied)) == Array(block.dropLast()) && drawn.answer == block.last)
            // Nothing else comes twice.
            #expect(Set(prompt).count == length - copied)
        }
        #expect(starts == Set(0...length - 2 * copied - 1), "the block stands everywhere in 200 prompts")
    }

    @Test func fillerOfMultitokenKeepsOutOfTheBlock() throws {
        for prompt in try bodies(
            PromptRecipe(kind: .multitoken, count: 20, length: 40, copied: 3, seed: 17),
            madeUpVocabulary(ordinary: 10)
        ) {
            let block = Set(prompt.suffix(3))
            #expect(prompt.count { block.contains($0) } == 6, "each twice")
        }
    }

    @Test(arguments: PromptKind.allCases)
    func lengthDefaultsToTheKinds(kind: PromptKind) throws {
        let prompts = try PromptRecipe(kind: kind, count: 3).prompts(for: madeUpVocabulary())
        #expect(prompts.map(\.count) == Array(repeating: kind.defaultLength + 1, count: 3))
    }

    @Test(arguments: PromptKind.allCases)
    func theSeedFixesThePrompts(kind: PromptKind) throws {
        let recipe = PromptRecipe(kind: kind, count: 12, seed: 11)
        let prompts = try recipe.prompts(for: madeUpVocabulary())
        #expect(try recipe.prompts(for: madeUpVocabulary()) == prompts)
        #expect(
            try PromptRecipe(kind: kind, count: 5, seed: 11).prompts(for: madeUpVocabulary())
                == Array(prompts[..<5]),
            "fewer prompts are the first of more"
        )
        #expect(try PromptRecipe(kind: kind, count: 12, seed: 12).prompts(for: madeUpVocabulary()) != prompts)
        #expect(Set(prompts).count > 8, "prompts differ")
    }

    @Test(arguments: PromptKind.allCases)
    func withoutBOSOnlyTheBodyIsLeft(kind: PromptKind) throws {
        let recipe = PromptRecipe(kind: kind, count: 4, seed: 13)
        let with = try recipe.prompts(for: madeUpVocabulary())
        let without = try recipe.prompts(for: madeUpVocabulary(bos: nil))
        #expect(with == without.map { [7] + $0 })
    }

    @Test func wordsThatAreNotOneTokenAreLeftOut() throws {
        let missing: Set<String> = ["A", "Q", "Z"]
        let vocabulary = madeUpVocabulary(lacking: missing)
        let gone = Set(missing.compactMap(madeUpVocabulary().id))
        let prompts = try bodies(PromptRecipe(kind: .letters, count: 60, seed: 14), vocabulary)
        #expect(Set(prompts.joined()).isDisjoint(with: gone))
        #expect(Set(prompts.joined()).count == 23)
    }

    @Test func fewWordsAreEnough() throws {
        let missing = Set(Alphabet.numbers.members.dropFirst(4))
        for kind in [PromptKind.numbers, .abab] {
            let vocabulary = madeUpVocabulary(
                lacking: missing.union(Alphabet.letters.members.dropFirst(4))
            )
            for prompt in try bodies(PromptRecipe(kind: kind, count: 10, seed: 15), vocabulary) {
                #expect(prompt.count == kind.defaultLength && Set(prompt).count <= 4)
            }
        }
    }
}

@Suite struct PromptErrorTests {
    private func error(_ recipe: PromptRecipe, _ vocabulary: PromptVocabulary = madeUpVocabulary())
        -> PromptError?
    {
        #expect(throws: PromptError.self) { try recipe.prompts(for: vocabulary) }
    }

    @Test func countMustBeAboveZero() {
        let found = error(PromptRecipe(count: 0))
        #expect(found == .noPrompts)
        #expect(found?.description == "the number of prompts must be at least 1.")
    }

    @Test(arguments: [
        (PromptKind.repeat, 4), (.abca, 4), (.abab, 3), (.names, 3), (.bigram, 3), (.letters, 3), (.words, 3),
        (.numbers, 3), (.multitoken, 9),
    ])
    func lengthMustLeaveRoom(kind: PromptKind, minimum: Int) throws {
        let found = error(PromptRecipe(kind: kind, length: minimum - 1))
        #expect(found == .tooShort(kind, length: minimum - 1, minimum: minimum))
        #expect(
            found?.description
                == "\(kind.rawValue) prompts of \(minimum - 1) tokens: at least \(minimum) are needed."
        )
        for prompt in try bodies(PromptRecipe(kind: kind, length: minimum)) {
            let cells = HeadScore.induction.readCells(of: prompt, rule: .nearest, excluding: [])
            #expect(!cells.isEmpty || kind == .abca, "\(prompt) has something to complete")
        }
    }

    @Test(arguments: [PromptKind.bigram, .letters, .words, .numbers, .abca, .multitoken])
    func otherKindsTakeNoLag(kind: PromptKind) {
        let found = error(PromptRecipe(kind: kind, lag: 5))
        #expect(found == .fixedLag(kind) && !kind.takesLag)
        #expect(
            found?.description
                == "the lag of \(kind.rawValue) prompts follows from their length; choose the length, or repeat, "
                + "abab or names."
        )
    }

    @Test(arguments: [
        (PromptKind.repeat, 50, 1, 25), (.repeat, 50, 26, 25), (.repeat, 4, 3, 2), (.abab, 20, 20, 19),
        (.names, 3, 3, 2),
        (.abab, 20, 0, 19), (.abab, 20, -4, 19),
    ])
    func lagMustFit(kind: PromptKind, length: Int, lag: Int, longest: Int) {
        let found = error(PromptRecipe(kind: kind, length: length, lag: lag))
        #expect(found == .lagOutOfRange(kind, lag: lag, allowed: 2...longest))
        #expect(
            found?.description
                == "lag \(lag) does not fit \(kind.rawValue) prompts of this length, which have room for 2 to "
                + "\(longest); choose another lag or longer prompts."
        )
    }

    @Test func copiedTokensMustMakeSense() {
        let found = error(PromptRecipe(kind: .multitoken, copied: 0))
        #expect(found == .nothingCopied)
        #expect(found?.description == "the number of copied tokens must be at least 1.")
        let other = error(PromptRecipe(kind: .bigram, copied: 1))
        #expect(other == .fixedCopied(.bigram))
        #expect(
            other?.description
                == "bigram prompts take no number of copied tokens; leave it away, or choose multitoken prompts."
        )
        let small = error(PromptRecipe(kind: .multitoken), madeUpVocabulary(ordinary: 5))
        #expect(small == .vocabularyTooSmall(.multitoken, needed: 6, found: 5))
        #expect(
            small?.description
                == "multitoken prompts need 6 different tokens, the vocabulary has 5; copy fewer tokens."
        )
    }

    @Test func vocabularyMustBeLargeEnough() throws {
        let found = error(PromptRecipe(), madeUpVocabulary(ordinary: 24))
        #expect(found == .vocabularyTooSmall(.repeat, needed: 25, found: 24))
        #expect(
            found?.description
                == "repeat prompts need 25 different tokens, the vocabulary has 24; choose shorter prompts or, "
                + "where a lag is given, a larger one."
        )
        #expect(try bodies(PromptRecipe(count: 3), madeUpVocabulary(ordinary: 25)).count == 3)
        #expect(
            error(PromptRecipe(lag: 10), madeUpVocabulary(ordinary: 39))
                == .vocabularyTooSmall(.repeat, needed: 40, found: 39)
        )
        #expect(
            error(PromptRecipe(kind: .abca), madeUpVocabulary(ordinary: 1))
                == .vocabularyTooSmall(.abca, needed: 2, found: 1)
        )
    }

    @Test func wordsMustBeSingleTokens() {
        let vocabulary = madeUpVocabulary(lacking: Set(Alphabet.names.members.dropFirst(3)))
        let found = error(PromptRecipe(kind: .names), vocabulary)
        #expect(found == .missingWords(.names, alphabet: "names", found: 3, needed: 4))
        #expect(
            found?.description
                == "names prompts need names that are single tokens; this model's vocabulary has 3, at least 4 are "
                + "needed. Use --prompts-kind repeat, or prompts of your own."
        )
        #expect(
            error(PromptRecipe(kind: .words), PromptVocabulary(ordinaryIDs: [1, 2], bosTokenID: nil))
                == .missingWords(.words, alphabet: "words", found: 0, needed: 4)
        )
    }
}
