// Made-up vocabularies for prompt generators.
import Induction

/// Ids 100 and up for random sequences, 1000 and up for the words of all alphabets, BOS 7.
func madeUpVocabulary(
    ordinary: Int = 60,
    bos: Int? = 7,
    lacking missing: Set<String> = []
) -> PromptVocabulary {
    let words = Alphabet.allCases.flatMap(\.members)
    let ids = Dictionary(zip(words, 1000...), uniquingKeysWith: { first, _ in first })
    return PromptVocabulary(
        ordinaryIDs: Array(100..<100 + ordinary),
        bosTokenID: bos,
        id: { missing.contains($0) ? nil : ids[$0] }
    )
}

extension Alphabet {
    /// Ids of the members in `madeUpVocabulary`.
    var madeUpIDs: Set<Int> { Set(members.compactMap(madeUpVocabulary().id)) }
}
