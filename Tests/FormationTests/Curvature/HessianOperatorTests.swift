// The Hessian's products against PyTorch's dense Hessian and against finite differences.
import Foundation
import Testing
import Torch
import Transformers

@testable import Formation

@Suite struct HessianOperatorTests {
    @Test(arguments: CurvatureFixture.all)
    func lossGradientAndProductsArePyTorchs(fixture: CurvatureFixture) throws {
        let hessian = try fixture.hessian()
        #expect((hessian.loss - fixture.loss).magnitude < 1e-12)
        #expect(hessian.dtype == .float64)
        let gradient = CurvatureFixture.numbers(fixture.gradient)
        #expect(largestDifference(hessian.gradient.doubles, gradient.doubles) < 1e-12)
        let numbers = (1...hessian.dimension).map(Double.init)
        for (vector, expected) in zip(
            [numbers.map { sin($0) }, numbers.map { cos(3 * $0) }],
            fixture.products
        ) {
            let product = hessian(Tensor(vector)).doubles
            #expect(largestDifference(product, CurvatureFixture.numbers(expected).doubles) < 1e-11)
        }
    }

    @Test(arguments: CurvatureFixture.all)
    func allEigenvaluesArePyTorchs(fixture: CurvatureFixture) throws {
        let dense = DenseMatrix(of: try fixture.hessian())
        #expect(largestDifference(dense.matrix.doubles, dense.matrix.mT.contiguous().doubles) < 1e-12)
        let expected = CurvatureFixture.numbers(fixture.eigenvalues).doubles
        #expect(largestDifference(dense.eigenvalues, expected) < 1e-11)
    }

    @Test(arguments: CurvatureFixture.all)
    func float32IsCloseAndFloat64IsAskedFor(fixture: CurvatureFixture) throws {
        let single = try fixture.hessian(dtype: .float32)
        #expect(single.dtype == .float32 && (single.loss - fixture.loss).magnitude < 1e-5)
        let vector = (1...single.dimension).map { sin(Double($0)) }
        let product = single(Tensor(vector).to(.float32)).doubles
        let expected = CurvatureFixture.numbers(fixture.products[0]).doubles
        #expect(largestDifference(product, expected) < 1e-4 * (expected.map(\.magnitude).max() ?? 0))
        let model = try fixture.model().copied(as: .float32)
        #expect(try HessianOperator(model, on: Tokens(fixture.prompts)).dtype == .float32)
        #expect(try HessianOperator(model, on: Tokens(fixture.prompts), dtype: .float64).dtype == .float64)
    }

    @Test(arguments: CurvatureFixture.all)
    func productsAreDifferencesOfGradients(fixture: CurvatureFixture) throws {
        let (model, tokens) = (try fixture.model(), try Tokens(fixture.prompts))
        let hessian = try HessianOperator(model, on: tokens)
        let direction = RandomSource(seed: 3).normal([hessian.dimension], dtype: .float64)
        func gradient(_ shift: Double) throws -> Tensor {
            let moved = try model.copied(as: .float64)
            var start = 0
            for parameter in moved.parameters {
                let part = direction[start..<start + parameter.count].reshape(parameter.shape)
                parameter.addInPlace(part, scale: shift)
                start += parameter.count
            }
            return try HessianOperator(moved, on: tokens).gradient
        }
        let width = 1e-5
        let slope = try (gradient(width) - gradient(-width)) / (2 * width)
        let product = hessian(direction)
        #expect((slope - product).norm().scalar < 1e-7 * product.norm().scalar)
    }

    @Test(arguments: CurvatureFixture.all)
    func isSymmetricAndLinear(fixture: CurvatureFixture) throws {
        let hessian = try fixture.hessian()
        let random = RandomSource(seed: 5)
        let (u, v) = (
            random.normal([hessian.dimension], dtype: .float64),
            random.normal([hessian.dimension], dtype: .float64)
        )
        let (left, right) = ((u * hessian(v)).sum().scalar, (v * hessian(u)).sum().scalar)
        #expect((left - right).magnitude < 1e-11 * max(1, left.magnitude))
        let combined = hessian(2 * u - 3 * v), parts = 2 * hessian(u) - 3 * hessian(v)
        #expect(largestDifference(combined.doubles, parts.doubles) < 1e-11)
    }

    @Test(arguments: CurvatureFixture.all)
    func aBlockIsASubBlockOfTheDenseHessian(fixture: CurvatureFixture) throws {
        let model = try fixture.model()
        let whole = DenseMatrix(of: try fixture.hessian()).matrix
        var places: [ParameterBlock: [Int]] = [:]
        var start = 0
        for (block, tensor) in model.parametersByBlock {
            places[block, default: []] += Array(start..<start + tensor.count)
            start += tensor.count
        }
        let blocks = model.parameterBlocks
        // Each by itself, and two together, named in another order than the parameters'.
        for chosen in blocks.map({ [$0] }) + [[blocks[3], blocks[0]]] {
            let rows = Tensor(chosen.flatMap { places[$0] ?? [] }.sorted())
            let expected = whole.indexSelect(0, rows).indexSelect(1, rows)
            let hessian = try fixture.hessian(blocks: chosen)
            #expect(hessian.dimension == rows.count)
            let difference = largestDifference(DenseMatrix(of: hessian).matrix.doubles, expected.doubles)
            #expect(difference < 1e-11, "\(chosen)")
        }
    }

    @Test func theModelIsLeftAsItWas() throws {
        let fixture = try #require(CurvatureFixture.all.first)
        let (model, tokens) = (try fixture.model(), try Tokens(fixture.prompts))
        let hessian = try HessianOperator(model, on: tokens)
        #expect(model.parameters.allSatisfy { !$0.requiresGradient })
        let vector = RandomSource(seed: 1).normal([hessian.dimension], dtype: .float64)
        let before = hessian(vector)
        // Training goes on; the operator is of the weights it was made with.
        for parameter in model.parameters { parameter.addInPlace(parameter, scale: 0.5) }
        #expect(hessian(vector).isEqual(to: before))
    }

    @Test(arguments: configs)
    func everyFormOfModelHasSymmetricProducts(config: TransformerConfig) throws {
        let model = Transformer.initialized(config, deviation: 0.4, using: RandomSource(seed: 2))
        let hessian = try HessianOperator(
            model,
            on: Tokens([[0, 3, 18, 3, 18, 4], [0, 7]]),
            dtype: .float64
        )
        let random = RandomSource(seed: 5)
        let rows = random.normal([2, hessian.dimension], dtype: .float64)
        let products = hessian.products(rows)
        let (left, right) = ((rows[0] * products[1]).sum().scalar, (rows[1] * products[0]).sum().scalar)
        #expect(products.norm().scalar > 1e-3)
        #expect((left - right).magnitude < 1e-10 * max(1, left.magnitude))
    }

    #if os(Linux)
    @Test func memoryDoesNotGrowFromProductToProduct() throws {
        let model = Transformer.initialized(
            smallConfig(dMLP: 40),
            deviation: 0.2,
            using: RandomSource(seed: 2)
        )
        let tokens = try Tokens((0..<16).map { row in (0..<24).map { ($0 * 7 + row) % 19 } })
        let hessian = try HessianOperator(model, on: tokens)
        let vector = RandomSource(seed: 1).normal([hessian.dimension])
        func resident() throws -> Int {
            let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
            return try #require(Int(fields[1])) * 4096
        }
        for _ in 0..<20 { _ = hessian(vector) }
        // Other tests of the process take memory too: what grows, grows every time.
        let grows = try (0..<5).allSatisfy { _ in
            let before = try resident()
            for _ in 0..<200 { _ = hessian(vector) }
            return try resident() - before > 8 << 20
        }
        #expect(!grows, "more than 8 MiB after 200 products, five times")
    }
    #endif
}
