// An estimate against the exact value, a point per node: attribution patching against activation patching.
//
// Both axes have one unit and one range, so that the dashed diagonal is agreement. Two marks: the nodes that
// the estimate puts on top, and a random sample of the rest, which shows what the top alone cannot, whether
// the estimate misses nodes. Correlations are the caller's and belong in the subtitle. The nodes furthest
// from zero are named.

import Foundation

/// Estimated against exact effects, with the line of agreement.
public struct AgreementScatter: Figure, Equatable {
    /// One node.
    public struct Point: Equatable, Sendable {
        /// The node's name: `L5H1`.
        public var label: String
        /// The exact effect; nil or not finite where it is undefined, and then only counted.
        public var exact: Double?
        /// The estimated effect; nil or not finite where it is undefined, and then only counted.
        public var estimated: Double?

        /// A node with both of its effects.
        public init(label: String, exact: Double?, estimated: Double?) {
            self.label = label
            self.exact = exact
            self.estimated = estimated
        }

        fileprivate var place: (x: Double, y: Double)? {
            guard let exact, let estimated, exact.isFinite, estimated.isFinite else { return nil }
            return (exact, estimated)
        }
    }

    /// What stands above the figure; say here how well the two agree.
    public var title: FigureTitle
    /// The exact effect with its unit: the title of the horizontal axis.
    public var exactName: String
    /// The estimate with its unit: the title of the vertical axis.
    public var estimateName: String
    /// The nodes with the largest estimates.
    public var top: [Point]
    /// A random sample of the others.
    public var sample: [Point]

    /// A point per node.
    public init(
        title: FigureTitle,
        exactName: String,
        estimateName: String,
        top: [Point],
        sample: [Point]
    ) {
        self.title = title
        self.exactName = exactName
        self.estimateName = estimateName
        self.top = top
        self.sample = sample
    }

    private static let side = 340.0
    /// How many nodes are named.
    static let named = 6

    private var places: [(x: Double, y: Double)] { (top + sample).compactMap(\.place) }

    private var domain: ClosedRange<Double> {
        let values = [0] + places.map(\.x) + places.map(\.y)
        return PlotLayout.roundDomain((values.min() ?? 0)...(values.max() ?? 0))
    }

    /// The specification of the picture.
    public var spec: Spec {
        var view = View.layered(
            zeros + [diagonal] + marks + names,
            width: Self.side,
            height: Self.side
        )
        let undefined = top.count + sample.count - places.count
        view.title = title.view(
            width: Self.side + 190,
            notes: ["Dashed: agreement" + (undefined > 0 ? "; without a value: \(undefined)" : "")]
        )
        return Spec(
            description: title.description(
                "\(estimateName.onOneLine) against \(exactName.onOneLine), \(places.count) nodes"
            ),
            view: view
        )
    }

    private func axis(_ field: String, _ name: String) -> Channel {
        let lines = FigureTitle.wrapped(name, columns: Int(Self.side / 5.6))
        return Channel(
            field: field,
            type: .quantitative,
            axis: .shown(
                Axis(
                    title: .shown(.list(lines.map { .text($0) })),
                    labelPadding: 5,
                    grid: true,
                    domain: false,
                    ticks: false,
                    tickCount: 6
                )
            ),
            scale: Scale(domain: [.number(domain.lowerBound), .number(domain.upperBound)], nice: false)
        )
    }

    private var x: Channel { axis("exact", exactName) }
    private var y: Channel { axis("estimated", estimateName) }

    private var zeros: [View] {
        let line = Mark(type: .rule, color: Theme.line, strokeWidth: 1, tooltip: .removed)
        let row: [Row] = [["exact": 0, "estimated": 0]]
        return [.unit(line, Encoding(x: x), data: row), .unit(line, Encoding(y: y), data: row)]
    }

    private var diagonal: View {
        .unit(
            Mark(type: .line, color: Theme.softInk, strokeDash: [4, 3], strokeWidth: 1.2, tooltip: .removed),
            Encoding(x: x, y: y),
            data: [domain.lowerBound, domain.upperBound].map {
                ["exact": .number($0), "estimated": .number($0)]
            }
        )
    }

    /// The sample below, hollow and grey; the top nodes above, filled.
    private var marks: [View] {
        let groups: [(name: String, color: String, shape: String)] = [
            ("top by estimate", Palette.highlight, "circle"),
            ("random sample", Palette.categories[0], "square"),
        ]
        let named = zip(groups, [top, sample]).filter { !$1.isEmpty }.map(\.0)
        let channel = { (range: [String]) in
            Channel(
                field: "group",
                type: .nominal,
                scale: Scale(domain: named.map { .text($0.name) }, range: range.map { .text($0) }),
                legend: .shown(Legend(title: .removed, symbolSize: 50))
            )
        }
        let rows: [Row] = [(sample, groups[1].name), (top, groups[0].name)].flatMap { points, group in
            points.compactMap { point in
                point.place.map {
                    [
                        "name": .text(point.label.onOneLine), "group": .text(group),
                        "exact": .measured($0.x), "estimated": .measured($0.y),
                    ]
                }
            }
        }
        guard !rows.isEmpty else { return [] }
        return [
            .unit(
                Mark(type: .point, filled: true, opacity: 0.7, size: 34),
                Encoding(
                    x: x,
                    y: y,
                    color: channel(named.map(\.color)),
                    shape: channel(named.map(\.shape)),
                    tooltip: [
                        Channel(field: "name", type: .nominal, title: .shown("node")),
                        Channel(
                            field: "exact",
                            type: .quantitative,
                            title: .shown(exactName.onOneLine),
                            format: "+.4~g"
                        ),
                        Channel(
                            field: "estimated",
                            type: .quantitative,
                            title: .shown(estimateName.onOneLine),
                            format: "+.4~g"
                        ),
                    ]
                ),
                data: rows
            )
        ]
    }

    /// The nodes furthest from zero, named towards the middle of the plot, a line apart, with leaders.
    private var names: [View] {
        let span = domain.upperBound - domain.lowerBound
        let extreme = (top + sample).compactMap { point in point.place.map { (point.label, $0) } }
            .filter { hypot($0.1.x, $0.1.y) > 0 }
            .sorted { hypot($0.1.x, $0.1.y) > hypot($1.1.x, $1.1.y) }
            .prefix(Self.named)
        let middle = (domain.lowerBound + domain.upperBound) / 2
        return [true, false].flatMap { isLeft -> [View] in
            // Right of a point in the left half, left of one in the right half: names stay in the plot.
            let group = extreme.filter { ($0.1.x < middle) == isLeft }
            guard !group.isEmpty else { return [] }
            let wanted = group.map { (domain.upperBound - $0.1.y) / span * Self.side }
            let placed = PlotLayout.spread(wanted, step: 13, height: Self.side)
            let shift = 16 / Self.side * span * (isLeft ? 1 : -1)
            let rows: [Row] = zip(group, placed).map { point, place in
                [
                    "shown": .text(TokenLabel.shortened(point.0, limit: 20)),
                    "exact": .measured(point.1.x), "estimated": .measured(point.1.y),
                    "beside": .measured(point.1.x + shift),
                    "level": .measured(domain.upperBound - place / Self.side * span),
                ]
            }
            return [
                .unit(
                    Mark(type: .rule, color: Theme.line, strokeWidth: 0.8, tooltip: .removed),
                    Encoding(
                        x: x,
                        x2: Channel(field: "beside"),
                        y: y,
                        y2: Channel(field: "level")
                    ),
                    data: rows
                )
            ]
                + View.textOnPaper(
                    Mark(
                        type: .text,
                        align: isLeft ? "left" : "right",
                        baseline: "middle",
                        dx: isLeft ? 2 : -2,
                        fontSize: 10
                    ),
                    Encoding(x: axis("beside", exactName), y: axis("level", estimateName)),
                    data: rows
                )
        }
    }
}
