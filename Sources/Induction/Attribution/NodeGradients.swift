// Two forward passes and one backward pass: activations of both runs, and the metric's gradient in the base run.
import Torch
import Transformers

/// Activations and gradients of some prompts.
struct NodeGradients {
    /// The metric, base run: [prompt].
    let base: [Double]
    /// The metric, other run: [prompt].
    let other: [Double]
    /// By node kind and layer, other minus base times gradient: [prompt, position, ...].
    private let products: [Tensor]

    init(
        _ model: Transformer,
        _ chunk: RunPair.Chunk,
        _ kinds: [CausalComponent.Kind],
        _ metric: CellMetric
    ) throws {
        let sites = kinds.flatMap { kind in
            CausalComponent.all(kind, in: model.config).prefix(1).flatMap { part in
                (0..<model.config.layers).map { Site(part.patched.kind, layer: $0) }
            }
        }
        let read = PredictionRows(chunk, device: model.device)
        func run(_ tokens: Tokens, _ edits: [Intervention]) throws -> (activations: [Tensor], values: Tensor)
        {
            let run = try model.run(
                tokens,
                applying: edits,
                recording: sites.map { Selector($0) },
                logits: .at(read.positions)
            )
            let values = try metric(read.rows(of: run.logits), chunk.indices).reshape(-1)
            precondition(
                values.count == chunk.cells.count,
                "\(values.count) numbers for \(chunk.cells.count) predictions: attribution takes one each"
            )
            return (try sites.map { try run[$0] }, values)
        }
        let theirs = try run(chunk.other, [])
        let (ours, slopes) = try withGradients {
            // Nothing requires a gradient but what enters the first block, so that all that follows is recorded.
            let start = Intervention.edit(.embedding) { $1.detached().requiringGradient() }
            let ours = try run(chunk.base, [start])
            let weights = Tensor(chunk.weights, device: model.device).to(ours.values.dtype)
            // A prompt's activations reach its own predictions only: the gradient of the sum is each prompt's own.
            let slopes = gradients(of: [(ours.values * weights).sum()], withRespectTo: ours.activations)
            return (ours, slopes)
        }
        base = chunk.promptMeans(ours.values.detached().to(device: .cpu).doubles)
        other = chunk.promptMeans(theirs.values.to(device: .cpu).doubles)
        products = zip(slopes, zip(theirs.activations, ours.activations)).map { slope, pair in
            (pair.0 - pair.1.detached()).to(.float32) * slope.to(.float32)
        }
    }

    /// Sums over an activation's elements and, unless nodes are by position, over positions: [node][prompt].
    func attributions(at positions: [Int], isByPosition: Bool) -> [[Double]] {
        products.flatMap { product -> [[Double]] in
            let prompts = product.size(0)
            // Sums over elements: [prompt, position, head], one head where the kind has none.
            let sums = product.sum(-1).reshape(prompts, product.size(1), -1).to(device: .cpu).to(.float64)
            // Positions of longer prompts, in other batches, have nothing here.
            let existing = positions.filter { $0 < product.size(1) }
            let chosen = sums.indexSelect(1, Tensor(existing))
            guard isByPosition else { return Self.rows(of: chosen.sum(1)) }
            // [position][head][prompt]
            let perPosition = existing.indices.map { Self.rows(of: chosen.select(1, $0)) }
            let nothing = [Double](repeating: 0, count: prompts)
            return (0..<sums.size(2)).flatMap { head in
                positions.indices.map { $0 < existing.count ? perPosition[$0][head] : nothing }
            }
        }
    }

    /// [prompt, head] as [head][prompt].
    private static func rows(of sums: Tensor) -> [[Double]] {
        let columns = sums.mT.contiguous()
        return (0..<columns.size(0)).map { columns[$0].doubles }
    }
}

/// Where a chunk's predictions are among the logits of a run.
private struct PredictionRows {
    /// The positions that are unembedded, for all prompts.
    let positions: [Int]
    private let prompts: Tensor
    private let places: Tensor

    init(_ chunk: RunPair.Chunk, device: Device) {
        positions = Set(chunk.cells.map(\.position)).sorted()
        let place = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
        prompts = Tensor(chunk.cells.map(\.prompt), device: device)
        places = Tensor(chunk.cells.compactMap { place[$0.position] }, device: device)
    }

    /// [prompt, place, vocab] -> [row, vocab], float32.
    func rows(of logits: Tensor) -> Tensor {
        logits.index([prompts, places]).to(.float32)
    }
}
