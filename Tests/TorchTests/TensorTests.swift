// Tensor operations against values worked out by hand or recorded from PyTorch.
import Foundation
import Testing
import Torch

@Suite struct TensorTests {
    let a = Tensor([1, -2, 3, 0.5, 5, -6] as [Float], [2, 3])

    @Test func hostTransferKeepsOrderAndType() {
        #expect(a.shape == [2, 3])
        #expect(a.dtype == .float32)
        #expect(a.floats == [1, -2, 3, 0.5, 5, -6])
        #expect(Tensor([1, 2, 3]).dtype == .int64)
        #expect(Tensor([true, false]).array(of: Bool.self) == [true, false])
        #expect(Tensor([] as [Float], [0, 4]).floats.isEmpty)
        #expect(a.mT.floats == [1, 0.5, -2, 5, 3, -6])
    }

    @Test(arguments: [DType.float64, .float16, .bfloat16, .int32, .int8, .int64])
    func conversionKeepsSmallWholeNumbers(dtype: DType) {
        let whole = Tensor([1, -2, 3, 100] as [Float])
        #expect(whole.to(dtype).dtype == dtype)
        #expect(whole.to(dtype).floats == whole.floats)
    }

    @Test func viewsShareStorageAndCopiesDoNot() {
        let base = Tensor.zeros([2, 3])
        let copy = base.copy()
        base.select(0, 1).slice(0, 1..<3).fill(7)
        #expect(base.floats == [0, 0, 0, 0, 7, 7])
        #expect(copy.floats == [0, 0, 0, 0, 0, 0])
    }

    @Test func arithmeticBroadcasts() {
        let row = Tensor([10, 20, 30] as [Float])
        #expect((a + row).floats == [11, 18, 33, 10.5, 25, 24])
        #expect((a - row).floats == [-9, -22, -27, -9.5, -15, -36])
        #expect((row / 10 * 2).floats == [2, 4, 6])
        #expect((1 - a).floats == [0, 3, -2, 0.5, -4, 7])
        #expect((Tensor([1, 2, 3]) * 2).ints == [2, 4, 6])
        #expect((Tensor([1, 2, 3]) * 2).dtype == .int64)
        #expect((Tensor([1, 2, 3]) * 0.5).dtype == .float32)
        #expect(Tensor.maximum(a, -a).isEqual(to: a.abs()))
        #expect(a.clamp(-1...2).floats == [1, -1, 2, 0.5, 2, -1])
    }

    @Test func comparisonsGiveBooleans() {
        #expect((a .> 0.5).array(of: Bool.self) == [true, false, true, false, true, false])
        #expect(((a .> 0) .& (a .< 2)).array(of: Bool.self) == [true, false, false, true, false, false])
        #expect((.!(a .== a)).any() == false)
        #expect(Tensor([Float.nan]).isEqual(to: Tensor([Float.nan])) == false)
        #expect(a.isEqual(to: a.to(.float64)) == false)
    }

    @Test func reductions() {
        #expect(a.sum().scalar == 1.5)
        #expect(a.sum(0).floats == [1.5, 3, -3])
        #expect(a.mean(1, keep: true).shape == [2, 1])
        #expect(a.max(1).floats == [3, 5])
        #expect(a.min().scalar == -6)
        #expect(a.argmax(1).ints == [2, 1])
        #expect(abs(a.norm(0).doubles[2] - 45.0.squareRoot()) < 1e-6)
        #expect(abs(a.logSumExp(1).doubles[0] - log(exp(1.0) + exp(-2.0) + exp(3.0))) < 1e-6)
        #expect(abs(a.variance(1).doubles[0] - 19.0 / 3) < 1e-5)
        #expect(a.cumulativeSum(1).floats == [1, -1, 2, 0.5, 5.5, -0.5])
        let top = a.topK(2)
        #expect(top.values.floats == [3, 1, 5, 0.5])
        #expect(top.indices.ints == [2, 0, 1, 0])
        #expect(a.sorted(descending: true).indices.ints == [2, 0, 1, 1, 0, 2])
    }

    @Test func indexing() {
        let cube = Tensor((0..<24).map(Float.init), [2, 3, 4])
        #expect(cube.select(1, 2).floats == [8, 9, 10, 11, 20, 21, 22, 23])
        let parts = cube.split([1, 3], axis: 2)
        #expect(parts.map(\.shape) == [[2, 3, 1], [2, 3, 3]])
        #expect(parts[1].isEqual(to: cube.slice(2, 1..<4)))
        #expect(cube.slice(2, 1..<4, by: 2).select(0, 0).floats == [1, 3, 5, 7, 9, 11])
        let picked = cube.index([Tensor([1, 0]), nil, Tensor([3, 2])])
        #expect(picked.shape == [2, 3])
        #expect(picked.floats == [15, 19, 23, 2, 6, 10])
        #expect(a.gather(1, Tensor([2, 0], [2, 1])).floats == [3, 0.5])
        #expect(
            a.scatter(1, Tensor([2, 0], [2, 1]), Tensor([9, 8] as [Float], [2, 1])).floats == [
                1, -2, 9, 8, 5, -6,
            ]
        )
        #expect(a.indexSelect(1, Tensor([2, 0])).floats == [3, 1, -6, 0.5])
        let sums = Tensor.zeros([2, 3])
        sums.indexAddInPlace(0, Tensor([1, 1]), a)
        #expect(sums.floats == [0, 0, 0, 1.5, 3, -3])
        sums.indexPutInPlace([Tensor([0]), Tensor([2])], Tensor([4] as [Float]))
        #expect(sums.floats == [0, 0, 4, 1.5, 3, -3])
        #expect(Tensor.ones([3, 3]).lowerTriangle(-1).floats == [0, 0, 0, 1, 0, 0, 1, 1, 0])
    }

    @Test func shapes() {
        #expect(a.reshape(3, -1).shape == [3, 2])
        #expect(a.unsqueeze(1).expand([2, 4, 3]).permute(1, 2, 0).shape == [4, 3, 2])
        #expect(Tensor.cat([a, a], axis: 1).shape == [2, 6])
        #expect(Tensor.stack([a, a], axis: 2).shape == [2, 3, 2])
        #expect(a.flip(1).floats == [3, -2, 1, -6, 5, 0.5])
        #expect(a.roll(1, axis: 1).floats == [3, 1, -2, -6, 0.5, 5])
    }

    @Test func mistakesTrapWithOperationAndShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 3]).matmul(Tensor.zeros([4, 5]))
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(
            text.contains(
                "matmul of [2, 3] float32, [4, 5] float32: mat1 and mat2 shapes cannot be multiplied"
            )
        )
    }

    @Test func memoryRunningOutEndsInOrder() async {
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([1 << 58])
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.hasPrefix("error: out of memory in full([288230376151711744])"))
    }
}
