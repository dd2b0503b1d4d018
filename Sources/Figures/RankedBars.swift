// Heads in order of a score, with the interval of each: which heads stand out, and how sure that is.
//
// Range: 0..1 on a fixed axis, or signed with zero in view. Order: largest value first; on a signed scale,
// largest magnitude first. What the interval is (method, level, sampling unit) belongs in the subtitle.
// The figure says how many heads it leaves out. Choosing the top of many heads flatters them (the intervals
// are not corrected for the choice), so it is a picture of the ranking, not a test.

import Foundation

/// The heads with the largest scores, as horizontal bars with interval whiskers.
public struct RankedBars: Figure, Equatable {
    /// One head (or any named thing) with its value and interval.
    public struct Entry: Equatable, Sendable {
        /// The name on the axis, `L5H1` for head 1 of layer 5.
        public var label: String
        /// The value; nil or not finite where it is undefined, and then not drawn.
        public var value: Double?
        /// Lower end of the interval.
        public var low: Double?
        /// Upper end of the interval.
        public var high: Double?

        /// A named value with an interval.
        public init(label: String, value: Double?, low: Double? = nil, high: Double? = nil) {
            self.label = label
            self.value = value
            self.low = low
            self.high = high
        }

        /// A head's value with an interval.
        public init(layer: Int, head: Int, value: Double?, low: Double? = nil, high: Double? = nil) {
            self.init(label: "L\(layer)H\(head)", value: value, low: low, high: high)
        }
    }

    /// What stands above the figure; say here what the interval is.
    public var title: FigureTitle
    /// What a value is, with its unit: the axis title.
    public var valueName: String
    /// All entries, in any order.
    public var entries: [Entry]
    /// The range of the values.
    public var scale: ValueScale
    /// The largest number of entries drawn.
    public var limit: Int
    /// What an entry is, in the plural, for the note on those left out.
    public var kind: String

    /// The first `limit` of `entries` by value (by magnitude on a signed scale).
    ///
    /// - Precondition: `limit` is positive.
    public init(
        title: FigureTitle,
        valueName: String,
        entries: [Entry],
        scale: ValueScale = .unit,
        limit: Int = 20,
        kind: String = "heads"
    ) {
        precondition(limit > 0, "A ranking shows at least one entry; found the limit \(limit).")
        self.title = title
        self.valueName = valueName
        self.entries = entries
        self.scale = scale
        self.limit = limit
        self.kind = kind
    }

    /// The entries drawn, best first. Equal values keep the order that they came in.
    var ranked: [(entry: Entry, value: Double)] {
        let defined = entries.enumerated().compactMap { index, entry -> (Int, Entry, Double)? in
            guard let value = entry.value, value.isFinite else { return nil }
            return (index, entry, value)
        }
        let key = { (value: Double) in scale == .unit ? value : abs(value) }
        let sorted = defined.sorted { left, right in
            key(left.2) != key(right.2) ? key(left.2) > key(right.2) : left.0 < right.0
        }
        return sorted.prefix(limit).map { ($0.1, $0.2) }
    }

    /// The specification of the picture.
    public var spec: Spec {
        let ranked = ranked
        let width = 340.0
        let height = 19 * Double(max(ranked.count, 1))
        var view = View.layered(
            [bars, interval, cap("low"), cap("high"), numbers] + (scale == .unit ? [] : [zeroLine]),
            data: rows(ranked),
            encoding: rankAxis(ranked),
            width: width,
            height: height
        )
        view.title = title.view(width: width + 170, notes: [note(shown: ranked.count)])
        return Spec(
            description: title.description(
                "\(valueName.onOneLine), best first: \(note(shown: ranked.count))"
            ),
            params: [
                .init(name: "names", value: .list(ranked.map { .text(TokenLabel.shortened($0.entry.label)) }))
            ],
            view: view
        )
    }

    /// Which part of the entries the figure shows.
    private func note(shown: Int) -> String {
        let undefined = entries.count - entries.filter { $0.value?.isFinite == true }.count
        let order = scale == .unit ? "largest value first" : "largest magnitude first"
        let note = "\(shown) of \(entries.count) \(kind), \(order)"
        return undefined > 0 ? note + "; without a value: \(undefined)" : note
    }

    private func rows(_ ranked: [(entry: Entry, value: Double)]) -> [Row] {
        let finite = ranked.flatMap { [$0.value, $0.entry.low, $0.entry.high] }.compactMap(\.self)
        let domain = scale.domain(for: finite)
        let text = { (value: Double) in scale.text(value, in: domain) }
        return ranked.enumerated().map { rank, item in
            var row: Row = [
                "rank": DataValue(rank), "name": .text(item.entry.label.onOneLine),
                "value": .measured(item.value),
            ]
            var shown = text(item.value)
            if let low = item.entry.low, let high = item.entry.high, low.isFinite, high.isFinite {
                row["low"] = .measured(low)
                row["high"] = .measured(high)
                shown += "  [\(text(low)), \(text(high))]"
            }
            row["shown"] = .text(shown)
            return row
        }
    }

    private func rankAxis(_ ranked: [(entry: Entry, value: Double)]) -> Encoding {
        Encoding(
            y: Channel(
                field: "rank",
                type: .ordinal,
                title: .removed,
                axis: .shown(
                    Axis(
                        labelExpr: "names[datum.value]",
                        labelLimit: 160,
                        labelPadding: 6,
                        domain: false,
                        ticks: false
                    )
                ),
                scale: Scale(
                    domain: ranked.isEmpty ? nil : ranked.indices.map { DataValue($0) },
                    paddingInner: 0.25,
                    paddingOuter: 0.15
                ),
                sort: .shown("ascending")
            ),
            tooltip: [
                Channel(field: "name", type: .nominal, title: .shown("name")),
                Channel(field: "shown", type: .nominal, title: .shown(valueName.onOneLine)),
            ]
        )
    }

    private func valueAxis(_ field: String) -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: .shown(valueName.onOneLine),
            axis: .shown(Axis(labelFlush: false, grid: true, domain: false, ticks: false, tickCount: 6)),
            scale: scale == .unit
                ? Scale(domain: [0, 1], clamp: true) : Scale(nice: true, zero: true)
        )
    }

    private var bars: View {
        var color = Channel(value: .text(scale == .unit ? Palette.mark : Palette.palePositive))
        if scale != .unit {
            color.condition = .init(test: "datum.value < 0", value: .text(Palette.paleNegative))
        }
        return .unit(
            Mark(type: .bar),
            Encoding(x: valueAxis("value"), color: color)
        )
    }

    private var withInterval: [View.Transform] { [View.Transform(filter: "isValid(datum.low)")] }

    private var interval: View {
        .unit(
            Mark(type: .rule, color: Theme.ink, strokeWidth: 1.2),
            Encoding(x: valueAxis("low"), x2: Channel(field: "high")),
            transform: withInterval
        )
    }

    private func cap(_ field: String) -> View {
        .unit(
            Mark(type: .tick, color: Theme.ink, opacity: 1, size: 7, thickness: 1.2),
            Encoding(x: valueAxis(field)),
            transform: withInterval
        )
    }

    private var zeroLine: View {
        .unit(
            Mark(type: .rule, color: Theme.line, strokeWidth: 1, tooltip: .removed),
            Encoding(x: Channel(datum: 0, type: .quantitative)),
            data: [[:]]
        )
    }

    /// Values in a column right of the plot, where no whisker runs through them.
    private var numbers: View {
        .unit(
            Mark(type: .text, align: "left", baseline: "middle", dx: 10, fontSize: 10),
            Encoding(
                x: Channel(value: "width"),
                color: Channel(value: .text(Theme.ink)),
                text: Channel(field: "shown", type: .nominal)
            )
        )
    }
}
