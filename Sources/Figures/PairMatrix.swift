// One number per pair of components: effect of a path from a sender to a receiver, or a composition score.
//
// Senders as rows, receivers as columns, both in the order that they come in; signed on a scale symmetric
// around zero, or 0..1. A pair that is left out stays blank: a receiver in the sender's own layer or before
// it reads nothing from it. A pair without a value is grey with a diagonal stroke. Panels (the receivers'
// q, k and v) share one colour scale. Does not show uncertainty, and of 10,000 pairs some are large by
// chance.

import Foundation

/// Senders by receivers, in one panel or several. Up to 200 pairs a panel also print their value.
public struct PairMatrix: Figure, Equatable {
    /// One pair.
    public struct Pair: Equatable, Sendable {
        /// Index into the senders.
        public var sender: Int
        /// Index into the receivers.
        public var receiver: Int
        /// The pair's value; nil (or not finite) where it is undefined.
        public var value: Double?

        /// The value of a sender and a receiver.
        public init(sender: Int, receiver: Int, value: Double?) {
            self.sender = sender
            self.receiver = receiver
            self.value = value
        }
    }

    /// One matrix.
    public struct Panel: Equatable, Sendable {
        /// What stands above the panel: the receivers' input. Empty for none.
        public var title: String
        /// The pairs that exist, in any order.
        public var pairs: [Pair]

        /// A matrix of the pairs that exist.
        public init(title: String = "", pairs: [Pair]) {
            self.title = title
            self.pairs = pairs
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// What a value is, with its unit: the legend's title.
    public var valueName: String
    /// The senders' names: `L0H1`.
    public var senders: [String]
    /// The receivers' names.
    public var receivers: [String]
    /// The panels, from left to right.
    public var panels: [Panel]
    /// The range of the values, the same in every panel.
    public var scale: ValueScale
    /// Why a value can be undefined: the legend's entry for such pairs.
    public var undefinedName: String

    /// Matrices of pairs of `senders` and `receivers`.
    ///
    /// - Precondition: at least one sender, receiver and panel; every pair names a sender and a receiver, and
    ///   no pair comes twice in a panel.
    public init(
        title: FigureTitle,
        valueName: String,
        senders: [String],
        receivers: [String],
        panels: [Panel],
        scale: ValueScale = .signed(),
        undefinedName: String = "undefined"
    ) {
        precondition(!senders.isEmpty && !receivers.isEmpty, "A matrix needs a sender and a receiver.")
        precondition(!panels.isEmpty, "A figure of pairs needs at least one panel.")
        for panel in panels {
            precondition(
                panel.pairs.allSatisfy {
                    senders.indices.contains($0.sender) && receivers.indices.contains($0.receiver)
                },
                "A pair has one of \(senders.count) senders and one of \(receivers.count) receivers."
            )
            precondition(
                Set(panel.pairs.map { $0.sender * receivers.count + $0.receiver }).count
                    == panel.pairs.count,
                "A pair of “\(panel.title)” comes twice."
            )
        }
        self.title = title
        self.valueName = valueName
        self.senders = senders
        self.receivers = receivers
        self.panels = panels
        self.scale = scale
        self.undefinedName = undefinedName
    }

    private static let sendersName = "senders"
    private static let receiversName = "receivers"

    /// The specification of the picture.
    public var spec: Spec {
        let grids = panels.enumerated().map { grid(of: $1, isFirst: $0 == 0) }
        var view: View
        if grids.count == 1 {
            view = grids[0].view
        } else {
            view = .grid(zip(panels, grids).map(Self.titled), columns: grids.count, spacing: 22)
            view.resolve = View.Resolve(scale: ["color": "shared", "fill": "shared"])
        }
        let width = grids.map(\.width).reduce(0) { $0 + $1 + 40 } + 100
        view.title = title.view(width: width, notes: panels.count == 1 ? Self.lines(panels[0].title) : [])
        return Spec(
            description: title.description(
                "\(valueName.onOneLine), \(senders.count) senders by \(receivers.count) receivers"
            ),
            params: [
                .init(name: Self.sendersName, value: Self.labels(senders)),
                .init(name: Self.receiversName, value: Self.labels(receivers)),
            ],
            view: view
        )
    }

    private static func lines(_ title: String) -> [String] { title.isEmpty ? [] : [title] }

    private static func labels(_ names: [String]) -> DataValue {
        .list(names.map { .text(TokenLabel.shortened($0, limit: 16)) })
    }

    private static func titled(_ panel: Panel, _ grid: CellGrid) -> View {
        var view = grid.view
        view.title = View.Title(
            text: FigureTitle.wrapped(panel.title, columns: max(12, Int(grid.width / 6.5))),
            anchor: "middle",
            frame: "group",
            fontSize: 12,
            offset: 6
        )
        return view
    }

    private func grid(of panel: Panel, isFirst: Bool) -> CellGrid {
        let all = CellGrid.finite(panels.flatMap { $0.pairs.map(\.value) })
        let domain = scale.domain(for: all)
        let room = panels.count == 1 ? 720.0 : max(150, 900 / Double(panels.count))
        let isPrinted =
            CellGrid.isPrintable(rows: senders.count, columns: receivers.count)
            && Double(receivers.count) * 30 <= room
        let width = CellGrid.width(
            columns: receivers.count,
            room: room,
            least: 2,
            printing: isPrinted ? all : nil,
            scale: scale,
            domain: domain
        )
        // Fine cells are square, or the diagonal of layers would lie askew.
        let height =
            isPrinted ? CellGrid.height(rows: senders.count, room: room, isPrinted: true) : min(width, 18)
        return CellGrid(
            columns: .init(
                field: "receiver",
                title: "receiver",
                count: receivers.count,
                axis: axis(Self.receiversName, of: receivers.count, cell: width, angle: -90)
            ),
            rows: .init(
                field: "sender",
                title: isFirst ? "sender" : "",
                count: senders.count,
                axis: axis(Self.sendersName, of: senders.count, cell: height, angle: 0)
            ),
            cells: panel.pairs.map { pair in
                CellGrid.Cell(
                    row: pair.sender,
                    column: pair.receiver,
                    value: pair.value,
                    name: "\(senders[pair.sender]) → \(receivers[pair.receiver])".onOneLine
                )
            },
            valueName: valueName,
            scale: scale,
            domain: domain,
            undefinedName: undefinedName,
            cellKind: "pair",
            printsTexts: isPrinted,
            cellWidth: width,
            cellHeight: height
        )
    }

    private func axis(_ names: String, of count: Int, cell: Double, angle: Double) -> Axis {
        let stride = PlotLayout.labelStride(cell: cell, of: [2, 3, 4, 6, 8, 12, 16, 24, 32, 48])
        return Axis(
            labelAngle: angle,
            labelAlign: "right",
            labelBaseline: "middle",
            labelExpr: "\(names)[datum.value]",
            labelFontSize: cell < 11 ? 9 : 10,
            labelLimit: 110,
            labelOverlap: .shown(false),
            labelPadding: 3,
            values: stride > 1
                ? Swift.stride(from: 0, to: count, by: stride).map { DataValue($0) } : nil,
            domain: true,
            ticks: stride > 1
        )
    }
}
