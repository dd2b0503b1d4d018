// Random changes to good files: whatever comes of it is a value or an error with a text, never a crash or a hang, and a
// value is one whose every part can be looked at.

import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

private struct Mutator {
    var random: SplitMix
    let seeds: [[UInt8]]
    /// How many changes a case has at most.
    var most = 4

    private static let pieces: [[UInt8]] = [
        Array("cos\nsystem\n".utf8), Array("R".utf8), Array("b".utf8), Array("(".utf8), Array("t".utf8),
        Array("Q".utf8), [0x8a, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x8a, 1, 0xff],
        [0x68, 0],
        [0x71, 0], [0x94], [0x93], [0x58, 0, 0, 0, 0x80], Array("]".utf8), Array("}".utf8), Array("u".utf8),
        Array("e".utf8), Array("2".utf8), Array("0".utf8), Array("N".utf8), Array("PK\u{1}\u{2}".utf8),
        Array("PK\u{5}\u{6}".utf8), [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0],
    ]

    mutating func next() -> [UInt8] {
        var bytes = seeds[pick(seeds.count)]
        for _ in 0...pick(most) where !bytes.isEmpty {
            switch pick(7) {
            case 0: bytes[pick(bytes.count)] ^= 1 << pick(8)
            case 1: bytes[pick(bytes.count)] = UInt8(pick(256))
            case 2: bytes.removeLast(pick(bytes.count))
            case 3:
                let start = pick(bytes.count)
                bytes.removeSubrange(start..<min(bytes.count, start + 1 + pick(9)))
            case 4: bytes.insert(contentsOf: Self.pieces[pick(Self.pieces.count)], at: pick(bytes.count + 1))
            case 5:
                let piece = Self.pieces[pick(Self.pieces.count)]
                let start = pick(bytes.count)
                let end = min(bytes.count, start + piece.count)
                bytes.replaceSubrange(start..<end, with: piece.prefix(end - start))
            default:
                let start = pick(bytes.count)
                let piece = Array(bytes[start..<min(bytes.count, start + pick(30))])
                bytes.insert(contentsOf: piece, at: pick(bytes.count + 1))
            }
        }
        return bytes
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}

@Suite struct PickleMutationTests {
    private static let model = Opcodes.dictionary(
        ("a.weight", Opcodes.tensor(offset: 1, size: [3, 1], stride: [1, 0])),
        ("a.bias", Opcodes.tensor(key: "1", count: 2, type: "HalfStorage", size: [2]))
    )
    private static let checkpoint = Opcodes.pickle(
        Opcodes.dictionary(
            ("model", model),
            ("model_args", Opcodes.dictionary(("n_layer", Opcodes.int(2)), ("bias", [0x88]))),
            ("config", Opcodes.dictionary(("dataset", Opcodes.text("x"))))
        )
    )
    private static let meta = Opcodes.pickle(
        Opcodes.dictionary(
            ("stoi", Opcodes.dictionary(("a", Opcodes.int(0)), ("b", Opcodes.int(1)))),
            (
                "itos",
                Array("}(".utf8) + Opcodes.int(0) + Opcodes.text("a") + Opcodes.int(1) + Opcodes.text("b")
                    + Array("u".utf8)
            )
        )
    )

    private func isTyped(_ error: any Error) -> Bool {
        (error is PickleError || error is TorchFileError || error is CheckpointError)
            && "\(error)".count >= 40
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func pickles(seed: UInt64) {
        var mutator = Mutator(random: SplitMix(seed: seed), seeds: [Self.checkpoint, Self.meta])
        var accepted = 0
        for number in 0..<2000 {
            do {
                let root = try Pickle(mutator.next(), source: "m").value
                accepted += 1
                for (_, field) in (try? root.fields()) ?? [] {
                    #expect(!field.summary.isEmpty)
                    _ = try? field.jsonText()
                    _ = try? field.pairs()
                }
            } catch {
                if !isTyped(error) { Issue.record("case \(number) of seed \(seed): \(error)") }
            }
        }
        // Both ways are taken: the mutations are neither all fatal nor all harmless.
        #expect(accepted > 20 && accepted < 1500)
    }

    @Test(arguments: 5...6 as ClosedRange<UInt64>)
    func archives(seed: UInt64) throws {
        let directory = try TestDirectory()
        var archive = Archive(
            pickle: Self.checkpoint,
            storages: [Archive.floats([1, 2, 3, 4]), [0, 0x3c, 0, 0x40]]
        )
        let plain = archive.bytes
        _ = try ModelFiles(directory.write("ckpt.pt", plain))
        archive.zip64 = (UInt64(archive.records.count), 0, 0)
        var archives = Mutator(random: SplitMix(seed: seed), seeds: [plain, archive.bytes], most: 1)
        var pickles = Mutator(random: SplitMix(seed: seed + 100), seeds: [Self.checkpoint], most: 1)
        var accepted = 0
        for number in 0..<1000 {
            // Half of the cases are good archives of bad pickles: others hardly get that far.
            archive.records[0].data = pickles.next()
            archive.zip64 = nil
            let url = try directory.write("ckpt.pt", number % 2 == 0 ? archives.next() : archive.bytes)
            do {
                let files = try ModelFiles(url)
                for name in files.weights.names {
                    let stored = try files.weights.tensor(named: name)
                    #expect(stored.withUnsafeBytes { $0.reduce(0) { $0 ^ $1 } } <= 255)
                    _ = try files.weights.load(
                        name,
                        shape: stored.shape,
                        dtype: .float32,
                        device: .cpu,
                        arrange: { $0 }
                    )
                }
                accepted += 1
            } catch {
                if !isTyped(error) { Issue.record("case \(number) of seed \(seed): \(error)") }
            }
        }
        #expect(accepted > 20 && accepted < 900, "\(accepted)")
    }

    @Test func vocabularies() throws {
        let directory = try TestDirectory()
        var mutator = Mutator(random: SplitMix(seed: 7), seeds: [Self.meta])
        for number in 0..<500 {
            let url = try directory.write("meta.pkl", mutator.next())
            do {
                let found = try CharacterMeta(url)
                #expect(Set(found.characters).count == found.characters.count)
            } catch {
                if !isTyped(error) { Issue.record("case \(number): \(error)") }
            }
        }
    }
}
