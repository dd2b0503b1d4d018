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
        var (prompts, queries, keys, starts) = ([Int](), [Int](), [Int](), [Int]())
        for (index, row) in rows.enumerated() {
            for cell in row.cells {
                prompts.append(row.prompt)
                queries.append(cell.query)
                keys.append(cell.key)
                starts.append(index * heads)
            }
        }
        self.prompts = Tensor(prompts, device: device)
        self.queries = Tensor(queries, device: device)
        self.keys = Tensor(keys, device: device)
        // One axis: adding at indices is a plain loop there, and a call for every entry otherwise.
        targets = (Tensor(starts).unsqueeze(1) + Tensor.range(to: heads)).reshape(-1)
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
