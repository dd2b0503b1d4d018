// Hutchinson's estimate covers the trace as often as it says.
import Testing
import Torch

@testable import Formation

@Suite struct TraceEstimateTests {
    @Test func isMeanAndStandardErrorOfTheProbes() {
        let estimate = TraceEstimate([1, 2, 6, 3])
        // Deviations -2, -1, 3, 0: variance 14 / 3.
        #expect(estimate.mean == 3 && estimate.probes == 4)
        #expect((estimate.se - (14.0 / 3 / 4).squareRoot()).magnitude < 1e-14)
        #expect((estimate.interval.upperBound - 3 - 3.182 * estimate.se).magnitude < 0.02 * estimate.se)
    }

    @Test(arguments: [(4.0, 2.776445), (9, 2.262157), (19, 2.093024), (99, 1.984217)])
    func quantilesAreStudents(freedom: Double, expected: Double) {
        let quantile = TraceEstimate.studentQuantile(degreesOfFreedom: freedom)
        #expect((quantile - expected).magnitude < 2e-3)
    }

    @Test func aDiagonalMatrixHasNoSpread() throws {
        let matrix = Tensor([2, 0, 0, 0, -5, 0, 0, 0, 4] as [Double], [3, 3])
        let estimate = try TraceEstimate(of: DenseMatrix(matrix), probes: 6, random: RandomSource(seed: 1))
        #expect(estimate.mean == 1 && estimate.se == 0)
    }

    @Test(arguments: CurvatureFixture.all)
    func intervalsCoverTheTraceOfAHessian(fixture: CurvatureFixture) throws {
        let hessian = try fixture.hessian()
        let eigenvalues = CurvatureFixture.numbers(fixture.eigenvalues)
        let trace = eigenvalues.sum().scalar
        let dense = DenseMatrix(of: hessian)
        let random = RandomSource(seed: 7)
        let covered = try (0..<200).filter { _ in
            try TraceEstimate(of: dense, probes: 30, random: random).interval.contains(trace)
        }
        #expect(covered.count >= 182, "of 200 intervals")
        let direct = try (0..<10).filter { _ in
            try TraceEstimate(of: hessian, probes: 20, random: random).interval.contains(trace)
        }
        #expect(direct.count >= 8, "of 10 intervals")
    }

    @Test func theStandardErrorIsThatOfRandomSigns() throws {
        let dense = DenseMatrix(eigenvalues: (0..<60).map { Double($0 % 7) - 2 }, seed: 3)
        let estimate = try TraceEstimate(of: dense, probes: 4000, random: RandomSource(seed: 2))
        let entries = dense.matrix.doubles
        let offDiagonal = entries.enumerated().filter { $0.offset / 60 != $0.offset % 60 }
        let variance = 2 * offDiagonal.reduce(0) { $0 + $1.element * $1.element }
        #expect((estimate.se / (variance / 4000).squareRoot() - 1).magnitude < 0.05)
    }

    @Test func whatIsNotFiniteIsAnError() {
        let broken = DenseMatrix(Tensor([1, 0, 0, Double.infinity], [2, 2]))
        #expect(throws: CurvatureError.nonFiniteProduct(after: 0)) {
            try TraceEstimate(of: broken, probes: 3, random: RandomSource(seed: 1))
        }
    }
}
