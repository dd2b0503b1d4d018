// Archives that lie, and weights that cannot be computed with: each is an error with a text that names file and place.

import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite struct HostileTorchFileTests {
    private static let good = Opcodes.pickle(Opcodes.dictionary(("w", Opcodes.tensor())))
    private static let remedy =
        " The file is damaged or was not written by torch.save: download or save it again."
    private static let cut = " The file is cut short, damaged or of another kind: download or save it again."
    /// Where the directory of the good archive begins.
    private let directoryStart: Int
    private let directory: TestDirectory

    init() throws {
        let archive = Archive(pickle: Self.good)
        let lengths = archive.records.map { 46 + $0.name.utf8.count }
        directoryStart = archive.bytes.count - 22 - lengths.reduce(0, +)
        directory = try TestDirectory()
    }

    private func error(_ bytes: [UInt8]) throws -> String? {
        let url = try directory.write("m.bin", bytes)
        return message(in: directory) { _ = try openWeights(url) }
    }

    private func check(_ expected: String, _ change: (inout Archive) -> Void) throws {
        var archive = Archive(pickle: Self.good)
        change(&archive)
        let found = try error(archive.bytes)
        #expect(found == "m.bin: " + expected)
    }

    @Test func goodArchivesAreRead() throws {
        #expect(try error(Archive(pickle: Self.good).bytes) == nil)
        var archive = Archive(pickle: Self.good)
        archive.comment = Array("a remark".utf8)
        #expect(try error(archive.bytes) == nil)
        // The same numbers in the wide fields of zip64, as they are for files beyond 4 GiB.
        let start = archive.records[..<2].reduce(0) { $0 + 30 + $1.name.utf8.count + $1.data.count }
        archive.records[2].size = .max
        archive.records[2].unpacked = .max
        archive.records[2].start = .max
        archive.records[2].extra =
            [9, 0, 1, 0, 7, 1, 0, 24, 0] + littleEndian(UInt64(16)) + littleEndian(UInt64(16))
            + littleEndian(UInt64(start))
        let directorySize = archive.records.reduce(0) { $0 + 46 + $1.name.utf8.count + $1.extra.count }
        archive.zip64 = (4, UInt64(directorySize), UInt64(directoryStart))
        archive.directoryStart = .max
        archive.directorySize = .max
        archive.count = .max
        #expect(try error(archive.bytes) == nil)
        let weights = try openWeights(directory("m.bin"))
        #expect(
            try weights.load("w", shape: [4], dtype: .float32, device: .cpu) { $0 }.doubles == [1, 2, 3, 4]
        )
    }

    @Test func packedRecords() throws {
        try check(
            #"record "a/data/0": it is packed (method 8, 16 bytes for 4000000000), and torch.save stores records as "#
                + "they are. Save it again with torch.save, or unpack the archive and store it without compression."
        ) {
            $0.records[2].method = 8
            $0.records[2].unpacked = 4_000_000_000
        }
        try check(
            #"record "a/data.pkl": it is packed (method 0, \#(Self.good.count) bytes for 1000000), and torch.save stores "#
                + "records as they are. Save it again with torch.save, or unpack the archive and store it without "
                + "compression."
        ) { $0.records[0].unpacked = 1_000_000 }
        try check(#"record "a/data/0": it is encrypted."# + Self.remedy) { $0.records[2].flags = 1 }
    }

    @Test func recordsInTheWrongPlace() throws {
        let size = Archive(pickle: Self.good).bytes.count
        let directoryStart =
            size - 22 - Archive(pickle: Self.good).records.reduce(0) { $0 + 46 + $1.name.utf8.count }
        try check(#"record "a/byteorder": it shares bytes with record "a/data.pkl"."# + Self.remedy) {
            $0.records[1] = .init(name: "a/byteorder", data: [])
            $0.records[0].size = UInt32(Self.good.count + 20)
            $0.records[0].unpacked = UInt32(Self.good.count + 20)
        }
        try check(#"record "a/data/0": there are two records of this name."# + Self.remedy) {
            $0.records.append($0.records[2])
        }
        try check(
            #"record "a/version": it shares bytes with record "a/data/0"."# + Self.remedy
        ) {
            $0.records[2].size = 40
            $0.records[2].unpacked = 40
        }
        try check(
            #"record "a/version": it ends at byte \#(directoryStart - 2 + 9999), and its place ends at byte "#
                + "\(directoryStart)." + Self.cut
        ) {
            $0.records[3].size = 9999
            $0.records[3].unpacked = 9999
        }
        try check(
            #"record "a/data/0": no record begins at byte 4294967294, where the directory says."#
                + Self.remedy
        ) { $0.records[2].start = .max - 1 }
        try check(#"record "a/data/0": its own header says otherwise than the directory."# + Self.remedy) {
            $0.records[2].ownName = "a/data/1"
        }
    }

    @Test func directoriesThatLie() throws {
        try check("its directory has 4 records and says that it has 5." + Self.remedy) { $0.count = 5 }
        try checkCount(300_000)
        let size = Archive(pickle: Self.good).bytes.count
        try check(
            "its directory of 4294967295 bytes at byte 4294967295 does not end at byte \(size - 22), where it must."
                + Self.remedy
        ) {
            $0.directorySize = .max
            $0.directoryStart = .max
        }
        try check(
            "its directory of 18446744073709551615 bytes at byte 18446744073709551615 does not end at byte "
                + "\(size - 22), where it must." + Self.remedy
        ) { $0.zip64 = (4, .max, .max) }
        try check("its zip64 end record is not where its locator says." + Self.remedy) {
            $0.zip64 = (4, 0, 0)
            $0.zip64Locator = .max
        }
        try check(#"record "a/data/0": its zip64 field is missing."# + Self.remedy) {
            $0.records[2].size = .max
            $0.records[2].unpacked = .max
        }
        try check(
            #"record "a/data/0": it ends at byte 18446744073709551615, and its place ends at byte "#
                + "\(directoryStart)." + Self.cut
        ) {
            $0.records[2].size = .max
            $0.records[2].unpacked = .max
            $0.records[2].extra = [1, 0, 16, 0] + [UInt8](repeating: 0xff, count: 16)
        }
    }

    private func checkCount(_ count: UInt64) throws {
        var archive = Archive(pickle: Self.good)
        let plain = archive.bytes
        let start = UInt64(
            UInt32(
                littleEndian: plain.withUnsafeBytes {
                    $0.loadUnaligned(fromByteOffset: plain.count - 6, as: UInt32.self)
                }
            )
        )
        archive.zip64 = (count, UInt64(plain.count - 22) - start, start)
        #expect(
            try error(archive.bytes) == "m.bin: \(count) records, and at most 200000 are read." + Self.remedy
        )
    }

    @Test func archivesOfAnotherKind() throws {
        try check("the archive has no data.pkl, which torch.save always writes." + Self.remedy) {
            $0.records.removeFirst()
        }
        try check("the archive has no data.pkl, which torch.save always writes." + Self.remedy) {
            $0.records.append(.init(name: "b/data.pkl", data: Self.good))
        }
        try check(
            #"record "a/byteorder": expected little, found "big": it was saved on a machine with another byte order. "#
                + "Load it with Python and save it again on this machine."
        ) { $0.records[1].data = Array("big".utf8) }
        #expect(
            try error(Array("version https://git-lfs.github.com/spec/v1\n".utf8))
                == "m.bin: it is a Git LFS pointer, the stand-in for a file that has not been fetched. Run `git lfs "
                + "pull` in its directory, or download the file itself."
        )
        for bytes in [[], Array("<html>".utf8), [UInt8](repeating: 0, count: 70_000)] {
            #expect(
                try error(bytes)
                    == "m.bin: expected the zip archive that torch.save writes, and it does not end as one."
                    + Self.cut
            )
        }
    }

    @Test func olderContainersSayHowToConvert() throws {
        func text(_ name: String) -> String {
            do {
                _ = try ModelFiles(fixture("older/\(name)"))
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            text("before-1.6.pt")
                == fixture("older/before-1.6.pt").path
                + ": it is in the container that torch.save wrote before PyTorch 1.6, which is not read here. Convert "
                + "it: python -c \"import sys, torch; torch.save(torch.load(sys.argv[1], map_location='cpu', "
                + "weights_only=True), sys.argv[2])\" OLD NEW"
        )
        #expect(
            text("script.pt")
                == fixture("older/script.pt").path
                + ": it is a TorchScript program, and a state dict is needed. Convert it: python -c \"import sys, "
                + "torch; torch.save(torch.jit.load(sys.argv[1], map_location='cpu').state_dict(), sys.argv[2])\" OLD "
                + "NEW"
        )
    }

    @Test(
        arguments: [
            (Opcodes.tensor(key: "7"), #"its storage is in record "a/data/7", which the archive lacks."#),
            (
                Opcodes.tensor(key: "../version"),
                #"its storage is in record "a/data/../version", which the archive lacks."#
            ),
            (
                Opcodes.tensor(count: 5),
                #"its storage needs 5 elements of 4 bytes, and record "a/data/0" has 16."#
            ),
            (
                Opcodes.tensor(count: .max),
                #"its storage needs 9223372036854775807 elements of 4 bytes, and record "a/data/0" has 16."#
            ),
            (
                Opcodes.tensor(size: [5]),
                "shape [5] with strides [1] from element 0 reaches beyond the 4 elements of its storage."
            ),
            (
                Opcodes.tensor(offset: 1),
                "shape [4] with strides [1] from element 1 reaches beyond the 4 elements of its storage."
            ),
            (
                Opcodes.tensor(offset: .max, size: [0]),
                "shape [0] with strides [1] from element 9223372036854775807 reaches beyond the 4 elements of its storage."
            ),
            (
                Opcodes.tensor(size: [2, 2], stride: [.max, .max]),
                "shape [2, 2] with strides [9223372036854775807, 9223372036854775807] from element 0 reaches beyond the 4 "
                    + "elements of its storage."
            ),
            (
                Opcodes.tensor(size: [1 << 32, 1 << 32], stride: [0, 0]),
                "shape [4294967296, 4294967296] with strides [0, 0] from element 0 reaches beyond the 4 elements of its "
                    + "storage."
            ),
            (Opcodes.tensor(size: [-4]), "size: expected a whole number of at least 0, found -4."),
            (Opcodes.tensor(stride: [-1]), "stride: expected a whole number of at least 0, found -1."),
            (Opcodes.tensor(offset: -1), "storage_offset: expected a whole number of at least 0, found -1."),
            (Opcodes.tensor(count: -1), "storage size: expected a whole number of at least 0, found -1."),
            (Opcodes.tensor(stride: [1, 1]), "stride: expected 1 numbers, as size has, found 2."),
            (
                Opcodes.tensor(size: [Int](repeating: 1, count: 65), stride: [Int](repeating: 1, count: 65)),
                "size: expected a tuple of at most 64 numbers, found a tuple of 65 values."
            ),
            (
                Opcodes.tensor(metadata: Opcodes.dictionary(("neg", [0x88]))),
                "metadata: expected none, found a dictionary of 1 field."
            ),
            (
                Opcodes.tensor(type: "float32"),
                "storage: expected the five parts of a storage's id, found a storage."
            ),
            (
                Opcodes.call(
                    Opcodes.global("torch._utils", "_rebuild_tensor_v2"),
                    Opcodes.tuple(Opcodes.none)
                ),
                "arguments: expected at least 6, found 1."
            ),
            (
                Opcodes.call(
                    Opcodes.global("torch._utils", "_rebuild_parameter"),
                    Opcodes.tuple(Opcodes.none)
                ),
                "value: expected a tensor, found a tensor."
            ),
        ] as [([UInt8], String)]
    )
    func tensorsThatLie(tensor: [UInt8], expected: String) throws {
        let archive = Archive(pickle: Opcodes.pickle(Opcodes.dictionary(("w", tensor))))
        #expect(try error(archive.bytes) == "m.bin: tensor \"w\": " + expected + Self.remedy)
    }

    @Test func codeInACheckpointIsNamedAndNothingIsWritten() throws {
        let witness = directory("witness").path
        let call = Opcodes.call(
            Opcodes.global("posix", "system"),
            Opcodes.tuple(Opcodes.text("touch \(witness)"))
        )
        let archive = Archive(
            pickle: Opcodes.pickle(Opcodes.dictionary(("w", Opcodes.tensor()), ("x", call)))
        )
        let pickle = archive.records[0].data
        let offset = try #require(pickle.indices.first { pickle[$0...].starts(with: "cposix".utf8) })
        let found = try error(archive.bytes)
        #expect(
            found
                == "m.bin: a/data.pkl: byte \(offset) of the pickle: it asks for \"posix.system\", which is not "
                + "among the few names that tensors and plain values need. Nothing was run. If you trust where the "
                + "file is from, load it with Python and save only its tensors and plain values; if you do not, "
                + "delete it."
        )
        #expect(try directory.contents() == ["m.bin"])
    }

    @Test func everyTruncationIsFound() throws {
        let whole = Archive(pickle: Self.good).bytes
        for count in 0..<whole.count {
            let text = try error(Array(whole[..<count])) ?? "accepted \(count)"
            #expect(text.hasPrefix("m.bin: ") && text.count > 60, "\(count): \(text)")
        }
    }
}
