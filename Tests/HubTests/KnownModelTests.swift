// Short names, and guesses at what was meant.
import Foundation
import JSON
import Testing

@testable import Hub

@Suite struct KnownModelTests {
    /// Families of the recorded names that are not in the table.
    private static let others = [
        "01-ai/", "ai-forever/", "allenai/OLMo-1B", "allenai/OLMo-7B", "allenai/OLMoE", "allenai/Olmo-3",
        "ArthurConmy/",
        "Baidicoot/", "bigcode/", "bigscience/", "facebook/hubert", "facebook/wav2vec2", "google-bert/",
        "google-t5/",
        "google/gemma-2", "google/gemma-7b", "google/gemma-3-4b", "google/gemma-3-12b", "google/gemma-3-27b",
        "google/medgemma", "llama-", "microsoft/Phi-3", "microsoft/phi-4", "mistralai/Mixtral", "NeelNanda/",
        "openai/",
        "Qwen/Qwen-", "stabilityai/", "swiss-ai/",
    ]

    @Test func namesMeanWhatTheyMeanInTransformerLens() throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/short_names.json"
        )
        var found = 0
        for (name, field) in try JSONField(reading: fixture).fields() {
            let id = try field.string()
            guard !Self.others.contains(where: id.hasPrefix) else { continue }
            #expect(KnownModel.named(name)?.id == id, "\(name)")
            found += 1
        }
        #expect(found > 200)
    }

    @Test func caseDoesNotMatterAndOtherNamesAreIds() throws {
        #expect(try KnownModel.id(named: "GPT2-Small").description == "gpt2")
        #expect(try KnownModel.id(named: "eleutherai/PYTHIA-70M").description == "EleutherAI/pythia-70m")
        #expect(try KnownModel.id(named: "me/my-model").description == "me/my-model")
        #expect(throws: HubError.invalidID("a/b/c")) { try KnownModel.id(named: "a/b/c") }
    }

    @Test func idsAreIdsAndNamesAreUnique() throws {
        var owner: [String: String] = [:]
        for model in KnownModel.all {
            #expect(throws: Never.self) { try HubModelID(model.id) }
            for name in [model.id] + model.aliases {
                #expect(owner[name.lowercased()] == nil, "\(name)")
                owner[name.lowercased()] = model.id
            }
            #expect(
                model.layers > 0 && model.width % 32 == 0 && model.heads > 0 && model.parameters > 1_000_000
            )
        }
    }

    @Test(arguments: [
        ("gpt2-small", 12, 12, 768, 124_439_808), ("gpt2-xl", 48, 25, 1600, 1_557_611_200),
        ("pythia-70m-deduped-v0", 6, 8, 512, 70_426_624), ("gemma-3-1b", 26, 4, 1152, 999_885_952),
        ("meta-llama/llama-3.2-1b", 16, 32, 2048, 1_235_814_400),
    ])
    func shapes(name: String, layers: Int, heads: Int, width: Int, parameters: Int) throws {
        let model = try #require(KnownModel.named(name))
        #expect(model.layers == layers && model.heads == heads && model.width == width)
        #expect(model.parameters == parameters)
    }

    @Test(arguments: [
        ("gpt2-smal", "gpt2-small"), ("pythia-70m-dedupped", "pythia-70m-deduped"),
        ("ptyhia-70m", "pythia-70m"),
        ("EleutherAI/pythia-70", "EleutherAI/pythia-70m"), ("gemma3-1b", "gemma-3-1b"),
    ])
    func guesses(written: String, meant: String) {
        #expect(KnownModel.suggestions(for: written).first == meant)
    }

    @Test func noGuessWhereNothingIsNear() {
        #expect(KnownModel.suggestions(for: "owner/tiny").isEmpty)
        #expect(KnownModel.suggestions(for: "").isEmpty)
    }

    @Test func distances() {
        func distance(_ a: String, _ b: String) -> Int {
            Spelling.distance(Array(a.utf8), Array(b.utf8), most: 4)
        }
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("ab", "ba") == 1)
        #expect(distance("", "abc") == 3)
        #expect(distance("abcdefgh", "stuvwxyz") == 5)
    }
}
