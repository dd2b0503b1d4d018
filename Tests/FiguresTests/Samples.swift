// Figures of every kind for the tests that go through all of them, and tokens that try to break out.

@testable import Figures

enum Samples {
    /// Texts that mean something to JSON, HTML, XML, JavaScript, Vega expressions, or a text layout.
    static let hostileTokens = [
        "<|endoftext|>", " the", "\n", "\"", "\\", "\\u0000", "</script>", "<!--", "]]>", "&amp;",
        "'); alert(1)",
        "${datum}", "datum.value", "\u{0}", "\u{1b}[31m", "\u{202e}abc", "\u{200b}", "", " ", "\t",
        "日本", "e" + String(repeating: "\u{301}", count: 500), String(repeating: "long", count: 40),
        "\u{ffff}",
    ]

    static let title = FigureTitle("Title & <b>more</b>", subtitle: ["induct-2l, 64 prompts"])

    static let heatmap = HeadHeatmap(
        title: title,
        valueName: "induction score",
        values: [[0.01, 0.92, nil], [0.5, .nan, 0.25]]
    )

    static let signedHeatmap = HeadHeatmap(
        title: title,
        valueName: "Δ loss (nats)",
        values: [[-0.3, 0.11], [0.004, 0]],
        scale: .signed()
    )

    static let bars = RankedBars(
        title: title,
        valueName: "induction score",
        entries: [
            .init(layer: 0, head: 3, value: 0.2, low: 0.1, high: 0.35),
            .init(layer: 5, head: 1, value: 0.9, low: 0.85, high: 0.94),
            .init(layer: 2, head: 0, value: nil),
            .init(layer: 4, head: 7, value: 0.4),
        ]
    )

    /// A lower-triangular pattern whose rows sum to one and are all different.
    static func pattern(_ count: Int) -> [[Double]] {
        (0..<count).map { query in
            let weights = (0..<count).map { key in key > query ? 0 : 1 + Double((3 * key + 5 * query) % 7) }
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
    }

    static func attention(_ tokens: [String]) -> AttentionPattern {
        AttentionPattern(
            title: title,
            tokens: tokens,
            pattern: pattern(tokens.count),
            highlighted: tokens.count > 2 ? [.init(query: 2, key: 1)] : []
        )
    }

    static let patterns = AttentionPatterns(
        title: title,
        panels: (0..<3).map { index in
            .init(title: "L\(index)H2", tokens: ["a", "b", "a"], pattern: pattern(3))
        }
    )

    static let profile = LayerProfile(
        title: title,
        valueName: "induction score",
        series: [
            .init(
                name: "small",
                values: [.init(mean: 0.1, low: 0.05, high: 0.2), .init(mean: 0.62, low: 0.5, high: 0.71)]
            ),
            .init(name: "large", values: [.init(mean: 0.3), .init(mean: nil), .init(mean: 0.2)]),
        ],
        depth: .relative
    )

    /// One figure of every kind, by name.
    static let all: [(name: String, figure: any Figure)] = [
        ("heatmap", heatmap), ("signed heatmap", signedHeatmap), ("bars", bars),
        ("attention", attention(hostileTokens)), ("patterns", patterns), ("profile", profile),
    ]
}
