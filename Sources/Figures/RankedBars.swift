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

    /// The order of the bars.
    public enum Order: Equatable, Sendable {
        /// Largest first.
        case ranked
        /// As the entries came in: components in the order of computation, say.
        case given
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
    /// The order of the bars.
    public var order: Order
    /// What the entries left out come to together, as a last bar; summed by the caller.
    public var remainder: Entry?

    /// The first `limit` of `entries` by value (by magnitude on a signed scale).
    ///
    /// - Precondition: `limit` is positive.
    public init(
        title: FigureTitle,
        valueName: String,
        entries: [Entry],
        scale: ValueScale = .unit,
        limit: Int = 20,
        kind: String = "heads",
        order: Order = .ranked,
        remainder: Entry? = nil
    ) {
        precondition(limit > 0, "A ranking shows at least one entry; found the limit \(limit).")
        self.title = title
        self.valueName = valueName
        self.entries = entries
        self.scale = scale
        self.limit = limit
        self.kind = kind
        self.order = order
        self.remainder = remainder
    }

    /// The entries drawn, in their order. Equal values keep the order that they came in.
    var ranked: [Entry] {
        let defined = entries.enumerated().compactMap { index, entry -> (Int, Entry, Double)? in
            guard let value = entry.value, value.isFinite else { return nil }
            return (index, entry, value)
        }
        let key = { (value: Double) in scale == .unit ? value : abs(value) }
        let sorted = defined.sorted { left, right in
            key(left.2) != key(right.2) ? key(left.2) > key(right.2) : left.0 < right.0
        }
        let kept = sorted.prefix(limit)
        return (order == .ranked ? Array(kept) : kept.sorted { $0.0 < $1.0 }).map(\.1)
    }

    /// The specification of the picture.
    public var spec: Spec {
        let ranked = ranked
        let drawn = ranked + [remainder].compactMap(\.self)
        let domain = scale.domain(
            for: CellGrid.finite(drawn.flatMap { [$0.value, $0.low, $0.high] })
        )
        var fill = Channel(value: .text(scale == .unit ? Palette.mark : Palette.palePositive))
        if scale != .unit {
            fill.condition = .init(test: "datum.value < 0", value: .text(Palette.paleNegative))
        }
        let bars = BarRows(
            entries: drawn,
            valueName: valueName,
            text: { scale.text($0, in: domain) },
            fill: fill,
            scale: scale == .unit ? Scale(domain: [0, 1], clamp: true) : Scale(nice: true, zero: true),
            lines: scale == .unit ? [] : [BarRows.zeroLine]
        )
        var view = bars.view
        view.title = title.view(width: BarRows.width + 170, notes: [note(shown: ranked.count)])
        return Spec(
            description: title.description(
                "\(valueName.onOneLine)\(order == .ranked ? ", best first" : ""): \(note(shown: ranked.count))"
            ),
            params: [bars.parameter],
            view: view
        )
    }

    /// Which part of the entries the figure shows.
    private func note(shown: Int) -> String {
        let undefined = entries.count - entries.filter { $0.value?.isFinite == true }.count
        if order == .given, shown == entries.count { return "All \(shown) \(kind), in order" }
        let rank = scale == .unit ? "largest value first" : "largest magnitude first"
        let kept = scale == .unit ? "the largest, in order" : "the largest in magnitude, in order"
        let note = "\(shown) of \(entries.count) \(kind), \(order == .ranked ? rank : kept)"
        return note + (undefined > 0 ? "; without a value: \(undefined)" : "")
            + (remainder == nil ? "" : "; last bar: the others together")
    }
}
