import Foundation
import Hummingbird
import HummingbirdTesting
import Induction
import Lab
import Testing
import Tokenizers
import Torch
import Transformers

@testable import Explorer

@Suite(.serialized) struct ShortRoutesTests {
    @Test func modelsAreThoseOfTheCommand() async throws {
        try await server().test { client in
            let models = try await client.get("/api/models").object["models"] as? [[String: Any]]
            let bundled = models?.filter { $0["place"] as? String == "bundled" }
            #expect(bundled?.compactMap { $0["name"] as? String } == ModelCatalog.bundled)
            #expect(bundled?.first?["layers"] as? Int == 2)
        }
    }

    @Test func tokensOfAText() async throws {
        let opened = try OpenedModel("induct-2l")
        let ids = try PromptSource.texts(["B C B"]).tokens(for: opened).rows[0]
        let last = try opened.tokenizer.token(for: ids[ids.count - 1])
        try await server().test { client in
            let response = try await client.post("/api/tokens", #"{"model": "induct-2l", "prompt": "B C B"}"#)
            let tokens = try response.object["tokens"] as? [[String: Any]]
            #expect(tokens?.compactMap { $0["id"] as? Int } == ids)
            #expect(tokens?.last?["text"] as? String == last)
        }
    }

    @Test func madePrompts() async throws {
        try await server().test { client in
            let body = #"{"model": "induct-2l", "kind": "repeat", "count": 3, "length": 20, "seed": 7}"#
            let first = try await client.post("/api/prompts", body)
            let prompts = try first.object["prompts"] as? [[String: Any]]
            #expect(prompts?.count == 3)
            let second = try await client.post("/api/prompts", body)
            #expect(second.data == first.data)
        }
    }

    @Test(arguments: ["induct-2l": PromptKind.words, "shakespeare-char": .letters])
    func theUsualKindFitsTheVocabulary(model: String, kind: PromptKind) async throws {
        try await server().test { client in
            let usual = try await client.post("/api/prompts", #"{"model": "\#(model)", "seed": 5}"#)
            let named = try await client.post(
                "/api/prompts",
                #"{"model": "\#(model)", "seed": 5, "kind": "\#(kind.rawValue)"}"#
            )
            #expect(usual.status == .ok && usual.data == named.data, "\(usual.text)")
        }
    }

    @Test(arguments: ["induct-2l", "induct-4l", "shakespeare-char"], PromptKind.allCases)
    func textsOfMadePromptsReadBack(model: String, kind: PromptKind) async throws {
        try await server().test { client in
            let made = try await client.post(
                "/api/prompts",
                #"{"model": "\#(model)", "kind": "\#(kind.rawValue)", "count": 2}"#
            )
            // Not every vocabulary has what a kind is made of.
            guard made.status == .ok else {
                #expect(made.code == "unusable", "\(made.text)")
                return
            }
            for prompt in try made.object["prompts"] as? [[String: Any]] ?? [] {
                let text = try #require(prompt["text"] as? String)
                let body = try JSONSerialization.data(withJSONObject: ["model": model, "prompt": text])
                let read = try await client.post("/api/tokens", String(decoding: body, as: UTF8.self))
                let ids = { (tokens: Any?) in (tokens as? [[String: Any]])?.compactMap { $0["id"] as? Int } }
                #expect(try ids(read.object["tokens"]) == ids(prompt["tokens"]), "\(text)")
            }
        }
    }

    @Test func attentionIsTheModels() async throws {
        let model = try LoadedModel("induct-2l")
        let tokens = try PromptSource.texts(["B C D B C"]).tokens(for: model.opened)
        let pattern = try model.transformer.run(tokens, recording: [.pattern.layer(1)], logits: .none)[
            .pattern,
            layer: 1
        ][0][2]
        let (count, values) = (tokens.length, pattern.doubles)
        try await server().test { client in
            let response = try await client.post(
                "/api/attention",
                #"{"model": "induct-2l", "prompt": "B C D B C", "layers": [1]}"#
            )
            let layers = try response.object["layers"] as? [[String: Any]]
            #expect(layers?.compactMap { $0["layer"] as? Int } == [1])
            let heads = layers?.first?["heads"] as? [[String: Any]]
            let rows = heads?[2]["pattern"] as? [[Double]]
            #expect(rows?.map(\.count) == Array(1...count))
            for query in 0..<count {
                for key in 0...query {
                    let found = rows?[query][key] ?? -1
                    #expect(Swift.abs(found - values[query * count + key]) < 1e-6)
                }
            }
            // B at count - 2 comes back from count - 5: an induction head looks behind it.
            let stripe = try response.object["stripe"] as? [[Int]]
            #expect(stripe == [[count - 2, count - 4], [count - 1, count - 3]])
        }
    }

    @Test func predictionWithoutHeads() async throws {
        let model = try LoadedModel("induct-2l")
        let tokens = try PromptSource.texts(["B C D B"]).tokens(for: model.opened)
        let edits: [Intervention] = [.zero(.z.head(1, 0)), .zero(.z.head(0, 2))]
        let logits = try model.transformer.run(tokens, applying: edits, logits: .last).logits[0][0]
        let best = logits.topK(1)
        let (id, value) = (best.indices.ints[0], best.values.doubles[0])
        try await server().test { client in
            let response = try await client.post(
                "/api/prediction",
                """
                {"model": "induct-2l", "prompt": "B C D B", "top": 3, "off": [{"layer": 1, "head": 0}, \
                {"layer": 0, "head": 2}]}
                """
            )
            let object = try response.object
            let edited = object["edited"] as? [[String: Any]]
            #expect(edited?.count == 3)
            #expect(edited?.first?["id"] as? Int == id)
            #expect(Swift.abs((edited?.first?["logit"] as? Double ?? 0) - value) < 1e-4)
            let base = object["base"] as? [[String: Any]]
            #expect(base?.first?["logit"] as? Double != edited?.first?["logit"] as? Double)
            #expect(object["lossBase"] as? Double != object["lossEdited"] as? Double)
            let shares = base?.compactMap { $0["probability"] as? Double } ?? []
            #expect(shares == shares.sorted(by: >) && shares.allSatisfy { (0...1).contains($0) })
        }
    }

    @Test(arguments: [
        ("/api/attention", #"{"model": "induct-2l"}"#, "bad_request"),
        ("/api/attention", #"{"model": "induct-2l", "prompt": "A", "tokens": [1]}"#, "bad_request"),
        ("/api/attention", #"{"model": "induct-2l", "tokens": [1], "layers": [2]}"#, "bad_request"),
        ("/api/attention", #"{"model": "induct-2l", "tokens": [1], "layers": []}"#, "bad_request"),
        ("/api/attention", #"{"model": "induct-2l", "tokens": [1], "layers": [-1]}"#, "bad_request"),
        ("/api/attention", #"{"model": "induct-2l", "tokens": []}"#, "unusable"),
        ("/api/attention", #"{"model": "induct-2l", "tokens": [99999999]}"#, "unusable"),
        (
            "/api/prediction", #"{"model": "induct-2l", "tokens": [1], "off": [{"layer": 0, "head": 99}]}"#,
            "bad_request"
        ),
        ("/api/prediction", #"{"model": "induct-2l", "tokens": [1], "top": 0}"#, "bad_request"),
        ("/api/prompts", #"{"model": "induct-2l", "kind": "natural"}"#, "bad_request"),
        ("/api/prompts", #"{"model": "induct-2l", "length": 1}"#, "unusable"),
        ("/api/prompts", #"{"model": "nothing"}"#, "unknown_model"),
        ("/api/tokens", #"{"model": "induct-2l", "prompt": 3}"#, "bad_request"),
        ("/api/tokens", #"["model"]"#, "bad_request"),
        ("/api/tokens", "{", "bad_request"),
        ("/api/tokens", "", "bad_request"),
    ])
    func wrongRequestsAreRefused(uri: String, body: String, code: String) async throws {
        try await server().test { client in
            let response = try await client.post(uri, body)
            #expect((400..<500).contains(response.status.code))
            #expect(response.code == code, "\(response.text)")
            #expect(response.message?.isEmpty == false)
        }
    }

    @Test func oneToken() async throws {
        try await server().test { client in
            let response = try await client.post("/api/prediction", #"{"model": "induct-2l", "tokens": [1]}"#)
            #expect(response.status == .ok)
            #expect(try response.object["lossBase"] is NSNull)
        }
    }
}
