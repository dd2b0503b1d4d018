// A score by layer in one model: where in depth its heads sit.
//
// x: the layer, with relative depth l / (L - 1) along the top (none where L = 1). y: from zero to a round
// number. The largest value is ringed and named; where all layers are equal, none is. The peak of a `topq`
// curve is a maximum over layers of a maximum over heads: its interval shows spread, not where the true peak
// lies.

import Foundation

/// A value per layer of one model, with its interval and, below it, what a null gives.
public struct LayerProfile: Figure, Equatable {
    /// What stands above the figure: what is measured, on which model and prompts.
    public var title: FigureTitle
    /// What a value is, with its unit: the axis title.
    public var valueName: String
    /// The curve, named at its end.
    public var curve: LayerCurve
    /// What the same model gives without the effect: grey, below the curve.
    public var null: LayerCurve?
    /// What the bands are: the last line of the subtitle.
    public var intervals: String

    /// The profile of one model.
    ///
    /// - Parameters:
    ///   - intervals: method, level and sampling unit of the bands.
    /// - Precondition: `null`, where given, has as many layers as `curve`.
    public init(
        title: FigureTitle,
        valueName: String,
        curve: LayerCurve,
        null: LayerCurve? = nil,
        intervals: String
    ) {
        if let null { LayerCurve.check([curve, null]) }
        self.title = title
        self.valueName = valueName
        self.curve = curve
        self.null = null
        self.intervals = intervals
    }

    /// The specification of the picture.
    public var spec: Spec {
        let labels = [curve, null].compactMap { $0.map { CurvePlot.label($0.name) } }
        let plot = CurvePlot(
            valueName: valueName,
            curves: [curve],
            labels: [labels[0]],
            null: null,
            peaks: .labelled,
            width: CurvePlot.width(besideLabels: labels),
            readsDepth: true
        )
        var view = plot.view
        view.title = title.view(width: plot.totalWidth, notes: [intervals] + plot.notes)
        return Spec(
            description: title.description(
                "\(valueName.onOneLine) by layer, \(curve.layerCount) layers; \(intervals.onOneLine)"
            ),
            view: view
        )
    }
}

extension LayerCurve {
    /// Traps unless all curves have the same number of layers.
    static func check(_ curves: [LayerCurve]) {
        precondition(
            Set(curves.map(\.layerCount)).count == 1,
            "Curves of one model have the same number of layers; found \(curves.map(\.layerCount))."
        )
    }
}
