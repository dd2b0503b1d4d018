// Linear algebra, random numbers, gradients, the optimiser, memory.
import Foundation
import Testing
import Torch

@Suite struct LinearAlgebraTests {
    let random = RandomSource(seed: 5)

    @Test func decompositionsGiveTheMatrixBack() {
        let a = random.normal([6, 4], dtype: .float64)
        let (u, s, vh) = a.svd()
        #expect(relativeError(u.matmul(s.unsqueeze(1) * vh), a) < 1e-12)
        let (q, r) = a.qr()
        #expect(relativeError(q.matmul(r), a) < 1e-12)
        let square = random.normal([5, 5], dtype: .float64)
        let symmetric = square + square.mT
        let (values, vectors) = symmetric.eigh()
        #expect(relativeError(vectors.matmul(values.unsqueeze(1) * vectors.mT), symmetric) < 1e-12)
    }

    @Test func generalEigenvaluesOfARotationAreComplex() {
        // 3 [[cos, -sin], [sin, cos]] has eigenvalues 3 e^{±i angle}.
        let angle = 0.4
        let rotation = Tensor([cos(angle), -sin(angle), sin(angle), cos(angle)], [2, 2]) * 3
        let values = rotation.eigenvalues().viewAsReal()
        #expect(values.select(1, 0).doubles.allSatisfy { abs($0 - 3 * cos(angle)) < 1e-12 })
        #expect(abs(values.select(1, 1).doubles.max() ?? 0) - 3 * sin(angle) < 1e-12)
        let (again, vectors) = rotation.eig()
        #expect(again.dtype == .complex128 && vectors.shape == [2, 2])
    }
}

@Suite struct RandomSourceTests {
    @Test func aSeedIsAStream() {
        let (a, b, c) = (RandomSource(seed: 1), RandomSource(seed: 1), RandomSource(seed: 2))
        let first = a.normal([50])
        #expect(first.isEqual(to: b.normal([50])))
        #expect(!first.isEqual(to: c.normal([50])))
        #expect(!first.isEqual(to: a.normal([50])))
    }

    @Test func aStateIsTakenUpAgain() {
        let source = RandomSource(seed: 9)
        _ = source.uniform([17])
        let state = source.state
        let next = source.integers(0..<1000, [20])
        source.state = state
        #expect(source.integers(0..<1000, [20]).isEqual(to: next))
        #expect(source.permutation(30).sorted().values.ints == Array(0..<30))
    }

    @Test func numbersMatchPyTorch() {
        // torch.Generator().manual_seed(42); torch.rand(4, generator=g)
        let expected: [Float] = [0.88226926, 0.91500396, 0.38286376, 0.95930564]
        #expect(RandomSource(seed: 42).uniform([4]).floats == expected)
    }
}

@Suite struct GradientTests {
    @Test func firstAndSecondDerivatives() {
        let x = Tensor([1.5, -2, 0.25] as [Double]).requiringGradient()
        withGradients {
            let value = (x * x * x).sum()
            let first = gradients(of: [value], withRespectTo: [x], createGraph: true)[0]
            #expect(relativeError(first.detached(), (3 * x * x).detached()) < 1e-12)
            let direction = Tensor([1, 2, -1] as [Double])
            let second = gradients(of: [first], weights: [direction], withRespectTo: [x])[0]
            #expect(relativeError(second, (6 * x * direction).detached()) < 1e-12)
        }
    }

    @Test func inputsWithoutInfluenceGetZeros() {
        let (x, y) = (Tensor([2.0]).requiringGradient(), Tensor([3.0, 4]).requiringGradient())
        let both = withGradients { gradients(of: [(x * x).sum()], withRespectTo: [x, y]) }
        #expect(both[0].doubles == [4])
        #expect(both[1].doubles == [0, 0])
    }

    @Test func nothingIsRecordedOutside() {
        let x = Tensor([2.0]).requiringGradient()
        #expect((x * x).requiresGradient == false)
        #expect(withGradients { (x * x).requiresGradient })
        #expect(withGradients { withoutGradients { (x * x).requiresGradient } } == false)
    }

    @Test func adamWTakesPyTorchsSteps() {
        // torch.optim.AdamW([p], lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.05), p = [1, -2, 3],
        // gradients [0.5, -1, 2] then [-0.3, 0.2, 0.1], float64.
        let p = Tensor([1, -2, 3] as [Double])
        let settings = AdamW.Settings(beta1: 0.8, beta2: 0.9, weightDecay: 0.05, epsilon: 1e-3)
        let optimizer = AdamW([p], settings: settings)
        optimizer.step([Tensor([0.5, -1, 2] as [Double])], learningRate: 0.1)
        optimizer.step([Tensor([-0.3, 0.2, 0.1] as [Double])], learningRate: 0.1)
        #expect(relativeError(p, expectedAfterTwoSteps) < 1e-7)
    }

    @Test func manyTensorsAreOneVector() {
        let parts = [Tensor([3, 0] as [Float]), Tensor([0, 4, 12, 0] as [Float], [2, 2])]
        #expect(parts.commonNorm == 13)
        parts.multiplyInPlace(0.5)
        #expect(parts.map(\.floats) == [[1.5, 0], [0, 2, 6, 0]])
        #expect([Tensor]().commonNorm == 0)
        [Tensor]().multiplyInPlace(2)
        #expect([Tensor([Float.nan]), Tensor([Float(1)])].commonNorm.isNaN)
    }

    /// The update rule written out.
    private var expectedAfterTwoSteps: Tensor {
        var p = [1.0, -2, 3]
        var (m, v) = ([0.0, 0, 0], [0.0, 0, 0])
        for (step, gradient) in [[0.5, -1, 2], [-0.3, 0.2, 0.1]].enumerated() {
            for i in 0..<3 {
                p[i] *= 1 - 0.1 * 0.05
                m[i] = 0.8 * m[i] + 0.2 * gradient[i]
                v[i] = 0.9 * v[i] + 0.1 * gradient[i] * gradient[i]
                let (mHat, vHat) = (
                    m[i] / (1 - pow(0.8, Double(step + 1))), v[i] / (1 - pow(0.9, Double(step + 1)))
                )
                p[i] -= 0.1 * mHat / (vHat.squareRoot() + 1e-3)
            }
        }
        return Tensor(p)
    }
}

@Suite struct DeviceTests {
    @Test func theProcessorIsAlwaysThere() {
        #expect(Device.cpu.isAvailable)
        #expect(Tensor.zeros([1]).device == .cpu)
        #expect(Device(kind: .cuda, index: 1).description == "cuda:1")
        #expect(Engine.version.split(separator: ".").count >= 3)
        #expect(Engine.threadCount >= 1)
    }
}
