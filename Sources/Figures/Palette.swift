// Colours that colour-blind readers can tell apart, and the ink that is readable on them.
//
// Sequential: nine steps from a near-white yellow over green to dark blue (the ColorBrewer family YlGnBu);
// lightness falls all the way, so the order survives grey-scale print, and the many low scores of a model
// stay light. Diverging: blue (negative) over white to orange (positive). Categories: Okabe and Ito (2008)
// without yellow, which vanishes on white.

import Foundation

enum Palette {
    static let sequential: [RGB] = [
        "#fbfbe6", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58",
    ].map(RGB.init)

    static let diverging: [RGB] = [
        "#0b3c77", "#2166ac", "#5d9bcb", "#a6cbe3", "#f7f7f7", "#fbc78f", "#ef9234", "#c2590a", "#7f3504",
    ].map(RGB.init)

    static let mark = "#85abd6"
    static let strongMark = "#2c5f99"
    static let paleNegative = "#7fa9d3"
    static let palePositive = "#eba266"
    /// Black on a coloured cell: with it, one of the two inks always reaches a contrast of 4.5.
    static let cellInk = "#000000"
    static let highlight = "#d55e00"
    /// Drawn pale, behind curves: an interval of steps.
    static let shade = "#e69f00"

    static let categories = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#222222"]
    static let dashes: [[Double]] = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]
    static let shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]

    /// The colour at `fraction` (0...1) of a ramp, mixed in sRGB as Vega does under `interpolate: "rgb"`.
    static func color(in ramp: [RGB], at fraction: Double) -> RGB {
        let place = min(max(fraction, 0), 1) * Double(ramp.count - 1)
        let low = min(Int(place), ramp.count - 2)
        return ramp[low].mixed(with: ramp[low + 1], share: place - Double(low))
    }

    /// Dark or pale ink, whichever has the higher contrast on the background.
    static func ink(on background: RGB) -> String {
        let dark = RGB(cellInk)
        let pale = RGB(Theme.paleInk)
        return background.contrast(with: dark) >= background.contrast(with: pale)
            ? cellInk : Theme.paleInk
    }
}

/// An sRGB colour with channels in 0...1.
struct RGB: Equatable, Sendable {
    var red: Double
    var green: Double
    var blue: Double

    init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// From `#rrggbb`, as written in this module.
    init(_ hex: String) {
        guard hex.count == 7, let number = UInt32(hex.dropFirst(), radix: 16) else {
            preconditionFailure("A colour is written #rrggbb, not \(hex).")
        }
        self.init(
            red: Double(number >> 16) / 255,
            green: Double(number >> 8 & 0xff) / 255,
            blue: Double(number & 0xff) / 255
        )
    }

    /// `#rrggbb`.
    var hex: String {
        "#"
            + [red, green, blue].map { channel in
                let digits = String(Int((channel * 255).rounded()), radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }

    func mixed(with other: RGB, share: Double) -> RGB {
        RGB(
            red: red + (other.red - red) * share,
            green: green + (other.green - green) * share,
            blue: blue + (other.blue - blue) * share
        )
    }

    /// Relative luminance as WCAG 2 defines it, 0 (black) to 1 (white).
    var luminance: Double {
        func linear(_ channel: Double) -> Double {
            channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Contrast ratio as WCAG 2 defines it, 1 to 21.
    func contrast(with other: RGB) -> Double {
        let (low, high) = luminance < other.luminance ? (self, other) : (other, self)
        return (high.luminance + 0.05) / (low.luminance + 0.05)
    }
}
