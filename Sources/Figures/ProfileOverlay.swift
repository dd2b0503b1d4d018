// The profiles of several models over relative depth.
//
// x: relative depth l / (L - 1), so that models of different depth share an axis. Equal relative depth is
// not equal computation, and `topq` over more heads is larger by chance alone: models with different numbers
// of heads are compared by an equal-number estimator, which the caller computes and names.

import Foundation

/// A value per layer for several models, each named at its right end with the place of its peak.
public struct ProfileOverlay: Figure, Equatable {
    /// What stands above the figure: what is measured, on which prompts.
    public var title: FigureTitle
    /// What a value is, with its unit: the axis title.
    public var valueName: String
    /// A curve per model, of any number of layers each.
    public var curves: [LayerCurve]
    /// What the bands are: a line of the subtitle.
    public var intervals: String

    /// Profiles on one axis. Up to twelve curves differ in dash and point shape alone, without colour.
    ///
    /// - Parameters:
    ///   - intervals: method, level and sampling unit of the bands.
    /// - Precondition: at least one curve.
    public init(title: FigureTitle, valueName: String, curves: [LayerCurve], intervals: String) {
        precondition(!curves.isEmpty, "An overlay of profiles needs at least one curve.")
        self.title = title
        self.valueName = valueName
        self.curves = curves
        self.intervals = intervals
    }

    /// The specification of the picture.
    public var spec: Spec {
        let isNumbered = curves.count > 2
        let labels = curves.enumerated().map { index, curve in
            let name = (isNumbered ? "\(index + 1). " : "") + CurvePlot.label(curve.name)
            guard let peak = curve.peak else { return name }
            return "\(name), peak \(ValueScale.text(curve.relativeDepth(of: peak.layer), decimals: 2))"
        }
        let plot = CurvePlot(
            valueName: valueName,
            curves: curves,
            labels: labels,
            depth: .relative,
            peaks: isNumbered ? .numbered : .ringed,
            width: CurvePlot.width(besideLabels: labels),
            height: CurvePlot.height(besideLabels: labels)
        )
        var view = plot.view
        let notes = [intervals, "Rings mark the peaks; beside the names, their relative depth"]
        view.title = title.view(width: plot.totalWidth, notes: notes + plot.notes)
        return Spec(
            description: title.description(
                "\(valueName.onOneLine) by relative depth, \(curves.count) models; \(intervals.onOneLine)"
            ),
            view: view
        )
    }
}
