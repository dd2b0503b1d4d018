// Where the recorded values are, and how they are read. Scripts/references/tokenizer_references.py and
// structure_references.py write them.

import Foundation
import TestSupport
import Testing

@testable import Tokenizers

enum Fixtures {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    /// The real vocabularies, which lie beside the project and not in it.
    static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data")

    static let hasData = FileManager.default.fileExists(
        atPath: data.appendingPathComponent("gpt2/vocab.json").path
    )
    static let noData: Comment = "../shared/data with the vocabularies of GPT-2 and GPT-NeoX is not here"

    static func tokenizer(_ name: String) throws -> any Tokenizer {
        try loadTokenizer(directory: directory.appendingPathComponent(name))
    }

    /// The lines of a file of JSON lists.
    static func lines(_ name: String) throws -> [[Any]] {
        let bytes = try Data(contentsOf: directory.appendingPathComponent(name))
        return try bytes.split(separator: 0x0A).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [Any])
        }
    }

    static func object(_ name: String) throws -> [String: Any] {
        let bytes = try Data(contentsOf: directory.appendingPathComponent(name))
        return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
    }

    /// FNV-1a over the ids, four bytes each, lowest first.
    static func checksum(_ ids: [Int]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for id in ids {
            for shift in [0, 8, 16, 24] { value = (value ^ UInt64(id >> shift & 255)) &* 0x100_0000_01B3 }
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Calls `body` with a fresh directory that holds the given files.
    static func withDirectory<Result>(
        _ files: [String: String] = [:],
        _ body: (URL) throws -> Result
    ) throws -> Result {
        let directory = try TestDirectory()
        for (name, text) in files { _ = try directory.write(name, text) }
        return try withExtendedLifetime(directory) { try body(directory.url) }
    }
}

extension SplitMix {
    /// A text of random scalars, from all planes or from the first few blocks.
    mutating func text() -> String {
        var text = String.UnicodeScalarView()
        let limits: [UInt32] = [0x80, 0x400, 0x3100, 0x11_0000]
        for _ in 0..<Int.random(in: 0...24, using: &self) {
            let limit = limits.randomElement(using: &self) ?? 0x80
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }
}

/// Two strings are the same only scalar by scalar: Swift's `==` takes canonically equal ones for equal.
func sameScalars(_ first: String, _ second: String) -> Bool {
    first.unicodeScalars.elementsEqual(second.unicodeScalars)
}
