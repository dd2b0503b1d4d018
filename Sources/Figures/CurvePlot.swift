// The plot that every figure over depth shows, alone or several times: curves with bands over the layers.
//
// x: the layer, or relative depth l / (L - 1), which lets models of different depth share an axis.
// y: from zero (or below it, where values are negative) to a round number. A layer without a value breaks line
// and band; a layer between two such is drawn as a bar. Curves are named at their right end, not in a
// legend; colour, dash and point shape all tell them apart. A null is grey and lies under the curves.

import Foundation

/// Curves, a null below them and names beside them, in one plot of a given size.
struct CurvePlot {
    enum Depth {
        /// Layer numbers.
        case layer
        /// First layer 0, last layer 1.
        case relative
        /// Rows of the residual stream: the embedding, then after each block.
        case block
    }

    /// A named line across the plot at one layer.
    struct LayerMark {
        var place: Int
        var text: String
    }

    enum Form {
        /// A line through the values.
        case line
        /// A stem from zero to each value, filled where it lies outside the null's band: for counts.
        case stems
    }

    enum Peaks {
        case unmarked
        /// A ring around each curve's largest value.
        case ringed
        /// A ring, and above the only curve the layer, its relative depth and the value.
        case labelled
        /// A ring with the curve's number, counted from one, which its name repeats.
        case numbered
    }

    /// What stands along the value axis.
    var valueName: String
    var curves: [LayerCurve]
    /// A text per curve, at its right end; none for a plot whose title names its curve.
    var labels: [String] = []
    /// Drawn in grey below the curves and named at its right end, if curves are.
    var null: LayerCurve?
    /// Drawn as thin grey lines: the same axes' other curves.
    var context: [LayerCurve] = []
    var depth = Depth.layer
    var form = Form.line
    var peaks = Peaks.ringed
    var marked: LayerMark?
    var width: Double
    var height = 260.0
    /// Which of how many looks the first curve has, where several plots share them.
    var firstStyle = 0
    var styleCount: Int?
    /// Relative depth along the top, where the bottom has layers.
    var readsDepth = false
    /// Whether the numbers and titles of the axes are drawn.
    var namesDepth = true
    var namesValues = true
    /// The values that the axis reaches, where several plots share it; nil for those of this plot.
    var sharedDomain: ClosedRange<Double>?

    static let labelStep = 15.0
    /// Height kept free above the curves for the name of the peak.
    static let peakRoom = 27.0
    /// Height kept free above the curves for the name of the marked layer.
    static let markRoom = 18.0

    /// Width of a plot whose figure, with axis and names, keeps to a column of print.
    static func width(besideLabels labels: [String]) -> Double {
        let longest = labels.map(\.count).max() ?? 0
        return min(max(515 - Theme.width(ofCharacters: longest), 300), 420)
    }

    /// A plot with room for `labels` on its right, a step each.
    static func height(besideLabels labels: [String]) -> Double { max(260, labelStep * Double(labels.count)) }

    /// A curve's name as the plots print it. Names of hosted models have up to about 40 characters.
    static func label(_ name: String) -> String { TokenLabel.shortened(name, limit: 44) }

    /// The number of pixels that plot, value axis and names take from side to side.
    var totalWidth: Double {
        let texts = labels + [labels.isEmpty ? nil : null.map { Self.label($0.name) }].compactMap(\.self)
        return width + 62 + (texts.isEmpty ? 0 : 23)
            + Theme.width(ofCharacters: texts.map(\.count).max() ?? 0)
    }

    /// What the reader has to know beyond the marks: which names have no curve.
    var notes: [String] {
        let empty = zip(curves, labels).filter { curve, _ in curve.drawn.isEmpty }.map(\.1)
        return empty.isEmpty ? [] : ["Without a value: " + empty.joined(separator: "; ")]
    }

    /// The plot, without a title.
    var view: View {
        var layers = context.isEmpty ? [] : [contextLayer]
        if null != nil { layers.append(nullLayer) }
        layers += markLayers + bands(color: nil) + lines + peakLayers
        if !labels.isEmpty { layers += labelLayers }
        var view = View.layered(
            layers,
            data: rows,
            encoding: Encoding(color: identity(Palette.categories.map { .text($0) })),
            width: width,
            height: height
        )
        // Two layers carry the depth axes; under a shared axis the others' `null` would remove them.
        view.resolve = View.Resolve(axis: ["x": "independent"])
        return view
    }

    // MARK: Places

    private var all: [LayerCurve] { curves + context + [null].compactMap(\.self) }

    var lastLayer: Int { (all.map(\.layerCount).max() ?? 1) - 1 }

    func place(of layer: Int, in curve: LayerCurve) -> Double {
        depth == .relative ? curve.relativeDepth(of: layer) : Double(layer)
    }

    /// The values that the axis reaches.
    var valueDomain: ClosedRange<Double> { sharedDomain ?? Self.valueDomain(of: all, room: topRoom) }

    private var topRoom: Double {
        peaks == .labelled ? Self.peakRoom / height : (marked == nil ? 0 : Self.markRoom / height)
    }

    /// A round range that holds zero and all values and leaves a share `room` free at the top.
    static func valueDomain(of curves: [LayerCurve], room: Double) -> ClosedRange<Double> {
        let values = curves.flatMap(\.drawn)
        let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
        let round = PlotLayout.roundDomain(low...high)
        return round.lowerBound...max(round.upperBound, (high - round.lowerBound * room) / (1 - room))
    }

    var showsRelativeDepth: Bool { readsDepth && depth == .layer && lastLayer > 0 }

    // MARK: Rows

    /// A row per curve and layer.
    private var rows: [Row] {
        curves.enumerated().flatMap { index, curve in rows(of: curve, series: "\(index + firstStyle)") }
    }

    func rows(of curve: LayerCurve, series: String) -> [Row] {
        let peak = curve.peak?.layer
        return curve.means.indices.map { layer in
            let band = curve.band(layer)
            return [
                "series": .text(series), "name": .text(curve.name.onOneLine), "layer": DataValue(layer),
                "depth": .measured(place(of: layer, in: curve)), "mean": .measured(curve.mean(layer)),
                "low": .measured(band?.lowerBound), "high": .measured(band?.upperBound),
                "alone": .flag(isAlone(layer) { curve.band($0) != nil }),
                "dot": .flag(hasDot(layer, of: curve, peak: peak)),
                "peak": .flag(layer == peak && peaks != .unmarked),
                "inside": .flag(curve.mean(layer).map { null?.band(layer)?.contains($0) == true } ?? false),
            ]
        }
    }

    /// Whether nothing on either side lets a band or line pass through this layer.
    private func isAlone(_ layer: Int, _ isDefined: (Int) -> Bool) -> Bool {
        isDefined(layer) && !isDefined(layer - 1) && !isDefined(layer + 1)
    }

    /// Points tell curves apart; a deep model's, or many models', would hide the lines.
    private func hasDot(_ layer: Int, of curve: LayerCurve, peak: Int?) -> Bool {
        let most = curves.count > 4 ? 10 : (width < 300 ? 12 : 24)
        let stride = form == .stems ? 1 : max(1, (curve.layerCount + most - 1) / most)
        return layer % stride == 0 || layer == curve.layerCount - 1 || layer == peak
            || isAlone(layer) { curve.mean($0) != nil }
    }
}
