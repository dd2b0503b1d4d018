// Property: whatever bytes a file has, it is either refused with an error of ours or everything that the
// header promises is true. Each case is a mutation of a good file; the generator is seeded, so failures
// repeat.

import Foundation
import JSON
import TestSupport
import Testing

@testable import Checkpoints
@testable import Files

private typealias Fixture = SafetensorsFixture

/// The promises of `SafetensorsHeader`, checked anew.
private func holds(_ header: SafetensorsHeader, fileSize: Int) -> Bool {
    var end = 0
    for entry in header.entries {
        guard entry.dataRange.lowerBound == end, entry.shape.allSatisfy({ $0 >= 0 }) else { return false }
        end = entry.dataRange.upperBound
        guard let bits = SafetensorsDType.bitCount(named: entry.dtypeName) else { return false }
        // Exact even where the bytes could not be counted in an Int.
        let product = entry.shape.reduce(Double(bits), { $0 * Double($1) })
        guard product == Double(entry.dataRange.count) * 8 else { return false }
    }
    let names = Set(header.entries.map { ExactString($0.name) })
    return end + header.dataStart == fileSize && names.count == header.entries.count
}

private struct Mutator {
    var random: SplitMix

    static let seeds: [[UInt8]] = [
        Fixture.file(
            Fixture.object(
                #""__metadata__":{"format":"pt"}"#,
                Fixture.entry("h.0.attn", "F32", "[2,3]", 0, 24),
                Fixture.entry("h.0.bias", "F16", "[5]", 24, 34),
                Fixture.entry("scalar", "I64", "[]", 34, 42),
                Fixture.entry("none", "BF16", "[0,7]", 42, 42),
                Fixture.entry("mask", "BOOL", "[1,1,3]", 42, 45)
            )
                + "     ",
            data: 0..<45
        ),
        Fixture.file(Fixture.object(Fixture.entry("\\u00e9\\ud83d\\ude00", "U8", "[4]", 0, 4)), data: 0..<4),
        Fixture.file(
            Fixture.object(Fixture.entry("a", "F4", "[2,2]", 0, 2), Fixture.entry("b", "I8", "[1]", 2, 3)),
            data: 0..<3
        ),
        Fixture.file("{}"),
    ]
    private static let numbers = [
        "0", "-1", "-0", "1", "2", "3", "4", "5", "6", "24", "34", "42", "45", "46", "255", "256", "1e1",
        "0.5", "4294967296",
        "4611686018427387904", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e999",
        "null", "[]", "[[0]]", "\"4\"", "{}",
    ]
    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "\"dtype\":\"F64\",",
        "\"shape\":[1],",
        "\"data_offsets\":[0,4],", "\"a\":1,", "\"__metadata__\":{\"a\":\"b\"},", "F64", "U8", "I32",
        "F6_E2M3",
        "[[[[[[[[", "\u{0}", "é",
    ]

    /// A good file, changed in one to four ways.
    mutating func next() -> [UInt8] {
        var bytes = Mutator.seeds[pick(Mutator.seeds.count)]
        for _ in 0...pick(4) { mutate(&bytes) }
        // Most cases keep a length that fits, so that they get past the first check.
        if bytes.count >= 8, pick(4) > 0 { fitLength(of: &bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        switch pick(9) {
        case 0: bytes[pick(bytes.count)] ^= 1 << pick(8)
        case 1: bytes.removeLast(pick(bytes.count))
        case 2: swapNumber(&bytes)
        case 3: swapNumber(&bytes)
        case 4: insert(Array(Mutator.pieces[pick(Mutator.pieces.count)].utf8), into: &bytes)
        case 5:
            let start = pick(bytes.count)
            insert(Array(bytes[start..<min(bytes.count, start + pick(40))]), into: &bytes)
        case 6:
            let start = pick(bytes.count)
            bytes.removeSubrange(start..<min(bytes.count, start + pick(12)))
        case 7: bytes.append(contentsOf: (0..<pick(9)).map { _ in UInt8(pick(256)) })
        default: bytes[pick(bytes.count)] = UInt8(pick(256))
        }
    }

    private mutating func insert(_ piece: [UInt8], into bytes: inout [UInt8]) {
        bytes.insert(contentsOf: piece, at: pick(bytes.count + 1))
    }

    /// Puts another number in the place of one.
    private mutating func swapNumber(_ bytes: inout [UInt8]) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let starts = bytes.indices.filter { $0 >= 8 && digits ~= bytes[$0] && !(digits ~= bytes[$0 - 1]) }
        guard !starts.isEmpty else { return }
        let start = starts[pick(starts.count)]
        let end = bytes[start...].firstIndex { !(digits ~= $0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: Array(Mutator.numbers[pick(Mutator.numbers.count)].utf8))
    }

    /// Makes the length end after the last `}` (and after the spaces that follow).
    private func fitLength(of bytes: inout [UInt8]) {
        guard let brace = bytes.lastIndex(of: UInt8(ascii: "}")), brace >= 8 else { return }
        let end = bytes[(brace + 1)...].firstIndex { $0 != 0x20 } ?? bytes.count
        withUnsafeBytes(of: UInt64(end - 8).littleEndian) { bytes.replaceSubrange(0..<8, with: $0) }
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}

@Suite struct SafetensorsMutationTests {
    @Test func seedsAreGood() throws {
        for bytes in Mutator.seeds {
            let header = try bytes.withUnsafeBytes { try SafetensorsHeader(parsing: $0, file: "m") }
            #expect(holds(header, fileSize: bytes.count))
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func mutatedHeaders(seed: UInt64) {
        var mutator = Mutator(random: SplitMix(seed: seed))
        var accepted = 0
        for number in 0..<2500 {
            let bytes = mutator.next()
            do {
                let header = try bytes.withUnsafeBytes { try SafetensorsHeader(parsing: $0, file: "m") }
                accepted += 1
                if !holds(header, fileSize: bytes.count) { Issue.record("case \(number) of seed \(seed)") }
            } catch {
                guard error is SafetensorsError, "\(error)".count >= 40 else {
                    Issue.record("case \(number) of seed \(seed): \(error)")
                    continue
                }
            }
        }
        // Both ways are taken: the mutations are neither all fatal nor all harmless.
        #expect(accepted > 50 && accepted < 1500)
    }

    @Test func mutatedFiles() throws {
        let directory = try TestDirectory()
        var mutator = Mutator(random: SplitMix(seed: 5))
        for _ in 0..<300 {
            let url = try directory.write("m", mutator.next())
            do {
                let file = try SafetensorsFile(url)
                for name in file.names {
                    do {
                        let tensor = try file.tensor(named: name)
                        #expect(tensor.withUnsafeBytes { $0.count } == tensor.byteCount)
                    } catch {
                        guard case .unsupportedDType = error.problem else {
                            Issue.record("\(error)")
                            continue
                        }
                    }
                }
            } catch is SafetensorsError {}
        }
    }

    @Test func randomBytes() {
        var random = SplitMix(seed: 6)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...64, using: &random)
            let text = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            for bytes in [text, Fixture.file(header: text), Fixture.file(header: Array("{".utf8) + text)] {
                #expect(throws: SafetensorsError.self) {
                    _ = try bytes.withUnsafeBytes { try SafetensorsHeader(parsing: $0, file: "m") }
                }
            }
        }
    }
}
