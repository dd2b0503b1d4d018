// How much memory work will take, so that work that cannot fit is refused before it starts.
//
// Estimates: weights are counted exactly, activations by the largest tensors that live at once. What libraries take
// beside them is a few hundred megabytes and is not counted.
import Checkpoints
import Formation
public import Torch
import Transformers

extension TransformerConfig {
    /// Elements of the weights outside the blocks: embedding, learned positions, unembedding.
    var endParameterCount: Int {
        let positions = positions == .learned ? context : 0
        return dModel * (vocabularySize * (tiesUnembedding ? 1 : 2) + positions)
    }

    /// Elements of the weights that are in memory at once.
    ///
    /// - Parameters:
    ///   - total: elements of all weights.
    ///   - isResident: whether all blocks stay in memory; otherwise one does.
    func residentParameterCount(of total: Int, isResident: Bool) -> Int {
        isResident ? total : min(endParameterCount + (total - endParameterCount) / layers, total)
    }

    /// Elements of the activations that live at once in a forward pass.
    ///
    /// - Parameters:
    ///   - batch: prompts.
    ///   - positions: of the longest prompt.
    ///   - unembedded: positions a prompt that become logits.
    ///   - isFused: whether no score and no pattern is looked at.
    func activationCount(batch: Int, positions: Int, unembedded: Int, isFused: Bool) -> Int {
        let stream = positions * dModel
        let qkv = positions * (2 * heads + 2 * keyValueHeads) * dHead
        let pattern = isFused ? 0 : 3 * heads * positions * positions
        let hidden = positions * dMLP * (isGated ? 3 : 2)
        return batch
            * max(3 * stream + qkv + pattern, 3 * stream + hidden, stream + 2 * unembedded * vocabularySize)
    }
}

/// Work that does not fit in memory.
public enum MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The weights; `alternatives` are other ways to load and the bytes that they take, those that fit first.
    case weights(model: String, dtype: DType, needed: Int, free: Int, alternatives: [Alternative])
    /// The activations of one batch; `fitting` is the largest batch that fits, perhaps 0.
    case activations(batch: Int, positions: Int, needed: Int, free: Int, fitting: Int)
    /// Vectors of all parameters that are kept at once; `fitting` is how many fit.
    case vectors(count: Int, parameters: Int, needed: Int, free: Int, fitting: Int)

    /// Another way to load a model.
    public struct Alternative: Equatable, Sendable {
        /// The options that ask for it.
        public var options: String
        /// Bytes of its weights.
        public var needed: Int
    }

    /// One paragraph: what is needed, what there is, what to do.
    public var description: String {
        switch self {
        case .weights(let model, let dtype, let needed, let free, let alternatives):
            let fitting = alternatives.filter { $0.needed <= free }
            let remedy =
                fitting.isEmpty
                ? "No way to load it fits: free memory, or use a smaller model."
                : "What fits: "
                    + fitting.map { "\($0.options) (\(gigabytes($0.needed)))" }.joined(separator: ", ") + "."
            return """
                \(model) needs \(gigabytes(needed)) for its weights in \(dtype), \(gigabytes(free)) of memory are free. \
                \(remedy)
                """
        case .activations(let batch, let positions, let needed, let free, let fitting):
            let remedy =
                fitting > 0 ? "Use --batch-size \(fitting) or less." : "Use shorter prompts, or free memory."
            return """
                \(batch) prompts of up to \(positions) tokens a forward pass need about \(gigabytes(needed)) for \
                activations, \(gigabytes(free)) of memory are free. \(remedy)
                """
        case .vectors(let count, let parameters, let needed, let free, let fitting):
            return """
                \(count) vectors of \(parameters) parameters need \(gigabytes(needed)), \(gigabytes(free)) of memory are free. \
                \(fitting) fit: use a --max-products of that or less, or a smaller model.
                """
        }
    }
}

/// `1.25 GB`, decimal.
private func gigabytes(_ bytes: Int) -> String {
    let hundredths = (bytes + 5_000_000) / 10_000_000
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) GB"
}

extension OpenedModel {
    /// Bytes for a sweep's activations beside the weights, where nobody says otherwise.
    func usualSweepBudget(_ compute: Compute) -> Int {
        compute.device.device.usualSweepBudget(
            reserved: weightBytes(compute.dtype.dtype, !compute.savesMemory)
        )
    }

    /// Bytes of the weights that are in memory at once.
    private func weightBytes(_ dtype: DType, _ isResident: Bool) -> Int {
        config.residentParameterCount(of: files.weights.parameterCount, isResident: isResident) * dtype.size
    }

    /// Throws `MemoryError` if the weights cannot fit into `free` bytes.
    func checkWeights(dtype: DType, isResident: Bool, free: Int?) throws {
        guard let free else { return }
        let needed = weightBytes(dtype, isResident)
        guard needed > free else { return }
        var alternatives: [MemoryError.Alternative] = []
        if dtype.size > 2, isResident {
            alternatives.append(.init(options: "--dtype bfloat16", needed: weightBytes(.bfloat16, true)))
        }
        if isResident {
            alternatives.append(.init(options: "--memory-saver", needed: weightBytes(dtype, false)))
        }
        if dtype.size > 2 {
            alternatives.append(
                .init(options: "--memory-saver --dtype bfloat16", needed: weightBytes(.bfloat16, false))
            )
        }
        throw MemoryError.weights(
            model: name,
            dtype: dtype,
            needed: needed,
            free: free,
            alternatives: alternatives
        )
    }
}

extension Transformer {
    /// Throws `MemoryError` if the activations of a batch cannot fit into `free` bytes.
    ///
    /// - Parameter blocks: how many blocks' activations are held at once; a gradient takes those of all.
    func checkActivations(
        batch: Int,
        positions: Int,
        unembedded: Int,
        isFused: Bool,
        blocks: Int = 1,
        free: Int?
    ) throws {
        guard let free else { return }
        func bytes(_ batch: Int) -> Int {
            config.activationCount(
                batch: batch,
                positions: positions,
                unembedded: unembedded,
                isFused: isFused
            )
                * blocks * dtype.size
        }
        guard bytes(batch) > free else { return }
        throw MemoryError.activations(
            batch: batch,
            positions: positions,
            needed: bytes(batch),
            free: free,
            fitting: free / max(bytes(1), 1)
        )
    }

    /// Refuses vectors of all parameters that would not fit.
    ///
    /// - Throws: `MemoryError.vectors`.
    func checkVectors(_ count: Int, as dtype: DType, free: Int?) throws {
        let bytes = parameterCount * dtype.size
        guard let free, count * bytes > free else { return }
        throw MemoryError.vectors(
            count: count,
            parameters: parameterCount,
            needed: count * bytes,
            free: free,
            fitting: free / max(bytes, 1)
        )
    }
}
