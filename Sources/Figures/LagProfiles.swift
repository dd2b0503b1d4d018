// One model's profile by the distance between a token and its earlier copy.
//
// Two buckets share a plot. More stand in a plot each, on the same axes, with the other buckets as thin grey
// lines. The buckets come from the same prompts and patterns, so their intervals are not independent, and a
// bucket with few pairs has a wide one: the number of pairs stands beside each.

import Foundation

/// A value per layer for several buckets of lags.
public struct LagProfiles: Figure, Equatable {
    /// The profile over the copies of some range of lags.
    public struct Bucket: Equatable, Sendable {
        /// The profile, with the bucket's name: `lag 1–8`, say.
        public var curve: LayerCurve
        /// Copies that the profile is a mean over.
        public var pairCount: Int

        /// A profile over `pairCount` copies.
        public init(curve: LayerCurve, pairCount: Int) {
            self.curve = curve
            self.pairCount = pairCount
        }

        var label: String {
            let pairs = pairCount == 1 ? "1 pair" : "\(ValueScale.grouped(pairCount)) pairs"
            return "\(CurvePlot.label(curve.name)), \(pairs)"
        }
    }

    /// How the buckets stand together.
    public enum Layout: Equatable, Sendable {
        /// All in one plot.
        case overlay
        /// A plot each, on the same axes.
        case panels
    }

    /// What stands above the figure: what is measured, on which model and prompts.
    public var title: FigureTitle
    /// What a value is, with its unit: the axis title.
    public var valueName: String
    /// The buckets, from short to long.
    public var buckets: [Bucket]
    /// How the buckets stand together.
    public var layout: Layout
    /// What the bands are: a line of the subtitle.
    public var intervals: String

    /// Profiles by lag; without a `layout`, up to two buckets share a plot and more have one each.
    ///
    /// - Parameters:
    ///   - intervals: method, level and sampling unit of the bands.
    /// - Precondition: at least one bucket; all have the same number of layers.
    public init(
        title: FigureTitle,
        valueName: String,
        buckets: [Bucket],
        intervals: String,
        layout: Layout? = nil
    ) {
        precondition(!buckets.isEmpty, "Profiles by lag need at least one bucket.")
        LayerCurve.check(buckets.map(\.curve))
        self.title = title
        self.valueName = valueName
        self.buckets = buckets
        self.intervals = intervals
        self.layout = layout ?? (buckets.count > 2 ? .panels : .overlay)
    }

    /// The specification of the picture.
    public var spec: Spec {
        let view = layout == .overlay ? overlay : panels
        return Spec(
            description: title.description(
                "\(valueName.onOneLine) by layer for \(buckets.count) ranges of lags; \(intervals.onOneLine)"
            ),
            view: view
        )
    }

    private var overlay: View {
        let labels = buckets.map(\.label)
        let plot = CurvePlot(
            valueName: valueName,
            curves: buckets.map(\.curve),
            labels: labels,
            width: CurvePlot.width(besideLabels: labels),
            height: CurvePlot.height(besideLabels: labels),
            readsDepth: true
        )
        var view = plot.view
        view.title = title.view(
            width: plot.totalWidth,
            notes: [intervals, "Rings mark the peaks"] + plot.notes
        )
        return view
    }

    private var panels: View {
        let columns = buckets.count == 4 ? 2 : min(3, buckets.count)
        let gap = 22.0
        let width = ((560 - gap * Double(columns - 1)) / Double(columns)).rounded(.down)
        let height = 140.0
        let curves = buckets.map(\.curve)
        let domain = CurvePlot.valueDomain(of: curves, room: CurvePlot.peakRoom / height)
        let views = buckets.enumerated().map { index, bucket in
            let plot = CurvePlot(
                valueName: valueName,
                curves: [bucket.curve],
                context: curves.enumerated().filter { $0.offset != index }.map(\.element),
                peaks: .labelled,
                width: width,
                height: height,
                firstStyle: index,
                styleCount: buckets.count,
                namesDepth: index + columns >= buckets.count,
                namesValues: index % columns == 0,
                sharedDomain: domain
            )
            var view = plot.view
            view.title = View.Title(
                text: FigureTitle.wrapped(bucket.label, columns: Int(width / 6)),
                anchor: "start",
                frame: "group",
                fontSize: 11,
                offset: 6
            )
            return view
        }
        var view = View.grid(views, columns: columns, spacing: gap)
        view.title = title.view(
            width: 620,
            notes: [intervals, "Named: each range's peak. Thin grey lines: the other ranges"]
        )
        return view
    }
}
