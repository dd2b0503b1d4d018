// Title and subtitle of a figure, wrapped to the figure's width: Vega draws a line of text as long as it is.

import Foundation

/// What stands above a figure.
public struct FigureTitle: Equatable, Sendable {
    /// What is shown.
    public var title: String
    /// What a reader needs to judge it, a line each: model, prompts, number of pairs, what the interval is.
    public var subtitle: [String]

    /// A title with subtitle lines.
    public init(_ title: String, subtitle: [String] = []) {
        self.title = title
        self.subtitle = subtitle
    }

    /// The Vega-Lite title, wrapped to `width` pixels (at least 360, so that small figures keep whole phrases),
    /// with `notes` as further subtitle lines.
    func view(width: Double, notes: [String] = []) -> View.Title {
        let room = max(width, 360)
        let titleColumns = Int(room / (Theme.config.title.fontSize * 0.56))
        let subtitleColumns = Int(room / (Theme.config.title.subtitleFontSize * 0.51))
        let lines = (subtitle + notes).flatMap { Self.wrapped($0, columns: subtitleColumns) }
        return View.Title(
            text: Self.wrapped(title, columns: titleColumns),
            subtitle: lines.isEmpty ? nil : lines,
            anchor: "start",
            frame: "bounds"
        )
    }

    /// One sentence for readers who cannot see the figure.
    func description(_ shape: String) -> String {
        ([title] + subtitle + [shape]).map(\.onOneLine).filter { !$0.isEmpty }.joined(separator: ". ") + "."
    }

    /// Breaks at spaces into lines of at most `columns` characters; a longer word is cut.
    static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.onOneLine.split(separator: " ") {
            var rest = word
            if !line.isEmpty, line.count + 1 + rest.count > columns {
                lines.append(line)
                line = ""
            }
            while rest.count > columns {
                lines.append(String(rest.prefix(columns)))
                rest = rest.dropFirst(columns)
            }
            line += (line.isEmpty ? "" : " ") + rest
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }
}

extension String {
    /// The text on one line: line breaks, tabs and what XML forbids (controls, U+FFFE, U+FFFF) as spaces.
    var onOneLine: String {
        var line = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
            default: line.append(scalar.value & 0xfffe == 0xfffe ? " " : scalar)
            }
        }
        return String(line)
    }
}
