// Reduction of attention patterns to sums over chosen entries, prompt by prompt. Entries are picked on the device and
// summed in float64 on the processor: not every device has that type.
import Torch

/// Entries of the patterns of a batch, ready to be summed for every head at once.
struct PatternSums {
    private let prompts: Tensor  // [entry] int64
    private let queries: Tensor
    private let keys: Tensor
    private let promptCount: Int
    /// Positions t that a prompt's entries cover: the number that its sum is divided by.
    let counts: [Int]

    init(_ entries: [[PatternCell]], device: Device) {
        promptCount = entries.count
        prompts = Tensor(
            entries.enumerated().flatMap { index, list in list.map { _ in index } },
            device: device
        )
        queries = Tensor(entries.flatMap { $0.map(\.query) }, device: device)
        keys = Tensor(entries.flatMap { $0.map(\.key) }, device: device)
        counts = entries.map { Set($0.map(\.query)).count }
    }

    /// Sums of a pattern [batch, head, query, key] over the entries: [prompt][head].
    func callAsFunction(_ pattern: Tensor) -> [[Double]] {
        let heads = pattern.size(1)
        // Indexed axes come first: [entry, head].
        let values = pattern.index([prompts, nil, queries, keys]).to(device: .cpu).to(.float64)
        let sums = Tensor.zeros([promptCount, heads], dtype: .float64)
        sums.indexAddInPlace(0, prompts.to(device: .cpu), values)
        let flat = sums.doubles
        return (0..<promptCount).map { Array(flat[$0 * heads..<($0 + 1) * heads]) }
    }
}
