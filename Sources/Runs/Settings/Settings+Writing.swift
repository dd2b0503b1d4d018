// Settings as YAML: the commented default that users start from, and the resolved settings of a run.
//
// Promises: reading back gives the same value; the order is fixed; every YAML reader takes the values the same way.

extension Settings {
    /// The defaults with an explanation of each: what `induct settings` prints.
    public static var commentedDefault: String { Settings().yaml(commented: true) }

    /// These settings: what a run keeps as config.yaml.
    public var yaml: String { yaml(commented: false) }

    private func yaml(commented: Bool) -> String {
        var text = Lines(isCommented: commented)
        text.comment(
            "Settings of induct. Put this file into the working directory as settings.yaml, or name it by"
        )
        text.comment("--settings. Whatever is left out is as here; flags win over it.")
        text.gap()
        text.comment("Model of commands that are not given one by --model: a name, an id on the hub, a path.")
        text.add("model", model.map(Lines.text) ?? "null")
        text.comment("Where to compute: auto, cpu, cuda, mps.")
        text.add("device", device.rawValue)
        text.comment("Type of weights and activations: float32, bfloat16, or float16, which is for GPUs.")
        text.add("dtype", dtype.rawValue)
        text.comment(
            "Most tokens of a prompt, BOS counted: longer ones are cut, shorter ones padded on the right."
        )
        text.add("seq_len", "\(sequenceLength)")
        text.comment("Prompts a forward pass: fewer take less memory.")
        text.add("batch_size", "\(batchSize)")
        text.comment("Seed of everything that is drawn at random.")
        text.add("seed", "\(seed)")
        text.gap()
        text.comment("How prompts are made.")
        text.section("prompts")
        text.comment("Number of prompts.")
        text.add("n_sequences", "\(prompts.count)")
        text.comment("Tokens of a made prompt, BOS counted; null: as many as seq_len above.")
        text.add("seq_len", prompts.sequenceLength.map { "\($0)" } ?? "null")
        text.comment("Distances of a token and its earlier copy; each prompt draws one of these.")
        text.add("lag_values", Lines.list(prompts.lags))
        text.comment("Shares of streams of letters (ABAB) and of names (NAMES).")
        text.add(
            "mix",
            "{ABAB: \(Lines.number(prompts.mix.abab)), NAMES: \(Lines.number(prompts.mix.names))}"
        )
        text.endSection()
        text.gap()
        text.comment("Statistics and causal tests.")
        text.section("evaluation")
        text.comment("A layer's value is the mean of its heads from this quantile up (0 to below 1).")
        text.add("quantile", Lines.number(evaluation.quantile))
        text.comment("Resamples of prompts behind each interval.")
        text.add("bootstrap_resamples", "\(evaluation.bootstrapResamples)")
        text.comment("How many of the top heads 'causal' cuts, one test for each number.")
        text.add("topk", Lines.list(evaluation.topK))
        text.comment("Random sets of heads that each of them is compared with.")
        text.add("random_draws", "\(evaluation.randomDraws)")
        return text.text
    }
}

/// YAML line by line.
private struct Lines {
    let isCommented: Bool
    private(set) var text = ""
    private var indent = ""

    init(isCommented: Bool) { self.isCommented = isCommented }

    mutating func add(_ key: String, _ value: String) { text += "\(indent)\(key): \(value)\n" }

    mutating func section(_ key: String) {
        text += "\(indent)\(key):\n"
        indent += "  "
    }

    mutating func endSection() { indent.removeLast(2) }

    mutating func comment(_ comment: String) {
        if isCommented { text += "\(indent)# \(comment)\n" }
    }

    mutating func gap() {
        if isCommented { text += "\n" }
    }

    static func list(_ values: [Int]) -> String {
        "[" + values.map(String.init).joined(separator: ", ") + "]"
    }

    /// Older readers take a number without a point for text.
    static func number(_ value: Double) -> String {
        let digits = "\(value)"
        guard let exponent = digits.firstIndex(of: "e"), !digits.contains(".") else { return digits }
        return digits[..<exponent] + ".0" + digits[exponent...]
    }

    /// Text in double quotes, so that no text is taken for something else; all but ASCII letters as escapes.
    static func text(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
