// The look of every figure, in one place: light background, dark text, sizes that survive a column of print.

import Foundation

enum Theme {
    static let ink = "#222222"
    static let paleInk = "#ffffff"
    static let softInk = "#555555"
    static let line = "#888888"
    static let contextLine = "#b8b8b8"
    static let gridLine = "#e3e3e3"
    static let paper = "#ffffff"
    static let undefinedFill = "#d9d9d9"
    static let undefinedStroke = "#777777"
    static let fontSize = 11.0

    /// Width of one character at a font size, for layout that has to be decided before Vega measures text.
    /// Averages of Liberation Sans (0.5 for running text, 0.56 for digits), rounded up.
    static func width(ofCharacters count: Int, fontSize: Double = fontSize) -> Double {
        Double(count) * fontSize * 0.58
    }

    static let config = Config(
        axis: .init(
            domainColor: line,
            gridColor: gridLine,
            labelColor: ink,
            labelFontSize: fontSize - 1,
            tickColor: line,
            tickSize: 4,
            titleColor: ink,
            titleFontSize: fontSize,
            titleFontWeight: "normal",
            titlePadding: 8
        ),
        background: paper,
        font: "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif",
        legend: .init(
            labelColor: ink,
            labelFontSize: fontSize - 1,
            titleColor: ink,
            titleFontSize: fontSize,
            titleFontWeight: "normal",
            titleLimit: 0,
            labelLimit: 0
        ),
        padding: 12,
        text: .init(color: ink, fontSize: fontSize - 1),
        title: .init(
            anchor: "start",
            color: ink,
            fontSize: 14,
            fontWeight: "bold",
            frame: "bounds",
            offset: 12,
            subtitleColor: softInk,
            subtitleFontSize: fontSize,
            subtitleLineHeight: 15,
            subtitlePadding: 5
        ),
        view: .init(stroke: "transparent")
    )
}
