// Reduction of attention patterns to sums over chosen entries, row by row. Entries are picked on the device and
// summed in float64 on the processor: not every device has that type.
import Torch

/// The entries of one prompt's patterns that are summed together.
struct PatternRow {
    /// Index of the prompt in its batch.
    var prompt: Int
    /// What is summed; an entry that stands twice counts twice.
    var cells: [PatternCell]
}

/// Rows of the patterns of a batch, ready to be summed for every head at once.
struct PatternSums {
    private let prompts: Tensor  // [entry] int64
    private let queries: Tensor
    private let keys: Tensor
    private let targets: Tensor  // [entry * head]: where each value is added in [row * head]
    private let rowCount: Int
    private let heads: Int

    init(_ rows: [PatternRow], heads: Int, device: Device) {
        rowCount = rows.count
        self.heads = heads
        prompts = Tensor(rows.flatMap { row in row.cells.map { _ in row.prompt } }, device: device)
        queries = Tensor(rows.flatMap { $0.cells.map(\.query) }, device: device)
        keys = Tensor(rows.flatMap { $0.cells.map(\.key) }, device: device)
        let starts = Tensor(rows.enumerated().flatMap { index, row in row.cells.map { _ in index * heads } })
        // One axis: adding at indices is a plain loop there, and a call for every entry otherwise.
        targets = (starts.unsqueeze(1) + Tensor.range(to: heads)).reshape(-1)
    }

    /// Sums of a pattern [batch, head, query, key] over each row's entries: [row][head].
    func callAsFunction(_ pattern: Tensor) -> [[Double]] {
        // Indexed axes come first: [entry, head].
        let values = pattern.index([prompts, nil, queries, keys]).to(device: .cpu).to(.float64)
        let sums = Tensor.zeros([rowCount * heads], dtype: .float64)
        sums.indexAddInPlace(0, targets, values.reshape(-1))
        let flat = sums.doubles
        return (0..<rowCount).map { Array(flat[$0 * heads..<($0 + 1) * heads]) }
    }
}
