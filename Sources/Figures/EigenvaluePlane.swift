// The eigenvalues of a matrix in the complex plane: of the OV circuit of one head or several, say.
//
// Real part across, imaginary part up, the same unit on both; zero in the middle. Eigenvalues with a positive
// real part are orange (their directions are written back as they are read: copying), with a negative one
// blue. A real matrix has them in conjugate pairs, so a panel is the same above and below. Each panel has a
// scale of its own: heads differ in size by orders of magnitude.

import Foundation

/// Eigenvalues as points, a panel per matrix.
public struct EigenvaluePlane: Figure, Equatable {
    /// A complex number.
    public struct Eigenvalue: Equatable, Sendable {
        /// Real part.
        public var real: Double
        /// Imaginary part.
        public var imaginary: Double

        /// A complex number; a part that is not finite makes it undefined, and then only counted.
        public init(real: Double, imaginary: Double) {
            self.real = real
            self.imaginary = imaginary
        }

        var isFinite: Bool { real.isFinite && imaginary.isFinite }
    }

    /// One matrix.
    public struct Panel: Equatable, Sendable {
        /// What stands above the panel: the head, and its copying score.
        public var title: String
        /// The eigenvalues, in any order.
        public var eigenvalues: [Eigenvalue]

        /// The eigenvalues of one matrix.
        public init(title: String, eigenvalues: [Eigenvalue]) {
            self.title = title
            self.eigenvalues = eigenvalues
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// The panels, in reading order.
    public var panels: [Panel]

    /// Eigenvalues, a panel per matrix.
    ///
    /// - Precondition: at least one panel.
    public init(title: FigureTitle, panels: [Panel]) {
        precondition(!panels.isEmpty, "A figure of eigenvalues needs at least one panel.")
        self.title = title
        self.panels = panels
    }

    /// The specification of the picture.
    public var spec: Spec {
        let columns = panels.count == 4 ? 2 : min(panels.count, 3)
        let side = columns == 1 ? 320.0 : columns == 2 ? 240 : 180
        let views = panels.enumerated().map { index, panel in
            var view = Self.view(
                of: panel,
                side: side,
                namesReal: index + columns >= panels.count,
                namesImaginary: index % columns == 0
            )
            view.title = View.Title(
                text: FigureTitle.wrapped(panel.title, columns: Int(side / 6)),
                anchor: "middle",
                frame: "group",
                fontSize: 12,
                offset: 8
            )
            return view
        }
        var view = View.grid(views, columns: columns, spacing: 22)
        view.title = title.view(width: (side + 60) * Double(columns), notes: notes)
        let counts = panels.map { "\($0.eigenvalues.count)" }.joined(separator: ", ")
        return Spec(
            description: title.description(
                "Eigenvalues in the complex plane, \(panels.count) panels of \(counts)"
            ),
            view: view
        )
    }

    private var notes: [String] {
        let undefined = panels.map { $0.eigenvalues.filter { !$0.isFinite }.count }.reduce(0, +)
        return (panels.count > 1 ? ["Each panel has a scale of its own"] : [])
            + (undefined > 0 ? ["Without a value: \(undefined)"] : [])
    }

    private static func view(
        of panel: Panel,
        side: Double,
        namesReal: Bool,
        namesImaginary: Bool
    ) -> View {
        let values = panel.eigenvalues.filter(\.isFinite)
        let largest = values.flatMap { [abs($0.real), abs($0.imaginary)] }.max() ?? 0
        // A little more than the largest, or the outermost points would lie on the frame.
        let reach = largest > 0 ? PlotLayout.roundDomain(0...(largest * 1.04)).upperBound : 1
        let part = { (field: String, name: String, isNamed: Bool) in
            Channel(
                field: field,
                type: .quantitative,
                title: isNamed ? .shown(name) : .removed,
                axis: .shown(
                    Axis(
                        labelPadding: 5,
                        format: ".6~g",
                        grid: true,
                        domain: false,
                        ticks: false,
                        tickCount: 5
                    )
                ),
                scale: Scale(domain: [.number(-reach), .number(reach)], nice: false)
            )
        }
        let real = part("re", "real part", namesReal)
        let imaginary = part("im", "imaginary part", namesImaginary)
        let origin: [Row] = [["re": 0, "im": 0]]
        let line = Mark(type: .rule, color: Theme.line, strokeWidth: 1, tooltip: .removed)
        let points = Encoding(
            x: real,
            y: imaginary,
            color: Channel(
                value: .text(Palette.categories[0]),
                condition: .init(test: "datum.re > 0", value: .text(Palette.categories[1]))
            ),
            tooltip: [("re", "real part"), ("im", "imaginary part")].map { field, name in
                Channel(field: field, type: .quantitative, title: .shown(name), format: "+.4~g")
            }
        )
        return .layered(
            [
                .unit(line, Encoding(x: real), data: origin),
                .unit(line, Encoding(y: imaginary), data: origin),
                .unit(
                    Mark(type: .point, filled: true, opacity: 0.6, size: side < 200 ? 22 : 34),
                    points,
                    data: values.map { ["re": .measured($0.real), "im": .measured($0.imaginary)] }
                ),
            ],
            width: side,
            height: side
        )
    }
}
