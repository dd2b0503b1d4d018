// Layers inside `withSecondDerivatives`: value, first and second derivatives against the same layer made of elementary
// operations, whose derivatives are libtorch's.
import Foundation
import Testing
import Torch

/// A layer in the form that is recorded for two differentiations, and made of elementary operations.
private struct Layer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shapes: [[Int]]
    let layer: @Sendable ([Tensor]) -> Tensor
    let plain: @Sendable ([Tensor]) -> Tensor
}

private func plainAttention(_ q: Tensor, _ k: Tensor, _ v: Tensor, scale: Double, window: Int? = nil)
    -> Tensor
{
    let groups = q.size(1) / k.size(1)
    func repeated(_ x: Tensor) -> Tensor {
        x.unsqueeze(2).expand([x.size(0), x.size(1), groups, x.size(2), x.size(3)])
            .reshape(x.size(0), x.size(1) * groups, x.size(2), x.size(3))
    }
    let scores = (q.matmul(repeated(k).mT) * scale).maskingCausallyInPlace(window: window)
    return scores.softmax().matmul(repeated(v))
}

private func attention(_ name: String, _ shapes: [[Int]], window: Int? = nil) -> Layer {
    Layer(
        testDescription: name,
        shapes: shapes,
        layer: { Tensor.causalAttention($0[0], $0[1], $0[2], scale: 0.4, window: window) },
        plain: { plainAttention($0[0], $0[1], $0[2], scale: 0.4, window: window) }
    )
}

private let layers = [
    attention("attention", Array(repeating: [2, 3, 13, 5], count: 3)),
    // More heads than are worked on at a time.
    attention("attention of many heads", Array(repeating: [9, 5, 70, 4], count: 3)),
    attention("attention of one position", Array(repeating: [2, 1, 1, 3], count: 3)),
    attention("grouped attention", [[2, 6, 7, 4], [2, 3, 7, 4], [2, 3, 7, 4]]),
    attention("attention with a window", Array(repeating: [2, 3, 11, 4], count: 3), window: 4),
    Layer(
        testDescription: "attention of views",
        shapes: [[2, 7, 3 * 4 * 2]],
        layer: { x in
            let parts = (0..<3).map { x[0].slice(2, $0 * 8..<$0 * 8 + 8).reshape(2, 7, 2, 4).transpose(1, 2) }
            return Tensor.causalAttention(parts[0], parts[1], parts[2], scale: 0.7).transpose(1, 2)
        },
        plain: { x in
            let parts = (0..<3).map { x[0].slice(2, $0 * 8..<$0 * 8 + 8).reshape(2, 7, 2, 4).transpose(1, 2) }
            return plainAttention(parts[0], parts[1], parts[2], scale: 0.7).transpose(1, 2)
        }
    ),
    Layer(
        testDescription: "linear",
        shapes: [[3, 21, 10], [14, 10], [14]],
        layer: { $0[0].linear($0[1], $0[2]) },
        plain: { $0[0].matmul($0[1].mT) + $0[2] }
    ),
    Layer(
        testDescription: "linear without bias, then another, of a view",
        shapes: [[21, 3, 10], [14, 10], [9, 14]],
        layer: { $0[0].transpose(0, 1).linear($0[1]).linear($0[2], then: .geluTanh) },
        plain: { $0[0].transpose(0, 1).matmul($0[1].mT).matmul($0[2].mT).geluTanh() }
    ),
    Layer(
        testDescription: "layer norm",
        // More rows than one block, widths that are no multiple of eight.
        shapes: [[11, 17, 13], [13], [13]],
        layer: { $0[0].layerNorm($0[1], $0[2], epsilon: 0.1) },
        plain: { x in
            let centred = x[0] - x[0].mean(-1, keep: true)
            return centred / ((centred * centred).mean(-1, keep: true) + 0.1).sqrt() * x[1] + x[2]
        }
    ),
    Layer(
        testDescription: "layer norm without gain and bias",
        shapes: [[5, 24]],
        layer: { $0[0].layerNorm(nil, nil, epsilon: 0.1) },
        plain: { x in
            let centred = x[0] - x[0].mean(-1, keep: true)
            return centred / ((centred * centred).mean(-1, keep: true) + 0.1).sqrt()
        }
    ),
    Layer(
        testDescription: "RMS norm",
        shapes: [[11, 17, 13], [13]],
        layer: { $0[0].rmsNorm($0[1], epsilon: 0.1) },
        plain: { x in x[0] / ((x[0] * x[0]).mean(-1, keep: true) + 0.1).sqrt() * x[1] }
    ),
    Layer(
        testDescription: "cross entropy",
        shapes: [[7, 19, 11]],
        layer: { $0[0].crossEntropy(targets) },
        plain: { -$0[0].logSoftmax().gather(2, targets.unsqueeze(2)).squeeze(2) }
    ),
]

private nonisolated(unsafe) let targets = Tensor((0..<7 * 19).map { ($0 * $0) % 11 }, [7, 19])

@Suite struct SecondDerivativeTests {
    /// Value, first derivatives along random weights, and derivatives of those along random vectors.
    private func derivatives(_ inputs: [Tensor], _ body: ([Tensor]) -> Tensor) -> [Tensor] {
        let random = RandomSource(seed: 8)
        let inputs = inputs.map { $0.detached().requiringGradient() }
        return withSecondDerivatives {
            let value = body(inputs)
            let weights = random.normal(value.shape, dtype: value.dtype).requiringGradient()
            let first = gradients(of: [value], weights: [weights], withRespectTo: inputs, createGraph: true)
            let vectors = inputs.map { random.normal($0.shape, dtype: $0.dtype) }
            let second = gradients(
                of: first,
                weights: vectors,
                withRespectTo: inputs + [weights],
                retainGraph: true
            )
            // Of one input's gradient only: the others' cotangents are missing.
            let partial = gradients(of: [first[0]], weights: [vectors[0]], withRespectTo: inputs)
            return ([value] + first + second + partial).map { $0.detached() }
        }
    }

    @Test(arguments: layers)
    private func layersAreWhatTheyAreMadeOf(layer: Layer) {
        let random = RandomSource(seed: 4)
        let inputs = layer.shapes.map { random.normal($0, dtype: .float64) }
        let found = derivatives(inputs, layer.layer), expected = derivatives(inputs, layer.plain)
        #expect(found.count == expected.count)
        for (index, (one, other)) in zip(found, expected).enumerated() {
            #expect(one.shape == other.shape)
            #expect(
                (one - other).abs().max().scalar < 1e-11 * max(1, other.abs().max().scalar),
                "result \(index)"
            )
        }
    }

    @Test(arguments: layers)
    private func float32IsTheSameToItsPrecision(layer: Layer) {
        let random = RandomSource(seed: 4)
        let inputs = layer.shapes.map { random.normal($0) }
        for (one, other) in zip(derivatives(inputs, layer.layer), derivatives(inputs, layer.plain)) {
            #expect(one.dtype == .float32)
            #expect((one - other).abs().max().scalar < 3e-5 * max(1, other.abs().max().scalar))
        }
    }

    @Test func outsideNothingChanges() {
        let x = RandomSource(seed: 1).normal([4, 3, 6, 8])
        let outside = Tensor.causalAttention(x, x, x, scale: 0.3)
        let inside = withSecondDerivatives { Tensor.causalAttention(x, x, x, scale: 0.3) }
        #expect((outside - inside).abs().max().scalar < 1e-5)
        #expect(!inside.requiresGradient)
        let again = withSecondDerivatives { withGradients { 1 } }
        #expect(again == 1 && Tensor.causalAttention(x, x, x, scale: 0.3).isEqual(to: outside))
    }
}
