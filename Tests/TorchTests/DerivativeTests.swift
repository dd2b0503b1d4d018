// Linear maps and attention whose derivatives are this project's own, against float64 by libtorch: values, first and second
// derivatives.
import Foundation
import Testing
import Torch

private func difference(_ a: Tensor, _ b: Tensor) -> Double {
    let (a, b) = (a.detached().to(.float64), b.detached().to(.float64))
    guard a.shape == b.shape, a.isAllFinite else { return .infinity }
    return (a - b).abs().max().scalar / max(b.abs().max().scalar, 1e-3)
}

/// Attention written out.
private func explicit(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ scale: Double) -> Tensor {
    (q * scale).matmul(k.mT).maskingCausallyInPlace().softmax().matmul(v)
}

/// Value, first derivatives along `direction`, and the derivatives of their product with `turn`.
private struct Derivatives {
    let value: Tensor
    let first: [Tensor]
    let second: [Tensor]
    /// First derivatives that were not recorded themselves.
    let plain: [Tensor]

    init(_ inputs: [Tensor], along direction: Tensor, turn: [Tensor], of function: ([Tensor]) -> Tensor) {
        let inputs = inputs.map { $0.copy().requiringGradient() }
        (value, first, second, plain) = withGradients {
            let value = function(inputs)
            let outputs = [(value * direction).sum()]
            let plain = gradients(of: outputs, withRespectTo: inputs, retainGraph: true)
            return withSecondDerivatives {
                let again = [(function(inputs) * direction).sum()]
                let first = gradients(of: again, withRespectTo: inputs, createGraph: true)
                let product = zip(first, turn).map { ($0 * $1).sum() }.reduce(Tensor(scalar: 0), +)
                return (value, first, gradients(of: [product], withRespectTo: inputs), plain)
            }
        }
    }
}

/// Compares a function of float32 tensors with one of the same tensors in float64.
private func check(
    _ shapes: [[Int]],
    output: [Int],
    scale: Double = 1,
    _ name: String,
    of function: ([Tensor]) -> Tensor,
    and exact: ([Tensor]) -> Tensor
) {
    let random = RandomSource(seed: 3)
    let inputs = shapes.map { random.normal($0) * scale }
    let (direction, turn) = (random.normal(output), shapes.map { random.normal($0) })
    let found = Derivatives(inputs, along: direction, turn: turn, of: function)
    let expected = Derivatives(
        inputs.map { $0.to(.float64) },
        along: direction.to(.float64),
        turn: turn.map { $0.to(.float64) },
        of: exact
    )
    #expect(difference(found.value, expected.value) < 2e-6, "\(name)")
    for index in shapes.indices {
        #expect(difference(found.plain[index], expected.first[index]) < 5e-6, "\(name), \(index)")
        #expect(difference(found.first[index], expected.first[index]) < 5e-6, "\(name), \(index) recorded")
        #expect(difference(found.second[index], expected.second[index]) < 2e-5, "\(name), \(index) twice")
    }
}

@Suite struct DerivativeTests {
    @Test(arguments: [(1, 1), (2, 16), (7, 5), (8, 17), (16, 16), (33, 24), (64, 16), (65, 3), (130, 40)])
    func attention(length: Int, width: Int) {
        let shape = [2, 3, length, width]
        let scale = 1 / Double(width).squareRoot()
        check(
            [shape, shape, shape],
            output: shape,
            "\(length) x \(width)",
            of: { .causalAttention($0[0], $0[1], $0[2], scale: scale) },
            and: { explicit($0[0], $0[1], $0[2], scale) }
        )
    }

    /// As a model has them: three parts of one map, heads side by side.
    @Test func attentionOfStridedParts() {
        func parts(_ qkv: Tensor) -> [Tensor] {
            qkv.split([20, 20, 20], axis: 2).map { $0.reshape(3, 9, 4, 5).transpose(1, 2) }
        }
        check(
            [[3, 9, 60]],
            output: [3, 4, 9, 5],
            "strided",
            of: {
                let part = parts($0[0])
                return .causalAttention(part[0], part[1], part[2], scale: 0.7)
            },
            and: {
                let part = parts($0[0])
                return explicit(part[0], part[1], part[2], 0.7)
            }
        )
    }

    /// Scores of some thousands: nearly one key a query.
    @Test func attentionOfLargeScores() {
        let shape = [1, 2, 21, 6]
        let random = RandomSource(seed: 4)
        let (q, k, v) = (random.normal(shape) * 40, random.normal(shape) * 40, random.normal(shape))
        let marked = [q, k, v].map { $0.requiringGradient() }
        let (value, slopes) = withGradients {
            let value = Tensor.causalAttention(marked[0], marked[1], marked[2], scale: 1)
            return (value.detached(), gradients(of: [value.sum()], withRespectTo: marked))
        }
        let exact = explicit(
            q.detached().to(.float64),
            k.detached().to(.float64),
            v.detached().to(.float64),
            1
        )
        #expect(difference(value, exact) < 1e-3)
        #expect(slopes.allSatisfy { $0.isAllFinite })
    }

    /// What is no number stays so where it is seen, and is not seen before.
    @Test func attentionKeepsNaN() {
        let random = RandomSource(seed: 5)
        let q = random.normal([1, 1, 20, 4]).requiringGradient()
        let (k, v) = (random.normal([1, 1, 20, 4]), random.normal([1, 1, 20, 4]))
        k.select(2, 9).fill(.nan)
        let value = withGradients { Tensor.causalAttention(q, k, v, scale: 1).detached() }
        for t in 0..<20 {
            #expect(value.select(2, t).isAllFinite == (t < 9))
        }
    }

    @Test(arguments: [[5, 7], [2, 3, 7], [64, 33, 7]])
    func linear(shape: [Int]) {
        check(
            [shape, [11, 7], [11]],
            output: shape.dropLast() + [11],
            "\(shape)",
            of: { $0[0].linear($0[1], $0[2]) },
            and: { $0[0].matmul($0[1].mT) + $0[2] }
        )
        check(
            [shape, [11, 7]],
            output: shape.dropLast() + [11],
            "\(shape), no bias",
            of: { $0[0].linear($0[1]) },
            and: { $0[0].matmul($0[1].mT) }
        )
        check(
            [shape, [11, 7], [11]],
            output: shape.dropLast() + [11],
            "\(shape), then GELU",
            of: { $0[0].linear($0[1], $0[2], then: .geluTanh) },
            and: { ($0[0].matmul($0[1].mT) + $0[2]).geluTanh() }
        )
    }

    /// Inputs that need no gradient, and a product that is used twice.
    @Test func linearOfConstants() {
        let random = RandomSource(seed: 6)
        let (x, weight) = (random.normal([4, 6, 5]), random.normal([3, 5]))
        let bias = random.normal([3]).requiringGradient()
        let slope = withGradients {
            gradients(of: [(x.linear(weight, bias) + x.linear(weight, bias)).sum()], withRespectTo: [bias])[0]
        }
        #expect(slope.floats == [48, 48, 48])
    }
}
