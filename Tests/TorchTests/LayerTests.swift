// Layers against their formulas, written out with elementary operations in float64.
import Foundation
import Testing
import Torch

/// Largest difference over largest magnitude.
func relativeError(_ a: Tensor, _ b: Tensor) -> Double {
    ((a.to(.float64) - b.to(.float64)).abs().max().scalar) / b.to(.float64).abs().max().scalar
}

@Suite struct LayerTests {
    let random = RandomSource(seed: 3)

    @Test(arguments: [[7, 5], [2, 7, 5], [3, 2, 7, 5], [1, 1, 5]])
    func linearIsTheProductPlusBias(shape: [Int]) {
        let x = random.normal(shape)
        let (weight, bias) = (random.normal([11, 5]), random.normal([11]))
        let expected = x.to(.float64).matmul(weight.to(.float64).mT) + bias.to(.float64)
        #expect(relativeError(x.linear(weight, bias), expected) < 1e-5)
        #expect(relativeError(x.linear(weight), expected - bias.to(.float64)) < 1e-5)
        // Strided input and weight, as slices of larger tensors are.
        let wide = random.normal([11, 10]).slice(1, 0..<10, by: 2)
        #expect(relativeError(x.linear(wide), x.to(.float64).matmul(wide.to(.float64).mT)) < 1e-5)
    }

    @Test func linearHasADerivative() {
        let x = random.normal([4, 5])
        let weight = random.normal([3, 5]).requiringGradient()
        let gradient = withGradients {
            gradients(of: [x.linear(weight).sum()], withRespectTo: [weight])[0]
        }
        #expect(relativeError(gradient, x.sum(0).unsqueeze(0).expand([3, 5])) < 1e-5)
    }

    @Test func norms() {
        let x = random.normal([4, 9]) * 3 + 1
        let (gain, bias) = (random.normal([9]), random.normal([9]))
        let wide = x.to(.float64)
        let centred = wide - wide.mean(1, keep: true)
        let scaled = centred / ((centred * centred).mean(1, keep: true) + 1e-5).sqrt()
        #expect(
            relativeError(
                x.layerNorm(gain, bias, epsilon: 1e-5),
                scaled * gain.to(.float64) + bias.to(.float64)
            )
                < 1e-5
        )
        #expect(relativeError(x.layerNorm(nil, nil, epsilon: 1e-5), scaled) < 1e-5)
        let rms = wide / ((wide * wide).mean(1, keep: true) + 1e-6).sqrt()
        #expect(relativeError(x.rmsNorm(gain, epsilon: 1e-6), rms * gain.to(.float64)) < 1e-5)
    }

    @Test func activations() {
        // Recorded from torch.nn.functional in float64.
        let x = Tensor([-2.5, -0.5, 0, 0.7, 3] as [Double])
        func close(_ a: Tensor, _ b: [Double]) -> Bool {
            zip(a.doubles, b).allSatisfy { abs($0 - $1) < 1e-9 }
        }
        #expect(close(x.relu(), [0, 0, 0, 0.7, 3]))
        #expect(close(x.gelu(), x.doubles.map { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) }))
        let tanhForm = x.doubles.map { v in
            0.5 * v * (1 + tanh((2 / Double.pi).squareRoot() * (v + 0.044715 * v * v * v)))
        }
        #expect(close(x.geluTanh(), tanhForm))
        #expect(close(x.silu(), x.doubles.map { $0 / (1 + exp(-$0)) }))
    }

    /// Queries, keys, key/value heads, window.
    @Test(
        arguments: [
            (1, 1, 1, nil), (6, 6, 3, nil), (2, 6, 3, nil), (6, 6, 1, nil), (6, 6, 3, 1), (6, 6, 1, 4),
            (2, 6, 3, 3),
            (6, 6, 3, 6), (2, 6, 3, 9),
        ] as [(Int, Int, Int, Int?)]
    )
    func causalAttentionIsTheFormula(queries: Int, keys: Int, groups: Int, window: Int?) {
        let (batch, heads, width) = (2, 3, 4)
        let q = random.normal([batch, heads, queries, width])
        let k = random.normal([batch, groups, keys, width])
        let v = random.normal([batch, groups, keys, width])
        func perHead(_ x: Tensor) -> Tensor {
            x.unsqueeze(2).expand([batch, groups, heads / groups, keys, width]).reshape(
                batch,
                heads,
                keys,
                width
            )
        }
        let scores = (q.matmul(perHead(k).mT) * 0.3).maskingCausallyInPlace(window: window)
        let pattern = scores.softmax()
        let fused = Tensor.causalAttention(q, k, v, scale: 0.3, window: window)
        #expect(relativeError(fused, pattern.matmul(perHead(v))) < 1e-5)
        // Each query sees the keys up to its own place, no more than the window.
        let seen = (scores.select(0, 0).select(0, 0) .> -1e30).to(.int64)
        for query in 0..<queries {
            let place = keys - queries + query
            let first = max(place + 1 - (window ?? keys), 0)
            #expect(seen[query].ints == (0..<keys).map { (first...place).contains($0) ? 1 : 0 })
        }
    }

    @Test func crossEntropyIsTheNegativeLogProbability() {
        let logits = random.normal([2, 3, 7])
        let targets = Tensor([0, 6, 3, 2, 5, 1], [2, 3])
        let expected = -logits.logSoftmax().gather(2, targets.unsqueeze(2)).squeeze(2)
        #expect(relativeError(logits.crossEntropy(targets), expected) < 1e-5)
        #expect(logits.crossEntropy(targets).shape == [2, 3])
    }

    @Test func embeddingTakesRows() {
        let table = random.normal([5, 3])
        let rows = table.embedding(Tensor([4, 0, 4], [3, 1]))
        #expect(rows.shape == [3, 1, 3])
        #expect(rows.select(1, 0).isEqual(to: Tensor.stack([table[4], table[0], table[4]])))
    }

    /// The formula pair by pair, for both pairings, on a tensor whose rows are wider than what is turned and not next to
    /// each other; with and without a gradient, which take different ways.
    @Test(arguments: [true, false])
    func rotation(pairsAreNeighbours: Bool) {
        let (batch, length, heads, width, turned) = (2, 3, 2, 10, 6)
        let random = RandomSource(seed: 5)
        let all = random.normal([batch, length, heads * width + 7])
        func values() -> Tensor {
            all.copy().slice(2, 0..<heads * width).reshape(batch, length, heads, width)
        }
        let angles = random.normal([length, 1, turned / 2])
        let (cosines, sines) = (angles.cos(), angles.sin())
        var expected = values().doubles
        for row in 0..<batch * length * heads {
            let position = row / heads % length
            for pair in 0..<turned / 2 {
                let (i, j) = pairsAreNeighbours ? (2 * pair, 2 * pair + 1) : (pair, pair + turned / 2)
                let angle = angles.doubles[position * turned / 2 + pair]
                let (a, b) = (expected[row * width + i], expected[row * width + j])
                expected[row * width + i] = a * cos(angle) - b * sin(angle)
                expected[row * width + j] = b * cos(angle) + a * sin(angle)
            }
        }
        func rotated(_ x: Tensor, overwriting: Bool) -> Tensor {
            x.rotated(
                cosines: cosines,
                sines: sines,
                pairsAreNeighbours: pairsAreNeighbours,
                overwriting: overwriting
            )
        }
        func agrees(_ found: Tensor) -> Bool {
            found.shape == [batch, length, heads, width]
                && zip(found.doubles, expected).allSatisfy { abs($0 - $1) < 1e-6 }
        }
        let untouched = values()
        #expect(agrees(rotated(untouched, overwriting: false)))
        #expect(untouched.doubles == values().doubles)
        let own = values()
        #expect(agrees(rotated(own, overwriting: true)) && agrees(own))
        let recorded = withGradients {
            rotated(values().requiringGradient(), overwriting: true).detached()
        }
        #expect(agrees(recorded))
    }
}
