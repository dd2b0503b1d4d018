// The density against exact spectra.
import Foundation
import Testing
import Torch

@testable import Formation

/// The Wasserstein-1 distance between a density on a grid and equal weights at points: the integral of the difference of
/// the distribution functions.
private func distance(_ density: SpectralDensity, _ points: [Double]) -> Double {
    let step = density.grid[1] - density.grid[0]
    let sorted = points.sorted()
    // Finely, so that the points' steps are seen.
    let fine = 20
    var (below, total) = (0.0, 0.0)
    var index = 0
    for (left, right) in zip(density.grid.indices, density.grid.indices.dropFirst()) {
        for part in 0..<fine {
            let share = (Double(part) + 0.5) / Double(fine)
            let value = density.values[left] * (1 - share) + density.values[right] * share
            below += value * step / Double(fine)
            let place = density.grid[left] + step * (share + 0.5 / Double(fine))
            while index < sorted.count, sorted[index] <= place { index += 1 }
            total += (below - Double(index) / Double(sorted.count)).magnitude * step / Double(fine)
        }
    }
    return total
}

@Suite struct SpectralDensityTests {
    private func density(
        _ matrix: any SymmetricOperator,
        _ settings: SpectralDensity.Settings,
        seed: UInt64 = 3
    ) throws -> (density: SpectralDensity, quadrature: LanczosQuadrature) {
        let quadrature = try LanczosQuadrature(
            of: matrix,
            probes: settings.probes,
            steps: settings.steps,
            random: RandomSource(seed: seed)
        )
        return (SpectralDensity(quadrature, settings: settings), quadrature)
    }

    @Test(arguments: CurvatureFixture.all)
    func isNearTheExactSpectrum(fixture: CurvatureFixture) throws {
        let eigenvalues = CurvatureFixture.numbers(fixture.eigenvalues).doubles
        let range = (eigenvalues.last ?? 0) - (eigenvalues.first ?? 0)
        let found = try density(fixture.hessian(), .init(probes: 10, steps: 40)).density
        // Nodes spread by a hundredth of the range move by 0.8 hundredths; the probes' own error is as large.
        #expect(distance(found, eigenvalues) < 0.015 * range)
        let integral = found.values.reduce(0, +) * (found.grid[1] - found.grid[0])
        #expect((integral - 1).magnitude < 1e-3)
        #expect(found.values.allSatisfy { $0 >= 0 } && found.grid.count == 257)
        #expect((found.width / range - 0.01).magnitude < 2e-3 && found.probes == 10 && found.steps == 40)
    }

    @Test func theMeasureIsExactForPolynomials() throws {
        let matrix = DenseMatrix(eigenvalues: (0..<50).map { sin(Double($0)) }, seed: 1)
        let quadrature = try LanczosQuadrature(of: matrix, probes: 1, steps: 6, random: RandomSource(seed: 5))
        #expect((quadrature.weights.reduce(0, +) - 1).magnitude < 1e-12 && quadrature.products == 6)
        // The same probe: z of signs, its moments z . H^k z / n up to degree 11.
        var power = RandomSource(seed: 5).signs(50, dtype: .float64)
        let probe = power
        for degree in 0...11 {
            let moment = (probe * power).sum().scalar / 50
            let sum = zip(quadrature.nodes, quadrature.weights).reduce(0) {
                $0 + pow($1.0, Double(degree)) * $1.1
            }
            #expect((moment - sum).magnitude < 1e-10, "degree \(degree)")
            if degree == 1 { #expect((quadrature.quadraticForms[0] / 50 - moment).magnitude < 1e-12) }
            power = matrix(power)
        }
    }

    @Test func aSpectrumOfTwoValuesHasTwoPeaks() throws {
        let eigenvalues = Array(repeating: -1.0, count: 30) + Array(repeating: 2.0, count: 90)
        let (found, quadrature) = try density(
            DenseMatrix(eigenvalues: eigenvalues, seed: 2),
            .init(probes: 30, steps: 20, width: 0.1, points: 401)
        )
        // Two products end each sequence.
        #expect(quadrature.products == 60)
        #expect(distance(found, eigenvalues) < 0.1 * 0.8 + 0.05)
        let step = found.grid[1] - found.grid[0]
        let low = zip(found.grid, found.values).filter { $0.0 < 0.5 }.reduce(0) { $0 + $1.1 } * step
        #expect((low - 0.25).magnitude < 0.03)
        #expect(found.width == 0.1 && found.grid.count == 401)
    }

    @Test func aSpectrumOfOneValueHasAPeakToo() throws {
        for value in [0.0, -4] {
            let matrix = DenseMatrix(eigenvalues: Array(repeating: value, count: 12), seed: 2)
            let found = try density(matrix, .init(probes: 2, steps: 5)).density
            let integral = found.values.reduce(0, +) * (found.grid[1] - found.grid[0])
            #expect(found.values.allSatisfy(\.isFinite) && (integral - 1).magnitude < 1e-3)
            #expect((found.grid[128] - value).magnitude <= 1e-9 + 1e-3 * value.magnitude)
        }
    }
}
