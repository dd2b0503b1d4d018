// Figures of training and curvature, for the tests that go through all kinds and for their own tests.

@testable import Figures

extension Samples {
    static let transition = TransitionInterval(low: 50, high: 200, midpoint: 100)

    /// Values at steps 0, 10, 50, 100, 200 and 400.
    static func series(_ values: Double?...) -> StepSeries {
        StepSeries(steps: Array([0, 10, 50, 100, 200, 400].prefix(values.count)), values: values)
    }

    /// The loss has a gap; curvature is evaluated twice; no in-context-learning score was tracked.
    static let phase = PhaseTransition(
        title: title,
        loss: series(4, 3.9, nil, 2.5, 1.9, 1.8),
        patternAccuracy: series(0.02, 0.02, 0.1, 0.5, 0.9, 0.98),
        randomAccuracy: series(0.02, 0.01, 0.03, 0.02, 0.02, 0.02),
        inductionScore: series(0.03, 0.04, 0.1, 0.4, 0.7, 0.8),
        previousTokenScore: series(0.1, 0.1, 0.4, 0.7, 0.85, 0.9),
        largestEigenvalue: StepSeries(steps: [0, 100], values: [2, 120]),
        smallestEigenvalue: StepSeries(steps: [0, 100], values: [-0.05, -9]),
        gradientAlignment: StepSeries(steps: [0, 100], values: [0.08, 0.61]),
        transition: transition
    )

    /// Three ranks at the top, of which the third is found once, and one at the bottom. One bound is large.
    static let eigenvalueEvolution = EigenvalueEvolution(
        title: title,
        evaluations: [
            .init(
                step: 10,
                top: [.init(value: 8, residual: 0.01), .init(value: 5, residual: 0.02)],
                bottom: [.init(value: -2, residual: 0.001)]
            ),
            .init(
                step: 100,
                top: [.init(value: 10, residual: 0.01), .init(value: nil), .init(value: 4, residual: 3)],
                bottom: [.init(value: -3)]
            ),
            .init(
                step: 400,
                top: [.init(value: 9, residual: 0.01), .init(value: 6, residual: 0.02)],
                bottom: [.init(value: -2.5)]
            ),
        ],
        transition: transition
    )

    /// Step 100 lies in the transition. The bulk has a thousandth of the outliers' size.
    static let spectralDensity = SpectralDensity(
        title: title,
        ridges: [
            .init(
                step: 0,
                eigenvalues: [-1, -0.01, 0, 0.01, 1, 5, 10],
                density: [0, 20, 40, 20, 0, 0, 0.001],
                outliers: [10, -1, nil]
            ),
            .init(
                step: 100,
                eigenvalues: [-1, -0.01, 0, 0.01, 1, 5, 10],
                density: [0.001, 10, 30, 10, nil, 0.01, 0],
                outliers: [5]
            ),
        ],
        transition: transition
    )

    /// Heads end at 0.9, 0.1, 0.5 and without a value.
    static func heads(highlighted: Int, layout: HeadEvolution.Layout = .overlay) -> HeadEvolution {
        HeadEvolution(
            title: title,
            valueName: "induction score",
            heads: [
                .init(layer: 0, head: 0, series: series(0.03, 0.02, 0.1)),
                .init(layer: 1, head: 0, series: series(0.1, 0.2, 0.6, 0.7, 0.5)),
                .init(layer: 1, head: 1, series: series(0.02, 0.1, 0.3, 0.8, 0.9, nil)),
                .init(layer: 1, head: 2, series: series(nil, .nan)),
            ],
            range: 0...1,
            highlighted: highlighted,
            layout: layout,
            transition: transition
        )
    }

    static func run(_ name: String, _ condition: String?, found: Bool) -> SeedOverlay.Run {
        .init(
            name: name,
            condition: condition,
            series: series(0.03, 0.04, 0.1, found ? 0.5 : 0.1, found ? 0.8 : 0.1),
            transition: found ? transition : nil
        )
    }

    /// Two conditions, their runs mixed.
    static let seeds = SeedOverlay(
        title: title,
        valueName: "induction score",
        runs: [
            run("seed 1", "two layers", found: true), run("seed 1", "one layer", found: false),
            run("seed 2", "two layers", found: true),
        ],
        range: 0...1
    )

    static let training: [(name: String, figure: any Figure)] = [
        ("phase transition", phase), ("eigenvalue evolution", eigenvalueEvolution),
        ("spectral density", spectralDensity), ("heads", heads(highlighted: 2)),
        ("heads by layer", heads(highlighted: 2, layout: .layers)), ("seeds", seeds),
    ]
}
