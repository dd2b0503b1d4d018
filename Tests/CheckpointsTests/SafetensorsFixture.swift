// Files of the format, put together by hand from text and bytes.

import Foundation

enum SafetensorsFixture {
    /// Length, header text, data.
    static func file(_ header: String, data: some Sequence<UInt8> = []) -> [UInt8] {
        file(header: Array(header.utf8), data: data)
    }

    static func file(header: [UInt8], data: some Sequence<UInt8> = []) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + Array(data)
    }

    /// Only the length and what follows, which need not agree.
    static func file(length: UInt64, rest: String = "") -> [UInt8] {
        withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array(rest.utf8)
    }

    /// A description of one tensor.
    static func entry(_ name: String, _ dtype: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
        "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
    }

    static func object(_ fields: String...) -> String { "{\(fields.joined(separator: ","))}" }
}
