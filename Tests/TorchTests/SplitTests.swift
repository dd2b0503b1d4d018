// Parts of an axis.
import Testing
import Torch

@Suite struct SplitTests {
    @Test func partsAreSlices() {
        let x = RandomSource(seed: 1).normal([3, 9, 2])
        let parts = x.split([4, 0, 5], axis: 1)
        #expect(parts.map(\.shape) == [[3, 4, 2], [3, 0, 2], [3, 5, 2]])
        #expect(parts[0].isEqual(to: x.slice(1, 0..<4)) && parts[2].isEqual(to: x.slice(1, 4..<9)))
        #expect(x.split([1, 1], axis: -1)[1].isEqual(to: x.slice(2, 1..<2)))
    }

    @Test func gradientsAreJoined() {
        let x = RandomSource(seed: 2).normal([2, 7], dtype: .float64).requiringGradient()
        let gradient = withGradients {
            let parts = x.split([3, 4], axis: 1)
            return gradients(of: [(parts[0] * 2).sum(), (parts[1] * parts[1]).sum()], withRespectTo: [x])[0]
        }
        let expected = Tensor.cat(
            [.full([2, 3], 2, dtype: .float64), x.detached().slice(1, 3..<7) * 2],
            axis: 1
        )
        #expect((gradient - expected).abs().max().scalar < 1e-14)
    }
}
