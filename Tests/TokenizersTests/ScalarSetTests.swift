import Testing

@testable import Tokenizers

@Suite struct ScalarSetTests {
    private func contains(_ set: ScalarSet, _ scalar: Unicode.Scalar) -> Bool {
        var text = String(scalar)
        return text.withUTF8 { bytes in
            ScalarClasses.shared.table.withUnsafeBufferPointer { classes in
                let length = set.matchLength(bytes, 0, classes)
                #expect(length == 0 || length == bytes.count)
                #expect(length == 0 || set.mayBegin(with: bytes[0]))
                return length > 0
            }
        }
    }

    /// How many scalars a set has.
    private func count(_ set: ScalarSet) -> Int {
        ScalarClasses.shared.table.withUnsafeBufferPointer { classes in
            Self.everyScalar.withUnsafeBufferPointer { bytes in
                var count = 0
                var index = 0
                while index < bytes.count {
                    if set.matchLength(bytes, index, classes) > 0 { count += 1 }
                    index += decodeScalar(bytes, at: index).length
                }
                return count
            }
        }
    }

    private static let everyScalar: [UInt8] = (UInt32(0)..<0x110000).reduce(into: []) { bytes, scalar in
        if Unicode.Scalar(scalar) != nil { appendScalar(scalar, to: &bytes) }
    }

    // Counted on the reference: letters and numbers of Unicode 16, the 25 of White_Space.
    @Test(arguments: [("L", 141_028), ("N", 1911), ("Lu", 1858), ("Zs", 17), ("M", 2501)])
    func theCategoriesAreThoseOfTheReference(name: String, expected: Int) throws {
        #expect(count(try #require(ScalarSet(category: name))) == expected)
    }

    @Test func whiteSpace() throws {
        #expect(count(.space) == 25)
        #expect(count(.notSpace) == 0x110000 - 0x800 - 25)
        #expect(contains(.space, "\u{85}") && !contains(.space, "\u{200B}"))
        // New in Unicode 17, which a newer runtime would call a letter.
        #expect(!contains(try #require(ScalarSet(category: "L")), "\u{88F}"))
        #expect(
            ScalarSet(category: "Q") == nil && ScalarSet(category: "Lx") == nil
                && ScalarSet(category: "") == nil
        )
    }

    @Test func unionsRangesAndInversion() throws {
        var set = try #require(ScalarSet(category: "Nd"))
        for range: ClosedRange<UInt32> in [
            0x61...0x62, 0x7E...0xE9, 0x4E00...0x4E00, 0x3040...0x3050,
        ] {
            let fits = set.insert(range)
            #expect(fits)
        }
        let joins = set.formUnion(.space)
        #expect(joins)
        for scalar in "07٣ab~é\u{80}中 \u{2003}".unicodeScalars {
            #expect(contains(set, scalar) != (scalar == "中"), "\(scalar)")
            #expect(contains(set.inverted, scalar) == (scalar == "中"), "\(scalar)")
        }
        #expect(contains(set, "\u{4E00}"))
        let isRefused = !set.insert(0x3060...0x3070)
        #expect(isRefused)
        #expect(set.inverted.inverted == set)
    }
}
