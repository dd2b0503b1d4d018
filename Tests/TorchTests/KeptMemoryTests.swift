// Tensors in memory that others had before.
import Testing
import Torch

@Suite struct KeptMemoryTests {
    init() { Engine.keepFreedMemory() }

    /// Sizes around those that are kept, from several threads at once: no tensor sees another's numbers.
    @Test func tensorsDoNotShareMemory() async {
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var own: [(value: Double, tensor: Tensor)] = []
                    for round in 0..<60 {
                        let count = [1, 200_000, 262_144, 300_000, 1_500_000, 1_499_000][
                            (round * 7 + task) % 6
                        ]
                        let value = Double(task * 1000 + round)
                        own.append((value, Tensor.zeros([count]) + value))
                        if own.count > 5 { own.remove(at: round % 5) }
                        let isWhole = own.allSatisfy { value, tensor in
                            let (low, high) = (tensor.min(0).scalar, tensor.max(0).scalar)
                            return low == value && high == value
                        }
                        if !isWhole { return false }
                    }
                    return true
                }
            }
            for await isWhole in group { #expect(isWhole) }
        }
    }
}
