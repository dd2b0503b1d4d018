// The blocks' weights as a sweep uses them: packed once, where they are in memory and there is room.
import Torch

/// Weights and rotations by layer, for as long as a sweep takes.
final class SweepBlocks {
    private let model: Transformer
    private let packsWeights: Bool
    private let rows: Int
    private var packed: [Int: BlockWeights] = [:]
    private var rotations: [Range<Int>: Rotations] = [:]

    /// - Parameters:
    ///   - packsWeights: whether there is room for each weight a second time.
    ///   - rows: tokens of a usual batch.
    init(_ model: Transformer, packsWeights: Bool, rows: Int) {
        self.model = model
        self.packsWeights = packsWeights && !model.weights.blocks.resident.isEmpty
        self.rows = rows
    }

    subscript(layer: Int) -> BlockWeights {
        get throws {
            if let known = packed[layer] { return known }
            let block = try model.weights.blocks[layer]
            guard packsWeights else { return block }
            let result = block.packed(rows: rows)
            packed[layer] = result
            return result
        }
    }

    /// The rotation of some positions in a layer.
    func rotation(_ layer: Int, of positions: Range<Int>) -> Rotation? {
        if let known = rotations[positions] { return known[layer] }
        let made = Rotations(model.config, positions: positions, dtype: model.dtype, device: model.device)
        rotations = [positions: made]
        return made[layer]
    }
}

extension BlockWeights {
    /// With all products' weights in oneDNN's order.
    fileprivate func packed(rows: Int) -> BlockWeights {
        var result = self
        result.attention.qkv = attention.qkv.packed(rows: rows)
        result.attention.output = attention.output.packed(rows: rows)
        if let mlp {
            result.mlp = MLPWeights(
                gate: mlp.gate?.packed(rows: rows),
                up: mlp.up.packed(rows: rows),
                down: mlp.down.packed(rows: rows)
            )
        }
        return result
    }
}
