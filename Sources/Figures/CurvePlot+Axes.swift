// The channels of a plot of curves: depth, value, and what tells the curves apart.

import Foundation

extension CurvePlot {
    /// A channel that differs from curve to curve, without a legend.
    func identity(_ range: [DataValue]) -> Channel {
        let styles = 0..<(styleCount ?? curves.count)
        return Channel(
            field: "series",
            type: .nominal,
            scale: Scale(
                domain: styles.map { .text("\($0)") },
                range: styles.map { range[$0 % range.count] }
            ),
            legend: .removed
        )
    }

    /// The depth of a mark. Only the layers that carry the axes show one: the rest share its scale.
    func depthChannel(_ axis: Removable<Axis> = .removed, title: String? = nil) -> Channel {
        Channel(
            field: "depth",
            type: .quantitative,
            title: title.map { .shown($0) } ?? .removed,
            axis: axis,
            scale: Scale(domain: depthDomain, nice: false)
        )
    }

    /// Depth with the axis along the bottom.
    var bottomDepth: Channel {
        let title =
            switch depth {
            case .layer: "layer"
            case .relative: "relative depth (first layer 0, last layer 1)"
            case .block: "after block (0: the embedding)"
            }
        return depthChannel(
            .shown(
                Axis(
                    labels: namesDepth ? nil : false,
                    labelFlush: false,
                    values: depthTicks,
                    format: depth == .relative ? ".1f" : "d",
                    grid: false
                )
            ),
            title: namesDepth ? title : nil
        )
    }

    /// Depth with relative depth along the top, where it is asked for.
    var topDepth: Channel {
        guard showsRelativeDepth else { return depthChannel() }
        let places = [0, 0.25, 0.5, 0.75, 1]
        return depthChannel(
            .shown(
                Axis(
                    orient: "top",
                    labelExpr: "format(datum.value / \(lastLayer), '.2~f')",
                    labelFlush: false,
                    labelPadding: 2,
                    values: places.map { .number($0 * Double(lastLayer)) },
                    grid: false,
                    titlePadding: 4
                )
            ),
            title: "relative depth"
        )
    }

    /// A row of the residual stream in words.
    static func blockName(_ row: Int) -> String { row == 0 ? "embedding" : "after block \(row)" }

    private var depthDomain: [DataValue] {
        guard depth != .relative else { return [0, 1] }
        return lastLayer > 0 ? [0, DataValue(lastLayer)] : [-0.5, 0.5]
    }

    /// Whole layers only, as many as have room.
    private var depthTicks: [DataValue]? {
        guard depth != .relative else { return nil }
        let most = Int(width / 20)
        let step = [1, 2, 4, 5, 8, 10, 20].first { lastLayer / $0 <= most } ?? 50
        return stride(from: 0, through: lastLayer, by: step).map { DataValue($0) }
    }

    /// The text with fixed spaces inside brackets: a line break splits no `A[t, s+1]`.
    static func unbroken(_ text: String) -> String {
        var depth = 0
        return String(
            text.map { character in
                if character == "[" { depth += 1 }
                if character == "]" { depth -= 1 }
                return character == " " && depth > 0 ? "\u{a0}" : character
            }
        )
    }

    /// The value of a mark, with the axis along the left. Long titles are wrapped to the plot's height.
    func valueChannel(_ field: String) -> Channel {
        let domain = valueDomain
        let lines = FigureTitle.wrapped(Self.unbroken(valueName), columns: max(12, Int(height / 5.6)))
        return Channel(
            field: field,
            type: .quantitative,
            axis: .shown(
                Axis(
                    title: namesValues ? .shown(.list(lines.map { .text($0) })) : .removed,
                    labels: namesValues ? nil : false,
                    labelPadding: 7,
                    format: form == .stems ? "d" : nil,
                    grid: true,
                    domain: false,
                    ticks: false,
                    // Whole numbers have no more ticks than the axis has whole numbers.
                    tickCount: form == .stems ? min(4, max(1, Int(domain.upperBound))) : height < 160 ? 4 : 6,
                    tickMinStep: form == .stems ? 1 : nil
                )
            ),
            scale: Scale(domain: [.number(domain.lowerBound), .number(domain.upperBound)], nice: false)
        )
    }
}
