// What it costs to ablate the best heads, beside what it costs to ablate others drawn at random.
//
// x: the metric after ablation minus before, in the metric's own unit; zero is the base run. Above, the
// tested heads with their interval; below, every random draw with the draws' median and range. The metrics
// have axes of their own. Interval, median, range and p are the caller's: a figure computes no statistics.
// With B draws p cannot fall below 1 / (B + 1). An effect of ablation is not proof of a head's own function:
// later layers also lose their usual input.

import Foundation

/// Ablation of top heads against random draws, for one or more metrics.
public struct CausalDelta: Figure, Equatable {
    /// One metric.
    public struct Outcome: Equatable, Sendable {
        /// The metric with its unit: `copy accuracy`, `loss (nats)`.
        public var name: String
        /// The metric of the base run.
        public var base: Double
        /// The metric with the tested heads ablated.
        public var ablated: Double
        /// Ends of the interval of `ablated - base`.
        public var interval: ClosedRange<Double>?
        /// `draws[draw] - base` is a random draw's effect: the metric with its heads ablated.
        public var draws: [Double]
        /// Median of `draw - base` over draws.
        public var drawsMedian: Double
        /// The range of `draw - base` that holds 95% of draws; nil where there are too few.
        public var drawsRange: ClosedRange<Double>?
        /// The p-value of the tested heads' effect among the draws.
        public var p: Double?

        /// The outcome of one metric.
        ///
        /// - Precondition: every number is finite, and there is at least one draw.
        public init(
            name: String,
            base: Double,
            ablated: Double,
            interval: ClosedRange<Double>? = nil,
            draws: [Double],
            drawsMedian: Double,
            drawsRange: ClosedRange<Double>? = nil,
            p: Double? = nil
        ) {
            precondition(!draws.isEmpty, "“\(name)” needs at least one random draw.")
            let ends = [interval, drawsRange].flatMap { [$0?.lowerBound, $0?.upperBound] }.compactMap(\.self)
            let all = [base, ablated, drawsMedian] + draws + ends + [p].compactMap(\.self)
            precondition(all.allSatisfy(\.isFinite), "Every number of “\(name)” is finite; found \(all).")
            self.name = name
            self.base = base
            self.ablated = ablated
            self.interval = interval
            self.draws = draws
            self.drawsMedian = drawsMedian
            self.drawsRange = drawsRange
            self.p = p
        }

        var delta: Double { ablated - base }
        var drawDeltas: [Double] { draws.map { $0 - base } }
    }

    /// What stands above the figure: the ablation, the heads, the model and prompts.
    public var title: FigureTitle
    /// The tested heads: `top 3 heads`.
    public var headsName: String
    /// What the draws are: `3 random heads of the same layers`.
    public var drawsName: String
    /// A panel per metric.
    public var outcomes: [Outcome]
    /// What the interval of the tested heads and the range of the draws are: a line of the subtitle.
    public var intervals: String

    /// Effects of ablation, a panel per metric.
    ///
    /// - Precondition: at least one outcome.
    public init(
        title: FigureTitle,
        headsName: String,
        drawsName: String,
        outcomes: [Outcome],
        intervals: String
    ) {
        precondition(!outcomes.isEmpty, "A figure of ablations needs at least one metric.")
        self.title = title
        self.headsName = headsName
        self.drawsName = drawsName
        self.outcomes = outcomes
        self.intervals = intervals
    }

    /// The specification of the picture.
    public var spec: Spec {
        let rows = [headsName, drawsName].map { TokenLabel.shortened($0, limit: 40) }
        let names = rows.map { DataValue.text($0) }
        let labelWidth = Theme.width(ofCharacters: rows.map(\.count).max() ?? 0, fontSize: Theme.fontSize - 1)
        let width = min(max(440 - labelWidth, 230), 320)
        var view = View.grid(
            outcomes.map { CausalPanel(outcome: $0, width: width).view },
            columns: 1,
            spacing: 26
        )
        view.align = "each"
        view.title = title.view(width: width + labelWidth + 190, notes: [intervals] + pValues)
        return Spec(
            description: title.description(
                """
                Change of \(outcomes.map(\.name.onOneLine).joined(separator: " and ")) by ablation of \
                \(headsName.onOneLine) and of \(drawsName.onOneLine); \(intervals.onOneLine)
                """
            ),
            params: [.init(name: CausalPanel.namesParameter, value: .list(names))],
            view: view
        )
    }

    /// The p-values, in a line; none where no outcome has one.
    private var pValues: [String] {
        let texts = outcomes.compactMap { outcome in
            outcome.p.map { p in
                let value = ValueScale.text(p, decimals: ValueScale.decimals(for: 0...max(p, 0)))
                let draws = outcome.draws.count == 1 ? "1 draw" : "\(outcome.draws.count) draws"
                return "\(outcome.name.onOneLine) p = \(value) (\(draws))"
            }
        }
        return texts.isEmpty ? [] : ["Against random draws: " + texts.joined(separator: ", ")]
    }
}
