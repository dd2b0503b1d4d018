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

    static let intervals = "Bands: 95% over prompts"

    static let small = LayerCurve(name: "small", means: [0.1, 0.62], low: [0.05, 0.5], high: [0.2, 0.71])

    /// The middle layer has no value.
    static let large = LayerCurve(name: "large", means: [0.3, nil, 0.2])

    /// A curve that rises to `top` at `peak` and falls, with an interval of unequal arms.
    static func curve(_ name: String, layers: Int, peak: Int, top: Double = 0.6) -> LayerCurve {
        let means = (0..<layers).map { top / Double(1 + abs($0 - peak)) }
        return LayerCurve(name: name, means: means, low: means.map { $0 * 0.8 }, high: means.map { $0 * 1.1 })
    }

    static let profile = LayerProfile(
        title: title,
        valueName: "induction score",
        curve: curve("mean of heads", layers: 5, peak: 3),
        null: LayerCurve(
            name: "shuffled antecedent",
            means: [0.02, 0.03, 0.04, 0.03, 0.02],
            low: [0, 0.01, 0.02, 0.01, 0],
            high: [0.05, 0.06, 0.08, 0.06, 0.05]
        ),
        intervals: intervals
    )

    static let overlay = ProfileOverlay(
        title: title,
        valueName: "induction score",
        curves: [small, large],
        intervals: intervals
    )

    static let nulls = NullsFigure(
        title: title,
        valueName: "induction score",
        observed: LayerCurve(
            name: "observed",
            means: [0.05, 0.4, 0.2],
            low: [0.04, 0.3, 0.1],
            high: [0.07, 0.5, 0.4]
        ),
        shuffled: LayerCurve(
            name: "shuffled antecedent",
            means: [0.03, 0.04, 0.02],
            low: [0.01, 0.02, 0],
            high: [0.04, 0.06, 0.05]
        ),
        countName: "Heads above the 0.90 quantile of all 24 heads",
        counts: [0, 3, 1],
        permuted: LayerCurve(
            name: "permuted heads",
            means: [0.8, 0.8, 0.8],
            low: [0, 0, 0],
            high: [2, 2, 2]
        ),
        intervals: "Bands, 95%: over prompts; 1000 shuffles; exact"
    )

    static func lags(_ count: Int, layout: LagProfiles.Layout? = nil) -> LagProfiles {
        LagProfiles(
            title: title,
            valueName: "induction score A[t, s+1]",
            buckets: (0..<count).map { index in
                .init(
                    curve: curve("lag \(index)", layers: 6, peak: (index * 2 + 1) % 5),
                    pairCount: index == 0 ? 1 : index * 1234
                )
            },
            intervals: intervals,
            layout: layout
        )
    }

    static let causal = CausalDelta(
        title: title,
        headsName: "top 3 heads",
        drawsName: "random heads",
        outcomes: [
            .init(
                name: "copy accuracy",
                base: 0.9,
                ablated: 0.5,
                interval: -0.45 ... -0.33,
                draws: [0.88, 0.91, 0.9, 0.84],
                drawsMedian: -0.01,
                drawsRange: -0.06...0.01,
                p: 0.2
            ),
            .init(name: "loss (nats)", base: 0.4, ablated: 1.9, draws: [0.41], drawsMedian: 0.01),
        ],
        intervals: "95% over prompts; bar: 95% of draws"
    )

    /// One figure of every kind, by name.
    static let all: [(name: String, figure: any Figure)] =
        [
            ("heatmap", heatmap), ("signed heatmap", signedHeatmap), ("bars", bars),
            ("attention", attention(hostileTokens)), ("patterns", patterns), ("profile", profile),
            ("overlay", overlay), ("nulls", nulls), ("two lags", lags(2)), ("many lags", lags(5)),
            ("causal", causal),
        ] + causes + training
}
