// From what leaves the last block to the metric: collected over batches, unembedded many rows at a time, because the
// unembedding is the largest weight of all.
import Torch

/// Collects residual streams and reads the metric from their logits.
struct SweepOutputs {
    /// The run that rows belong to: a variation, or the base.
    enum Run: Hashable {
        case base
        case variation(Int)
    }

    private let model: Transformer
    private let unembedding: Linear
    private let limit: Int
    private let metric: CellMetric
    private var pending: [(run: Run, cells: [Int], rows: Tensor)] = []
    private var pendingRows = 0
    private(set) var base: [[Double]]
    private(set) var variations: [[[Double]]]

    /// - Parameter limit: rows of logits that are held at once.
    init(
        _ model: Transformer,
        cellCount: Int,
        variationCount: Int,
        limit: Int,
        packsWeights: Bool,
        metric: @escaping CellMetric
    ) {
        self.model = model
        self.limit = max(limit, 1)
        self.metric = metric
        unembedding = packsWeights ? model.weights.unembedding.packed(rows: limit) : model.weights.unembedding
        base = Array(repeating: [], count: cellCount)
        variations = Array(repeating: base, count: variationCount)
    }

    /// Takes the residual stream [cell, d] of some cells of a run.
    mutating func take(_ rows: Tensor, of run: Run, cells: [Int]) throws {
        guard !cells.isEmpty else { return }
        pending.append((run, cells, rows))
        pendingRows += cells.count
        if pendingRows >= limit { try flush() }
    }

    /// Takes logits [cell, vocab] of some cells of a run.
    mutating func take(logits: Tensor, of run: Run, cells: [Int]) throws {
        guard !cells.isEmpty else { return }
        try read(logits, owners: cells.map { (run, $0) })
    }

    /// What a variation does not touch is as in the base run.
    mutating func copyBase(to variation: Int, cells: [Int]) {
        for cell in cells { variations[variation][cell] = base[cell] }
    }

    /// Reads what is left.
    mutating func flush() throws {
        guard !pending.isEmpty else { return }
        let owners = pending.flatMap { entry in entry.cells.map { (entry.run, $0) } }
        let rows = pending.count == 1 ? pending[0].rows : Tensor.cat(pending.map(\.rows))
        pending = []
        pendingRows = 0
        for start in stride(from: 0, to: owners.count, by: limit) {
            let range = start..<min(start + limit, owners.count)
            try read(model.unembed(rows[range], by: unembedding), owners: Array(owners[range]))
        }
    }

    private mutating func read(_ logits: Tensor, owners: [(run: Run, cell: Int)]) throws {
        let found = try metric(logits.to(.float32), owners.map(\.cell))
        precondition(found.size(0) == owners.count, "a metric gives one row a cell")
        let width = found.shape.dropFirst().reduce(1, *)
        let values = found.to(device: .cpu).to(.float64).reshape(owners.count, width).doubles
        for (row, owner) in owners.enumerated() {
            let own = Array(values[row * width..<(row + 1) * width])
            switch owner.run {
            case .base: base[owner.cell] = own
            case .variation(let index): variations[index][owner.cell] = own
            }
        }
    }
}
