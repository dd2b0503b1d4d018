// Numbers in running text, of any size: three significant digits.

import Foundation

extension ValueScale {
    /// A number with three significant digits and a true minus sign: 0.0123, 12,300, 1.23e−7.
    static func significant(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "undefined" }
        let exponent = Int(floor(log10(abs(value))))
        let sign = value < 0 ? "\u{2212}" : ""
        let magnitude = abs(value)
        if exponent >= 3, exponent < 9 {
            let unit = pow(10, Double(exponent - 2))
            return sign + grouped(Int((magnitude / unit).rounded() * unit))
        }
        if (-4..<3).contains(exponent) {
            return sign + trimmed(String(format: "%.\(2 - exponent)f", magnitude))
        }
        let parts = String(format: "%.2e", magnitude).split(separator: "e")
        let power = parts.count == 2 ? Int(parts[1]) ?? exponent : exponent
        return sign + trimmed(String(parts[0])) + "e" + (power < 0 ? "\u{2212}" : "") + "\(abs(power))"
    }

    /// Decimals without the zeros at their end.
    private static func trimmed(_ digits: String) -> String {
        guard digits.contains(".") else { return digits }
        var digits = digits[...]
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return String(digits)
    }
}
