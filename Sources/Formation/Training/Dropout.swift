// Dropout (Srivastava et al. 2014) as edits of a run: each element is left out with probability p, the others grow by
// 1 / (1 - p). Where GPT-2 has it: on what enters the first block, on patterns, on what attention and MLPs write.
import Foundation
import Torch
import Transformers

struct Dropout {
    let share: Double
    let random: RandomSource

    /// Of the generator: its bytes.
    var state: Data { Data(random.state.to(.int64).ints.map { UInt8($0) }) }

    /// Puts the generator where it was.
    func restore(_ state: Data) { random.state = Tensor(state.map { Int($0) }).to(.uint8) }

    /// The edits of one training step of a model; none for a share of 0.
    func edits(of config: TransformerConfig) -> [Intervention] {
        guard share > 0 else { return [] }
        var places: [Selector] = [.residPre.layers([0]), .pattern, .attentionOut]
        if !config.isAttentionOnly { places.append(.mlpOut) }
        return places.map { place in
            .edit(place) { _, value in
                let kept = random.uniform(value.shape) .>= Tensor(scalar: share)
                return value * kept.to(value.dtype) * (1 / (1 - share))
            }
        }
    }
}
