// config.json in all its spellings, and what is refused.
import Checkpoints
import Foundation
import JSON
import TestSupport
import Testing
import Torch
import Transformers

@Suite struct ConfigTests {
    /// Files from before transformers 5 spell rotary settings otherwise.
    @Test(arguments: ["gpt-neox-parallel", "llama-llama3", "llama-linear", "phi", "gemma3"])
    func olderSpellingsMeanTheSame(name: String) throws {
        let directory = Fixture(name: name).directory
        func config(_ file: String) throws -> TransformerConfig {
            try TransformerConfig(JSONField(reading: directory.appending(path: file)))
        }
        #expect(try config("config-v4.json") == config("config.json"))
    }

    /// Sizes of published models, from their config.json.
    @Test func publishedConfigsAreRead() throws {
        // Gemma 3 4B, a model of text and images: what is not said is the class's own default.
        let gemma = try config(
            """
            {"model_type": "gemma3", "text_config": {"hidden_size": 2560, "intermediate_size": 10240,
            "model_type": "gemma3_text", "num_hidden_layers": 34, "rope_scaling": {"factor": 8.0,
            "rope_type": "linear"}, "sliding_window": 1024}, "vision_config": {"hidden_size": 1152}}
            """
        )
        #expect(gemma.layers == 34 && gemma.heads == 8 && gemma.keyValueHeads == 4 && gemma.dHead == 256)
        #expect(gemma.windows.prefix(7) == [1024, 1024, 1024, 1024, 1024, nil, 1024])
        #expect(
            gemma.positions
                == .rotary(
                    Rotary(dimensions: 256, base: 1_000_000, scaling: .linear(factor: 8)),
                    local: Rotary(dimensions: 256, base: 10_000)
                )
        )
        #expect(gemma.embeddingScale == 2560.0.squareRoot() && gemma.attentionScale == 1.0 / 16)

        // Mistral 7B v0.1 has a window, v0.3 says null.
        func mistral(_ rest: String) throws -> TransformerConfig {
            try config(
                """
                {"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 2,
                "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000, "rope_theta": 10000.0,
                "max_position_embeddings": 32768\(rest)}
                """
            )
        }
        #expect(try mistral(#", "sliding_window": 4096"#).windows == [4096, 4096])
        #expect(try mistral("").windows == [4096, 4096])
        #expect(try mistral(#", "sliding_window": null"#).windows == [])
    }

    @Test(arguments: [
        (
            "llama", #""rope_scaling": {"rope_type": "yarn", "factor": 4.0}"#,
            "rope_scaling.rope_type \"yarn\" is not supported; use a model whose rope_type is default, linear or llama3."
        ),
        (
            "llama", #""rope_scaling": {"type": "linear"}"#,
            "rope_scaling.factor: expected a value, found no such field"
        ),
        (
            "llama", #""num_key_value_heads": 3"#,
            "num_key_value_heads: expected a divisor of num_attention_heads, 4, found 3"
        ),
        (
            "llama", #""num_attention_heads": 0"#, "num_attention_heads: expected a whole number from 1 to"
        ),
        (
            "phi", #""qk_layernorm": true"#,
            "qk_layernorm true is not supported; use a model without qk_layernorm."
        ),
        (
            "opt", #""ffn_dim": 8, "do_layer_norm_before": false"#,
            """
            do_layer_norm_before false is not supported; of OPT only models with layer norms before attention and MLP \
            are known; use another size.
            """
        ),
        (
            "opt", #""ffn_dim": 8, "word_embed_proj_dim": 4"#,
            """
            word_embed_proj_dim 4 is not supported; use a model whose embedding is as wide as the residual stream, 8.
            """
        ),
        (
            "gemma3_text", #""use_bidirectional_attention": true"#,
            "use_bidirectional_attention true is not supported; use a model that attends causally."
        ),
        (
            "gemma3_text", #""layer_types": ["full_attention", "chunked_attention"]"#,
            #"layer_types[1]: expected one of "full_attention", "sliding_attention", found "chunked_attention""#
        ),
        (
            "mamba", #""state_size": 16"#,
            """
            model_type is "mamba"; known here are: gpt2, gpt_neo, gptj, gpt_neox, opt, phi, llama, mistral, qwen2, \
            qwen3, olmo2, gemma, gemma2, gemma3_text, gemma3, nanogpt, induct.
            """
        ),
    ])
    func whatIsNotKnownIsRefused(family: String, change: String, message: String) throws {
        let name = change.split(separator: "\"")[0]
        let plain = [
            ("hidden_size", "8"), ("num_attention_heads", "4"), ("num_hidden_layers", "2"),
            ("intermediate_size", "8"), ("vocab_size", "10"), ("max_position_embeddings", "16"),
        ]
        let fields = plain.filter { $0.0 != name }.map { "\"\($0)\": \($1)" } + [change]
        let text = "{\"model_type\": \"\(family)\", \(fields.joined(separator: ", "))}"
        let error = #expect(throws: (any Error).self) { _ = try config(text) }
        let said = "\(try #require(error))"
        #expect(said.hasPrefix("config.json: ") && said.contains(message), "\(said)")
    }

    @Test func typesOfAttentionMustBeAsManyAsLayers() throws {
        #expect(throws: (any Error).self) {
            try config(
                """
                {"model_type": "gpt_neo", "hidden_size": 8, "num_heads": 2, "num_layers": 3, "vocab_size": 10,
                "max_position_embeddings": 16, "attention_types": [[["global", "local"], 4000000]]}
                """
            )
        }
    }

    private func config(_ text: String) throws -> TransformerConfig {
        try TransformerConfig(JSONField(parsing: Array(text.utf8), source: "config.json"))
    }
}
