// A profile against its two nulls: does attention find what followed the earlier copy, and do the heads that
// do sit in particular layers?
//
// Above: the profile with its interval, and what the same patterns give when the antecedent is shuffled.
// Below: how many of a layer's heads exceed the score's quantile over all heads, and what exchangeable heads
// give (hypergeometric). Both bands hold for one layer at a time: of twenty layers, one is expected outside.

import Foundation

/// Observed profile and shuffled null, over heads per layer and permutation null.
public struct NullsFigure: Figure, Equatable {
    /// What stands above the figure: what is measured, on which model and prompts.
    public var title: FigureTitle
    /// What a value is, with its unit: the upper axis title.
    public var valueName: String
    /// The model's profile, `[layer]`.
    public var observed: LayerCurve
    /// The profile under shuffled antecedents: mean and band, `[layer]`.
    public var shuffled: LayerCurve
    /// Which heads are counted: the lower panel's title.
    public var countName: String
    /// Heads per layer above the quantile over all heads, `counts[layer]`.
    public var counts: [Int]
    /// Expected number and band when heads are exchangeable, `[layer]`.
    public var permuted: LayerCurve
    /// What the bands are: the last line of the subtitle.
    public var intervals: String

    /// A profile and its nulls.
    ///
    /// - Parameters:
    ///   - countName: such as `heads above the 0.90 quantile of all heads`.
    ///   - intervals: what each band is: method, level, sampling unit.
    /// - Precondition: `observed`, `shuffled`, `counts` and `permuted` have the same number of layers.
    public init(
        title: FigureTitle,
        valueName: String,
        observed: LayerCurve,
        shuffled: LayerCurve,
        countName: String,
        counts: [Int],
        permuted: LayerCurve,
        intervals: String
    ) {
        LayerCurve.check([observed, shuffled, permuted])
        precondition(
            counts.count == observed.layerCount,
            "There is a count a layer; found \(counts.count) for \(observed.layerCount) layers."
        )
        self.title = title
        self.valueName = valueName
        self.observed = observed
        self.shuffled = shuffled
        self.countName = countName
        self.counts = counts
        self.permuted = permuted
        self.intervals = intervals
    }

    /// The specification of the picture.
    public var spec: Spec {
        let labels = [observed, shuffled, permuted].map { CurvePlot.label($0.name) }
        let width = CurvePlot.width(besideLabels: labels)
        let profile = CurvePlot(
            valueName: valueName,
            curves: [observed],
            labels: [labels[0]],
            null: shuffled,
            peaks: .labelled,
            width: width,
            height: 230,
            readsDepth: true,
            namesDepth: false
        )
        let heads = CurvePlot(
            valueName: "heads",
            curves: [LayerCurve(name: "observed", means: counts.map(Double.init))],
            labels: ["observed (filled: outside)"],
            null: permuted,
            form: .stems,
            peaks: .unmarked,
            width: width,
            height: 90
        )
        var below = heads.view
        below.title = View.Title(
            text: FigureTitle.wrapped(countName, columns: Int(width / 6.4)),
            anchor: "start",
            frame: "group",
            fontSize: 11,
            offset: 8
        )
        var view = View.grid([profile.view, below], columns: 1, spacing: 16)
        view.align = "each"
        view.title = title.view(width: max(profile.totalWidth, heads.totalWidth), notes: [intervals])
        return Spec(
            description: title.description(
                """
                \(valueName.onOneLine) and number of \(countName.onOneLine) by layer, \
                \(observed.layerCount) layers, with null bands; \(intervals.onOneLine)
                """
            ),
            view: view
        )
    }
}
