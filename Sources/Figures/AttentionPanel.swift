// The plot that `AttentionPattern` shows alone and `AttentionPatterns` several times.

import Foundation

/// Cells, token axes and outlines of one pattern, fitted into about `room` pixels.
struct AttentionPanel {
    var tokens: [String]
    var pattern: [[Double]]
    var highlighted: [AttentionPattern.Cell]
    var highlightName: String
    /// Name of the specification's parameter that holds this panel's labels.
    var tokensName: String
    var room: Double

    /// Edge of a cell in pixels. Not below 2, or single cells could not be seen.
    var cell: Double { min(max((room / Double(tokens.count)).rounded(.down), 2), 34) }

    /// Edge of the plot in pixels.
    var side: Double { cell * Double(tokens.count) }

    var tokenAxis: TokenAxis { TokenAxis(tokens: tokens, cell: cell, parameterName: tokensName) }

    /// The labels, as data.
    var parameter: Spec.Parameter { tokenAxis.parameter }

    /// What the reader has to know about the labels.
    var notes: [String] { tokenAxis.notes }

    var view: View {
        var layers = [View.unit(Mark(type: .rect), cells, data: rows, transform: tokenFields)]
        if !highlighted.isEmpty { layers.append(outlines) }
        return .layered(layers, width: side, height: side)
    }

    private var rows: [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(tokens.count * (tokens.count + 1) / 2)
        for (query, weights) in pattern.enumerated() {
            for key in 0...query {
                rows.append([
                    "q": DataValue(query), "k": DataValue(key), "w": .measured(weights[key]),
                ])
            }
        }
        return rows
    }

    private var tokenFields: [View.Transform] {
        [
            View.Transform(calculate: "\(tokensName)[datum.q]", name: "queryToken"),
            View.Transform(calculate: "\(tokensName)[datum.k]", name: "keyToken"),
        ]
    }

    private var positions: [DataValue] { tokens.indices.map { DataValue($0) } }

    private func axis(field: String, title: String, angle: Double) -> Channel {
        Channel(
            field: field,
            type: .ordinal,
            title: .shown(title),
            axis: .shown(tokenAxis.axis(angle: angle)),
            scale: Scale(domain: positions),
            sort: .shown("ascending")
        )
    }

    private var place: Encoding {
        Encoding(
            x: axis(field: "k", title: side < 170 ? "key" : "key: token attended to", angle: -90),
            y: axis(field: "q", title: side < 170 ? "query" : "query: token that attends", angle: 0)
        )
    }

    private var cells: Encoding {
        var encoding = place
        let domain = 0.0...1.0
        encoding.color = Channel(
            field: "w",
            type: .quantitative,
            scale: ValueScale.unit.colorScale(for: domain),
            legend: .shown(
                Legend(
                    title: .shown(["attention", "weight"]),
                    gradientLength: min(max(side, 90), 180),
                    format: ".2f",
                    values: ValueScale.unit.ticks(for: domain).map { .measured($0) }
                )
            )
        )
        encoding.tooltip = [
            Channel(field: "q", type: .ordinal, title: .shown("query position")),
            Channel(field: "queryToken", type: .nominal, title: .shown("query token")),
            Channel(field: "k", type: .ordinal, title: .shown("key position")),
            Channel(field: "keyToken", type: .nominal, title: .shown("key token")),
            Channel(field: "w", type: .quantitative, title: .shown("attention weight"), format: ".4f"),
        ]
        return encoding
    }

    /// Hollow squares, so that the weight below stays visible.
    private var outlines: View {
        let name = DataValue.text(highlightName.onOneLine)
        var encoding = place
        encoding.stroke = Channel(
            datum: name,
            type: .nominal,
            scale: Scale(domain: [name], range: [.text(Palette.highlight)]),
            legend: .shown(
                Legend(
                    title: .removed,
                    symbolType: "square",
                    symbolSize: 110,
                    symbolFillColor: "transparent",
                    symbolStrokeWidth: 1.5
                )
            )
        )
        let mark = Mark(
            type: .rect,
            fill: "transparent",
            strokeWidth: cell >= 9 ? 1.5 : (cell >= 5 ? 1 : 0.3),
            tooltip: .removed
        )
        let rows: [Row] = highlighted.map { ["q": DataValue($0.query), "k": DataValue($0.key)] }
        return .unit(mark, encoding, data: rows)
    }
}
