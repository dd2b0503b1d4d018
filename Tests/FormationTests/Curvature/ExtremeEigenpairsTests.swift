// Lanczos on matrices whose eigenvalues are known, and on Hessians.
import Foundation
import Testing
import Torch

@testable import Formation

private func exact(_ top: Int, _ bottom: Int, seed: UInt64 = 1) -> LanczosSettings {
    LanczosSettings(top: top, bottom: bottom, tolerance: 1e-10, maximumProducts: 400, seed: seed)
}

/// A spectrum to be found.
private struct Planted: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let eigenvalues: [Double]
    var top = 5
    var bottom = 4
}

private let spread = (0..<80).map { 3 * sin(1.7 * Double($0)) + 0.02 * Double($0) }

private let planted = [
    Planted(testDescription: "spread", eigenvalues: spread),
    Planted(
        testDescription: "multiple",
        eigenvalues: [5, 5, 5, 1, 1] + Array(repeating: 0, count: 40) + [-2, -2]
    ),
    Planted(
        testDescription: "clustered",
        eigenvalues: (0..<60).map { 1 + 1e-5 * Double($0) } + [7, 7.00001, -4]
    ),
    Planted(testDescription: "negative only", eigenvalues: (1...50).map { -0.3 * Double($0) }),
    Planted(testDescription: "rank one", eigenvalues: [4] + Array(repeating: 0, count: 30)),
    Planted(testDescription: "zero", eigenvalues: Array(repeating: 0, count: 25)),
    Planted(testDescription: "one number", eigenvalues: [-3.5], top: 1, bottom: 1),
    Planted(testDescription: "all of it", eigenvalues: [3, 1, -1, 3], top: 4, bottom: 4),
    Planted(testDescription: "many times the same", eigenvalues: Array(repeating: 2, count: 30)),
    Planted(testDescription: "large", eigenvalues: spread.map { 1e9 * $0 }),
    Planted(testDescription: "small", eigenvalues: spread.map { 1e-9 * $0 }),
]

@Suite struct ExtremeEigenpairsTests {
    @Test(arguments: planted)
    private func plantedSpectraAreFound(spectrum: Planted) throws {
        let matrix = DenseMatrix(eigenvalues: spectrum.eigenvalues, seed: 4)
        let ends = try ExtremeEigenpairs(of: matrix, settings: exact(spectrum.top, spectrum.bottom))
        let sorted = spectrum.eigenvalues.sorted()
        let size = sorted.map(\.magnitude).max() ?? 0
        #expect(ends.isConverged)
        #expect(
            largestDifference(ends.top.map(\.value), sorted.reversed().prefix(spectrum.top).map(\.self))
                <= 1e-9 * size
        )
        #expect(
            largestDifference(ends.bottom.map(\.value), Array(sorted.prefix(spectrum.bottom))) <= 1e-9 * size
        )
        #expect((ends.spectralNorm - size).magnitude <= 1e-9 * size)
        #expect(ends.products <= matrix.dimension)
        // The vectors are eigenvectors, of length 1 and orthogonal, and the residuals are theirs.
        for (values, vectors) in [(ends.top, ends.topVectors), (ends.bottom, ends.bottomVectors)] {
            let gram = vectors.matmul(vectors.mT).doubles
            for i in values.indices {
                for j in values.indices {
                    #expect((gram[i * values.count + j] - (i == j ? 1 : 0)).magnitude < 1e-8)
                }
                let rest = matrix(vectors[i]) - vectors[i] * values[i].value
                #expect((rest.norm().scalar - values[i].residual).magnitude <= 1e-9 * size)
            }
        }
    }

    @Test(arguments: [3, 8, 20, 45], [1, 2, 3] as [UInt64])
    func residualsBoundTheDistanceToAnEigenvalue(products: Int, seed: UInt64) throws {
        let matrix = DenseMatrix(eigenvalues: spread, seed: seed)
        let settings = LanczosSettings(top: 3, bottom: 3, tolerance: 0, maximumProducts: products, seed: seed)
        let ends = try ExtremeEigenpairs(of: matrix, settings: settings)
        #expect(ends.products == products && !ends.isConverged)
        for (ritz, vector) in zip(
            ends.top + ends.bottom,
            [ends.topVectors, ends.bottomVectors].flatMap { v in (0..<3).map { v[$0] } }
        ) {
            let distance = spread.map { ($0 - ritz.value).magnitude }.min() ?? 0
            #expect(distance <= ritz.residual + 1e-12)
            let rest = matrix(vector) - vector * ritz.value
            #expect((rest.norm().scalar - ritz.residual).magnitude < 1e-10)
        }
    }

    @Test func stopsWhenTheResidualsAreSmallEnough() throws {
        let matrix = DenseMatrix(eigenvalues: (0..<300).map { pow(0.9, Double($0)) }, seed: 2)
        func products(_ tolerance: Double) throws -> Int {
            let settings = LanczosSettings(
                top: 4,
                bottom: 0,
                tolerance: tolerance,
                maximumProducts: 300,
                seed: 3
            )
            let ends = try ExtremeEigenpairs(of: matrix, settings: settings)
            #expect(ends.isConverged && ends.bottom.isEmpty)
            #expect(ends.top.allSatisfy { $0.residual <= tolerance * ends.spectralNorm })
            return ends.products
        }
        let counts = try [1e-1, 1e-3, 1e-9].map(products)
        #expect(counts == counts.sorted() && counts[0] < counts[2] && counts[2] < 60)
    }

    @Test func theSeedFixesEveryBit() throws {
        let matrix = DenseMatrix(eigenvalues: spread, seed: 2, dtype: .float32)
        func run(_ seed: UInt64) throws -> ExtremeEigenpairs {
            try ExtremeEigenpairs(
                of: matrix,
                settings: LanczosSettings(top: 3, bottom: 2, maximumProducts: 30, seed: seed)
            )
        }
        let (a, b, c) = (try run(1), try run(1), try run(2))
        #expect(a.top == b.top && a.bottom == b.bottom && a.topVectors.isEqual(to: b.topVectors))
        #expect(a.top != c.top)
    }

    @Test func float32FindsEigenvaluesToItsPrecision() throws {
        let matrix = DenseMatrix(eigenvalues: spread, seed: 2, dtype: .float32)
        let settings = LanczosSettings(top: 5, bottom: 5, tolerance: 1e-5, maximumProducts: 80)
        let ends = try ExtremeEigenpairs(of: matrix, settings: settings)
        let sorted = spread.sorted()
        #expect(largestDifference(ends.top.map(\.value), sorted.reversed().prefix(5).map(\.self)) < 3e-5)
        #expect(largestDifference(ends.bottom.map(\.value), Array(sorted.prefix(5))) < 3e-5)
    }

    @Test func aStartIsTaken() throws {
        let matrix = DenseMatrix(eigenvalues: spread, seed: 2)
        let first = try ExtremeEigenpairs(of: matrix, settings: exact(1, 0))
        let settings = LanczosSettings(top: 1, bottom: 0, tolerance: 1e-6)
        let again = try ExtremeEigenpairs(of: matrix, settings: settings, start: first.topVectors[0] * 7)
        #expect(again.products < 4)
        #expect((again.top[0].value - first.top[0].value).magnitude < 1e-9)
    }

    @Test(arguments: CurvatureFixture.all)
    func bothEndsOfAHessianAreThoseOfTheDenseOne(fixture: CurvatureFixture) throws {
        let ends = try ExtremeEigenpairs(of: fixture.hessian(), settings: exact(10, 10))
        let expected = CurvatureFixture.numbers(fixture.eigenvalues).doubles
        let norm = expected.map(\.magnitude).max() ?? 0
        #expect(ends.isConverged && (ends.spectralNorm - norm).magnitude < 1e-6 * norm)
        #expect(largestDifference(ends.top.map(\.value), Array(expected.reversed().prefix(10))) < 1e-6 * norm)
        #expect(largestDifference(ends.bottom.map(\.value), Array(expected.prefix(10))) < 1e-6 * norm)
    }

    @Test func tooMuchIsRefused() throws {
        let matrix = DenseMatrix(eigenvalues: [1, 2, 3], seed: 1)
        #expect(throws: CurvatureError.tooManyEigenvalues(asked: 4, parameters: 3)) {
            try ExtremeEigenpairs(of: matrix, settings: exact(1, 4))
        }
        #expect(throws: CurvatureError.tooFewProducts(limit: 2, asked: 3)) {
            try ExtremeEigenpairs(
                of: matrix,
                settings: LanczosSettings(top: 3, bottom: 0, maximumProducts: 2)
            )
        }
        let broken = DenseMatrix(Tensor([1, 0, 0, Double.nan], [2, 2]))
        #expect(throws: CurvatureError.nonFiniteProduct(after: 0)) {
            try ExtremeEigenpairs(of: broken, settings: exact(1, 1))
        }
    }
}
