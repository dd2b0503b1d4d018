// One value in a Vega-Lite specification: a cell of a data row, an item of a domain, a constant.
//
// Promise: always encodes to valid JSON. A number that is not finite has no JSON form and becomes null, which
// Vega-Lite treats as "no value"; the figures draw such cells as undefined.

import Foundation

/// A JSON scalar, or a list of them.
enum DataValue: Equatable, Sendable {
    case number(Double)
    case text(String)
    case flag(Bool)
    case list([DataValue])
    case null

    /// A number kept to six significant digits: more than a picture can show, and half the bytes of a
    /// widened `Float` in a pattern of 30,000 cells. `nil` and non-finite numbers become `null`.
    static func measured(_ value: Double?) -> DataValue {
        guard let value, value.isFinite else { return .null }
        guard value != 0 else { return .number(0) }
        let digits = 6 - Int(log10(abs(value)).rounded(.up))
        guard (0...15).contains(digits) else { return .number(value) }
        let scale = pow(10, Double(digits))
        return .number((value * scale).rounded() / scale)
    }
}

/// One row of inline data: field name to value.
typealias Row = [String: DataValue]

extension DataValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value) where value.isFinite: try container.encode(value)
        case .text(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .number, .null: try container.encodeNil()
        }
    }
}

extension DataValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: DataValue...) { self = .list(elements) }
    init(_ value: Int) { self = .number(Double(value)) }
}
