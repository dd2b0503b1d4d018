// The table of known models: shapes, and what has them. Shapes are those of the models' configurations; parameters
// are counted on models of these shapes.

/// Models of one shape.
struct Shape {
    let models: [KnownModel]

    /// - Parameter list: a model a line: its id, then a colon and its other names.
    init(_ layers: Int, _ heads: Int, _ width: Int, parameters: Int, list: () -> String) {
        models = list().split(separator: "\n").map { line in
            let parts = line.split(separator: ": ", maxSplits: 1)
            return KnownModel(
                id: String(parts[0]),
                aliases: parts.dropFirst().flatMap { $0.split(separator: ", ").map(String.init) },
                layers: layers,
                heads: heads,
                width: width,
                parameters: parameters
            )
        }
    }
}

/// Pythia models of a size: on the Pile and on its deduplicated form, each also in the first edition (v0).
///
/// - Parameters:
///   - once: the size that it was called by at first, counted in another way; the smallest two came later.
///   - seeds: how many further ones there are with other seeds.
private func pythia(_ size: String, once: String? = nil, seeds: Int = 0) -> String {
    guard let once else { return "EleutherAI/pythia-\(size): pythia-\(size)" }
    return (["", "-deduped", "-v0", "-deduped-v0"] + (0..<seeds).map { "-seed\($0 + 1)" }).map { edition in
        // The size for those who just want one.
        let short = size == "70m" && !edition.contains("deduped") ? ", pythia\(edition)" : ""
        let old = "pythia-\(once)\(edition)"
        let new = "pythia-\(size)\(edition)"
        return "EleutherAI/\(new): \(new)\(short), EleutherAI/\(old), \(old)"
    }.joined(separator: "\n")
}

/// Layers, heads, width.
let knownShapes: [Shape] = [
    Shape(12, 12, 768, parameters: 124_439_808) {
        """
        gpt2: gpt2-small
        stanford-crfm/alias-gpt2-small-x21: stanford-gpt2-small-a, alias-gpt2-small-x21, \
        gpt2-mistral-small-a, gpt2-stanford-small-a
        stanford-crfm/battlestar-gpt2-small-x49: stanford-gpt2-small-b, battlestar-gpt2-small-x49, \
        gpt2-mistral-small-b
        stanford-crfm/caprica-gpt2-small-x81: stanford-gpt2-small-c, caprica-gpt2-small-x81, \
        gpt2-mistral-small-c, gpt2-stanford-small-c
        stanford-crfm/darkmatter-gpt2-small-x343: stanford-gpt2-small-d, darkmatter-gpt2-small-x343, \
        gpt2-mistral-small-d
        stanford-crfm/expanse-gpt2-small-x777: stanford-gpt2-small-e, expanse-gpt2-small-x777, \
        gpt2-mistral-small-e
        """
    },
    Shape(24, 16, 1024, parameters: 354_823_168) {
        """
        gpt2-medium
        stanford-crfm/arwen-gpt2-medium-x21: stanford-gpt2-medium-a, arwen-gpt2-medium-x21, \
        gpt2-medium-small-a, gpt2-stanford-medium-a
        stanford-crfm/beren-gpt2-medium-x49: stanford-gpt2-medium-b, beren-gpt2-medium-x49, \
        gpt2-medium-small-b, gpt2-stanford-medium-b
        stanford-crfm/celebrimbor-gpt2-medium-x81: stanford-gpt2-medium-c, celebrimbor-gpt2-medium-x81, \
        gpt2-medium-small-c
        stanford-crfm/durin-gpt2-medium-x343: stanford-gpt2-medium-d, durin-gpt2-medium-x343, \
        gpt2-medium-small-d, gpt2-stanford-medium-d
        stanford-crfm/eowyn-gpt2-medium-x777: stanford-gpt2-medium-e, eowyn-gpt2-medium-x777, \
        gpt2-medium-small-e, gpt2-stanford-medium-e
        """
    },
    Shape(36, 20, 1280, parameters: 774_030_080) { "gpt2-large" },
    Shape(48, 25, 1600, parameters: 1_557_611_200) { "gpt2-xl" },
    Shape(6, 12, 768, parameters: 81_912_576) {
        """
        distilgpt2: distillgpt2, distill-gpt2, distil-gpt2, gpt2-xs
        """
    },
    Shape(6, 4, 128, parameters: 14_067_712) { pythia("14m") },
    Shape(6, 8, 256, parameters: 30_494_720) { pythia("31m") },
    Shape(6, 8, 512, parameters: 70_426_624) { pythia("70m", once: "19m") },
    Shape(12, 12, 768, parameters: 162_322_944) { pythia("160m", once: "125m", seeds: 3) },
    Shape(24, 16, 1024, parameters: 405_334_016) { pythia("410m", once: "350m") },
    Shape(16, 8, 2048, parameters: 1_011_781_632) { pythia("1b", once: "800m") },
    Shape(24, 16, 2048, parameters: 1_414_647_808) { pythia("1.4b", once: "1.3b") },
    Shape(32, 32, 2560, parameters: 2_775_208_960) { pythia("2.8b", once: "2.7b") },
    Shape(32, 32, 4096, parameters: 6_857_302_016) { pythia("6.9b", once: "6.7b") },
    Shape(36, 40, 5120, parameters: 11_846_072_320) { pythia("12b", once: "13b") },
    Shape(12, 12, 768, parameters: 125_198_592) {
        """
        EleutherAI/gpt-neo-125M: gpt-neo-125M, gpt-neo-small, neo-small, neo
        """
    },
    Shape(24, 16, 2048, parameters: 1_315_575_808) {
        """
        EleutherAI/gpt-neo-1.3B: gpt-neo-1.3B, gpt-neo-medium, neo-medium
        """
    },
    Shape(32, 20, 2560, parameters: 2_651_307_520) {
        """
        EleutherAI/gpt-neo-2.7B: gpt-neo-2.7B, gpt-neo-large, neo-large
        """
    },
    Shape(28, 16, 4096, parameters: 6_050_882_784) { "EleutherAI/gpt-j-6B: gpt-j-6B, gpt-j, gptj" },
    Shape(44, 64, 6144, parameters: 20_554_567_680) {
        """
        EleutherAI/gpt-neox-20b: gpt-neox-20b, gpt-neox, neox
        """
    },
    Shape(8, 16, 64, parameters: 3_745_984) {
        """
        roneneldan/TinyStories-1M: tiny-stories-1M
        roneneldan/TinyStories-Instruct-1M: tiny-stories-instruct-1M
        """
    },
    Shape(8, 16, 128, parameters: 8_278_400) {
        """
        roneneldan/TinyStories-3M: tiny-stories-3M
        roneneldan/TinyStories-Instruct-3M: tiny-stories-instruct-3M
        """
    },
    Shape(8, 16, 256, parameters: 19_702_528) {
        """
        roneneldan/TinyStories-8M: tiny-stories-8M
        roneneldan/TinyStories-Instruct-8M: tiny-stories-instruct-8M
        """
    },
    Shape(8, 16, 512, parameters: 51_987_968) {
        """
        roneneldan/TinyStories-28M: tiny-stories-28M
        roneneldan/TinyStories-Instruct-28M: tiny-stories-instruct-28M
        """
    },
    Shape(4, 16, 768, parameters: 68_514_048) {
        """
        roneneldan/TinyStories-33M: tiny-stories-33M
        roneneldan/TinyStories-Instruct-33M: tiny-stories-instruct-33M
        """
    },
    Shape(1, 16, 1024, parameters: 66_155_520) {
        """
        roneneldan/TinyStories-1Layer-21M: tiny-stories-1L-21M
        roneneldan/TinyStories-Instuct-1Layer-21M: tiny-stories-instruct-1L-21M
        """
    },
    Shape(2, 16, 1024, parameters: 78_748_672) {
        """
        roneneldan/TinyStories-2Layers-33M: tiny-stories-2L-33M
        roneneldan/TinyStories-Instruct-2Layers-33M: tiny-stories-instruct-2L-33M
        """
    },
    Shape(12, 12, 768, parameters: 125_239_296) { "facebook/opt-125m: opt-125m, opt-small, opt" },
    Shape(24, 32, 2048, parameters: 1_315_758_080) { "facebook/opt-1.3b: opt-1.3b, opt-medium" },
    Shape(32, 32, 2560, parameters: 2_651_596_800) { "facebook/opt-2.7b: opt-2.7b, opt-large" },
    Shape(32, 32, 4096, parameters: 6_658_473_984) { "facebook/opt-6.7b: opt-6.7b, opt-xl" },
    Shape(40, 40, 5120, parameters: 12_853_473_280) { "facebook/opt-13b: opt-13b, opt-xxl" },
    Shape(48, 56, 7168, parameters: 29_974_540_288) { "facebook/opt-30b: opt-30b, opt-xxxl" },
    Shape(64, 72, 9216, parameters: 65_719_701_504) { "facebook/opt-66b: opt-66b, opt-xxxxl" },
    Shape(32, 32, 4096, parameters: 6_738_415_616) {
        """
        meta-llama/Llama-2-7b-hf: Llama-2-7b
        meta-llama/Llama-2-7b-chat-hf: Llama-2-7b-chat
        codellama/CodeLlama-7b-Python-hf: CodeLlama-7b-python
        """
    },
    Shape(32, 32, 4096, parameters: 6_738_546_688) {
        """
        codellama/CodeLlama-7b-hf: CodeLlamallama-2-7b
        codellama/CodeLlama-7b-Instruct-hf: CodeLlama-7b-instruct
        """
    },
    Shape(40, 40, 5120, parameters: 13_015_864_320) {
        """
        meta-llama/Llama-2-13b-hf: Llama-2-13b
        meta-llama/Llama-2-13b-chat-hf: Llama-2-13b-chat
        """
    },
    Shape(80, 64, 8192, parameters: 68_976_648_192) {
        """
        meta-llama/Llama-2-70b-chat-hf: Llama-2-70b-chat, meta-llama-2-70b-chat-hf
        """
    },
    Shape(32, 32, 4096, parameters: 8_030_261_248) {
        """
        meta-llama/Meta-Llama-3-8B
        meta-llama/Meta-Llama-3-8B-Instruct
        meta-llama/Llama-3.1-8B
        meta-llama/Llama-3.1-8B-Instruct
        """
    },
    Shape(80, 64, 8192, parameters: 70_553_706_496) {
        """
        meta-llama/Meta-Llama-3-70B
        meta-llama/Meta-Llama-3-70B-Instruct
        meta-llama/Llama-3.1-70B
        meta-llama/Llama-3.1-70B-Instruct
        meta-llama/Llama-3.3-70B-Instruct
        """
    },
    Shape(16, 32, 2048, parameters: 1_235_814_400) {
        """
        meta-llama/Llama-3.2-1B
        meta-llama/Llama-3.2-1B-Instruct
        """
    },
    Shape(28, 24, 3072, parameters: 3_212_749_824) {
        """
        meta-llama/Llama-3.2-3B
        meta-llama/Llama-3.2-3B-Instruct
        """
    },
    Shape(22, 32, 2048, parameters: 1_100_048_384) {
        """
        TinyLlama/TinyLlama_v1.1: tinyllama
        TinyLlama/TinyLlama-1.1B-Chat-v1.0: tinyllama-chat
        """
    },
    Shape(30, 9, 576, parameters: 134_515_008) {
        """
        HuggingFaceTB/SmolLM-135M: smollm-135m
        HuggingFaceTB/SmolLM2-135M: smollm2-135m
        """
    },
    Shape(32, 15, 960, parameters: 361_821_120) {
        """
        HuggingFaceTB/SmolLM-360M: smollm-360m
        HuggingFaceTB/SmolLM2-360M: smollm2-360m
        """
    },
    Shape(24, 32, 2048, parameters: 1_711_376_384) {
        """
        HuggingFaceTB/SmolLM-1.7B: smollm-1.7b
        HuggingFaceTB/SmolLM2-1.7B: smollm2-1.7b
        """
    },
    Shape(32, 32, 4096, parameters: 7_241_732_096) {
        """
        mistralai/Mistral-7B-v0.1: mistral-7b
        mistralai/Mistral-7B-Instruct-v0.1: mistral-7b-instruct
        """
    },
    Shape(40, 32, 5120, parameters: 12_247_782_400) {
        """
        mistralai/Mistral-Nemo-Base-2407: mistral-nemo-base-2407
        """
    },
    Shape(40, 32, 5120, parameters: 23_572_403_200) { "mistralai/Mistral-Small-24B-Base-2501" },
    Shape(24, 16, 1024, parameters: 463_987_712) {
        """
        Qwen/Qwen1.5-0.5B: qwen1.5-0.5b
        Qwen/Qwen1.5-0.5B-Chat: qwen1.5-0.5b-chat
        """
    },
    Shape(24, 16, 2048, parameters: 1_836_828_672) {
        """
        Qwen/Qwen1.5-1.8B: qwen1.5-1.8b
        Qwen/Qwen1.5-1.8B-Chat: qwen1.5-1.8b-chat
        """
    },
    Shape(40, 20, 2560, parameters: 3_950_369_280) {
        """
        Qwen/Qwen1.5-4B: qwen1.5-4b
        Qwen/Qwen1.5-4B-Chat: qwen1.5-4b-chat
        """
    },
    Shape(32, 32, 4096, parameters: 7_721_324_544) {
        """
        Qwen/Qwen1.5-7B: qwen1.5-7b
        Qwen/Qwen1.5-7B-Chat: qwen1.5-7b-chat
        """
    },
    Shape(40, 40, 5120, parameters: 14_167_290_880) {
        """
        Qwen/Qwen1.5-14B: qwen1.5-14b
        Qwen/Qwen1.5-14B-Chat: qwen1.5-14b-chat
        """
    },
    Shape(24, 14, 896, parameters: 494_032_768) {
        """
        Qwen/Qwen2-0.5B: qwen2-0.5b
        Qwen/Qwen2-0.5B-Instruct: qwen2-0.5b-instruct
        Qwen/Qwen2.5-0.5B: qwen2.5-0.5b
        Qwen/Qwen2.5-0.5B-Instruct: qwen2.5-0.5b-instruct
        """
    },
    Shape(28, 12, 1536, parameters: 1_543_714_304) {
        """
        Qwen/Qwen2-1.5B: qwen2-1.5b
        Qwen/Qwen2-1.5B-Instruct: qwen2-1.5b-instruct
        Qwen/Qwen2.5-1.5B: qwen2.5-1.5b
        Qwen/Qwen2.5-1.5B-Instruct: qwen2.5-1.5b-instruct
        """
    },
    Shape(28, 28, 3584, parameters: 7_615_616_512) {
        """
        Qwen/Qwen2-7B: qwen2-7b
        Qwen/Qwen2-7B-Instruct: qwen2-7b-instruct
        Qwen/Qwen2.5-7B: qwen2.5-7b
        Qwen/Qwen2.5-7B-Instruct: qwen2.5-7b-instruct
        """
    },
    Shape(36, 16, 2048, parameters: 3_085_938_688) {
        """
        Qwen/Qwen2.5-3B: qwen2.5-3b
        Qwen/Qwen2.5-3B-Instruct: qwen2.5-3b-instruct
        """
    },
    Shape(48, 40, 5120, parameters: 14_770_033_664) {
        """
        Qwen/Qwen2.5-14B: qwen2.5-14b
        Qwen/Qwen2.5-14B-Instruct: qwen2.5-14b-instruct
        """
    },
    Shape(64, 40, 5120, parameters: 32_763_876_352) {
        """
        Qwen/Qwen2.5-32B: qwen2.5-32b
        Qwen/Qwen2.5-32B-Instruct: qwen2.5-32b-instruct
        Qwen/QwQ-32B-Preview: qwen-32b-preview
        """
    },
    Shape(80, 64, 8192, parameters: 72_706_203_648) {
        """
        Qwen/Qwen2.5-72B: qwen2.5-72b
        Qwen/Qwen2.5-72B-Instruct: qwen2.5-72b-instruct
        """
    },
    Shape(28, 16, 1024, parameters: 596_049_920) {
        """
        Qwen/Qwen3-0.6B: qwen3-0.6b
        Qwen/Qwen3-0.6B-Base: qwen3-0.6b-base
        """
    },
    Shape(28, 16, 2048, parameters: 1_720_574_976) { "Qwen/Qwen3-1.7B: qwen3-1.7b" },
    Shape(36, 32, 2560, parameters: 4_022_468_096) { "Qwen/Qwen3-4B: qwen3-4b" },
    Shape(36, 32, 4096, parameters: 8_190_735_360) { "Qwen/Qwen3-8B: qwen3-8b" },
    Shape(40, 40, 5120, parameters: 14_768_307_200) { "Qwen/Qwen3-14B: qwen3-14b" },
    Shape(24, 32, 2048, parameters: 1_418_270_720) {
        """
        microsoft/phi-1: phi-1
        microsoft/phi-1_5: phi-1_5
        """
    },
    Shape(32, 32, 2560, parameters: 2_779_683_840) { "microsoft/phi-2: phi-2" },
    Shape(18, 4, 640, parameters: 268_098_176) {
        """
        google/gemma-3-270m: gemma-3-270m
        google/gemma-3-270m-it: gemma-3-270m-it
        """
    },
    Shape(26, 4, 1152, parameters: 999_885_952) {
        """
        google/gemma-3-1b-pt: gemma-3-1b, gemma-3-1b-pt
        google/gemma-3-1b-it: gemma-3-1b-it
        """
    },
    Shape(16, 16, 2048, parameters: 1_484_916_736) { "allenai/OLMo-2-0425-1B: olmo-2-1b" },
    Shape(32, 32, 4096, parameters: 7_298_617_344) { "allenai/OLMo-2-1124-7B: olmo-2-7b" },
]
