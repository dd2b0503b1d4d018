import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite struct StoredTensorLoadTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test func arrangedTensorsOfManyPieces() throws {
        let (rows, columns) = (700, 900)
        let values = (0..<rows * columns).map { Float($0 % 8191) - 4000 }
        let tensor = Opcodes.tensor(count: rows * columns, size: [rows, columns], stride: [columns, 1])
        let archive = Archive(
            pickle: Opcodes.pickle(Opcodes.dictionary(("w", tensor))),
            storages: [Archive.floats(values)]
        )
        _ = try directory.write("config.json", "{}")
        _ = try directory.write("pytorch_model.bin", archive.bytes)
        let weights = try ModelFiles(directory.url).weights
        let whole = Tensor(values, [rows, columns])
        for _ in 0..<2 {
            let plain = try weights.load("w", shape: [rows, columns], dtype: .float32, device: .cpu) { $0 }
            #expect(plain.isEqual(to: whole))
            let turned = try weights.load("w", shape: [rows, columns], dtype: .float16, device: .cpu) {
                $0.mT
            }
            #expect(turned.isEqual(to: whole.mT.to(.float16)))
        }
    }

    @Test func theLastOfManyPiecesIsLookedAtToo() throws {
        var values = [Float](repeating: 0.25, count: 600 * 901)
        values[599 * 901 + 900] = .infinity
        let tensor = Opcodes.tensor(count: values.count, size: [600, 901], stride: [901, 1])
        let pickle = Opcodes.pickle(Opcodes.dictionary(("w", tensor)))
        let archive = Archive(pickle: pickle, storages: [Archive.floats(values)])
        let weights = try openWeights(directory.write("m.bin", archive.bytes))
        for arrange in [{ $0 }, { $0.mT }] as [(Tensor) -> Tensor] {
            let found = message(in: directory) {
                _ = try weights.load(
                    "w",
                    shape: [600, 901],
                    dtype: .bfloat16,
                    device: .cpu,
                    arrange: arrange
                )
            }
            #expect(
                found?.hasPrefix("m.bin: tensor w has inf at [599, 900], and weights must be finite") == true
            )
        }
    }

    @Test(arguments: [DType.float32, .float16, .bfloat16, .float64])
    func numbersThatAreNotFinite(stored: DType) throws {
        let storages: [DType: (String, (Double) -> [UInt8])] = [
            .float32: ("FloatStorage", { littleEndian(Float($0).bitPattern) }),
            .float64: ("DoubleStorage", { littleEndian($0.bitPattern) }),
            .float16: ("HalfStorage", { littleEndian(Float16($0).bitPattern) }),
            .bfloat16: (
                "BFloat16Storage", { littleEndian(UInt16(truncatingIfNeeded: Float($0).bitPattern >> 16)) }
            ),
        ]
        let (type, encode) = try #require(storages[stored])
        for (bad, text) in [(Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
            var values: [Double] = (0..<12).map { Double($0) }
            values[7] = bad
            values[9] = bad
            let tensor = Opcodes.tensor(count: 12, type: type, size: [3, 4], stride: [4, 1])
            let archive = Archive(
                pickle: Opcodes.pickle(Opcodes.dictionary(("w", tensor))),
                storages: [values.flatMap(encode)]
            )
            let weights = try openWeights(directory.write("m.bin", archive.bytes))
            let found = message(in: directory) {
                _ = try weights.load("w", shape: [3, 4], dtype: .float32, device: .cpu) { $0.mT }
            }
            #expect(
                found
                    == "m.bin: tensor w has \(text) at [1, 3], and weights must be finite; the training run failed or "
                    + "the file is damaged: use another checkpoint."
            )
        }
    }

    @Test func numbersBeyondFloat16() throws {
        let tensor = Opcodes.tensor(size: [2, 2], stride: [2, 1])
        let archive = Archive(
            pickle: Opcodes.pickle(Opcodes.dictionary(("w", tensor))),
            storages: [Archive.floats([1, 65504, -70000, 4])]
        )
        let weights = try openWeights(directory.write("m.bin", archive.bytes))
        #expect(
            message(in: directory) {
                _ = try weights.load("w", shape: [2, 2], dtype: .float16, device: .cpu) { $0 }
            }
                == "m.bin: tensor w has -70000.0 at [1, 0], which is too large for float16; load it in float32 or bfloat16."
        )
        _ = try weights.load("w", shape: [2, 2], dtype: .bfloat16, device: .cpu) { $0 }
    }
}
