// Figures of what heads cause, for the tests that go through all kinds and for their own tests.

@testable import Figures

extension Samples {
    static let histogram = Histogram(
        title: title,
        valueName: "improvement (nats)",
        values: [-0.5, 0.1, 0.2, 0.2, nil, 0.9, 1.1],
        mean: 0.31,
        median: 0.2
    )

    static let patched = PatchedBars(
        title: title,
        metricName: "logit difference",
        clean: .init(label: "clean", value: 4.2, low: 3.9, high: 4.6),
        corrupted: .init(label: "corrupted", value: -2.1, low: -2.5, high: -1.9),
        patched: [
            .init(layer: 5, head: 1, value: 1.4), .init(layer: 2, head: 0, value: .nan, low: 0, high: 1),
        ],
        intervals: "Whiskers: 95% over prompts"
    )

    /// Layer 1 lies on the threshold, layer 2 has no value, layer 3 no interval.
    static let layerBars = LayerBars(
        title: title,
        valueName: "recovery",
        layers: LayerCurve(
            name: "",
            means: [0.1, 0.5, nil, -0.2],
            low: [0.05, 0.4, 0, nil],
            high: [0.2, 0.58, 1, nil]
        ),
        threshold: .init(name: "high importance", value: 0.5),
        undefinedName: "no difference",
        intervals: "Whiskers: 95% over prompts"
    )

    static let positions = LayerPositionHeatmap(
        title: title,
        valueName: "recovery",
        tokens: ["A", " b", "A"],
        values: [[0.9, -0.2, 0.1], [0.3, .nan, -0.45]]
    )

    static let lensTable = LensTable(
        title: title,
        tokens: ["a", "b"],
        top: [
            [.init(token: " the", probability: 0.1), .init(token: "x", probability: nil)],
            [
                .init(token: "</script>", probability: 0.2),
                .init(token: "antidisestablishment", probability: 0.95),
            ],
        ]
    )

    /// Panel i has the values times i + 1.
    static func pairs(panels: Int) -> PairMatrix {
        PairMatrix(
            title: title,
            valueName: "path effect",
            senders: ["L0H0", "L0H1"],
            receivers: ["L1H0", "L1H1", "L1H2"],
            panels: (0..<panels).map { index in
                let factor = Double(index + 1)
                return .init(
                    title: "panel \(index)",
                    pairs: [
                        .init(sender: 0, receiver: 2, value: 0.9 * factor),
                        .init(sender: 1, receiver: 0, value: -0.1 * factor),
                        .init(sender: 1, receiver: 1, value: nil),
                    ]
                )
            }
        )
    }

    static let evolution = PredictionEvolution(
        title: title,
        tokens: [
            .init(token: " Mary", role: "answer", probabilities: [0.01, 0.1, nil, 0.71]),
            .init(token: "\n", probabilities: [0.3, 0.2, 0.1, 0.09]),
        ],
        convergence: 3
    )

    static let scatter = AgreementScatter(
        title: title,
        exactName: "exact effect",
        estimateName: "attribution",
        top: [
            .init(label: "L5H1", exact: 1.8, estimated: 1.2),
            .init(label: "L2H0", exact: -0.6, estimated: -0.7),
            .init(label: "L3H3", exact: nil, estimated: 0.8),
        ],
        sample: [
            .init(label: "L0H3", exact: 0.02, estimated: 0.01),
            .init(label: "L0H2", exact: 0.1, estimated: .infinity),
            .init(label: "L0H1", exact: -0.1, estimated: 0.2),
        ]
    )

    static let eigenvalues = EigenvaluePlane(
        title: title,
        panels: [
            .init(
                title: "L5H1, copying 0.90",
                eigenvalues: [
                    .init(real: 1.7, imaginary: 0), .init(real: 0.3, imaginary: 0.5),
                    .init(real: 0.3, imaginary: -0.5), .init(real: -0.2, imaginary: 0),
                ]
            ),
            .init(
                title: "L0H2",
                eigenvalues: [.init(real: -0.04, imaginary: 0), .init(real: .nan, imaginary: 1)]
            ),
        ]
    )

    static let scaling = ScalingPlot(
        title: title,
        series: [
            .init(
                name: "gpt2",
                points: [
                    .init(size: 144, measured: 2.1, predicted: 1.2),
                    .init(size: 24, measured: 0.31, predicted: 0.2),
                    .init(size: 48, measured: 0.64, predicted: 0.4),
                ]
            ),
            .init(name: "pythia-410m", points: [.init(size: 144, measured: 7.5)]),
        ],
        predictionName: "operations at 100 GFLOP/s"
    )

    static let causes: [(name: String, figure: any Figure)] = [
        ("histogram", histogram), ("patched bars", patched), ("layer bars", layerBars),
        ("positions", positions), ("lens table", lensTable), ("pairs", pairs(panels: 1)),
        ("three pairs", pairs(panels: 3)), ("evolution", evolution), ("scatter", scatter),
        ("eigenvalues", eigenvalues), ("scaling", scaling),
    ]
}
