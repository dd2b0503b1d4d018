// The ramp: exact on ramps, and never worse than any other ramp on anything else.
import Foundation
import Testing

@testable import Formation

/// Squared distances from the best ramp with these places, by plain sums; infinite where it falls.
private func residual(_ x: [Double], _ y: [Double], _ u: Double, _ v: Double) -> Double {
    let r = x.map { min(max(($0 - u) / (v - u), 0), 1) }
    let (meanR, meanY) = (r.reduce(0, +) / Double(r.count), y.reduce(0, +) / Double(y.count))
    let slope =
        zip(r, y).reduce(0) { $0 + ($1.0 - meanR) * ($1.1 - meanY) }
        / r.reduce(0) { $0 + ($1 - meanR) * ($1 - meanR) }
    guard slope > 0 else { return .infinity }
    return zip(r, y).reduce(0) {
        let distance = $1.1 - meanY - slope * ($1.0 - meanR)
        return $0 + distance * distance
    }
}

@Suite struct RampFitTests {
    @Test(arguments: [(2.0, 5.0), (2.3, 4.1), (1.7, 5.5), (3.2, 3.9), (0.0, 7.2), (4.4, 6.9)])
    func rampsAreRecoveredBetweenPoints(start: Double, end: Double) throws {
        let x = (0..<12).map { 0.8 * Double($0) + 0.05 * Double($0 % 3) }
        let y = x.map { 0.07 + 0.61 * min(max(($0 - start) / (end - start), 0), 1) }
        let fit = try #require(RampFit(x, y, below: 1))
        #expect(fit.residual < 1e-20)
        #expect((fit.lowerLevel - 0.07).magnitude < 1e-9 && (fit.upperLevel - 0.68).magnitude < 1e-9)
        // With one point on the ramp the places are not determined, only that the ramp goes through it.
        if x.count(where: { start < $0 && $0 < end }) > 1 {
            #expect((fit.start - start).magnitude < 1e-9 && (fit.end - end).magnitude < 1e-9)
        }
    }

    @Test func aJumpIsAsWideAsTheGap() throws {
        let x = [0.0, 1, 2.5, 3, 4.5, 6, 7]
        let fit = try #require(RampFit(x, [0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9], below: 1))
        #expect((fit.start - 3).magnitude < 1e-9 && (fit.end - 4.5).magnitude < 1e-9)
    }

    @Test func noOtherRampIsBetter() {
        var noise = Noise(seed: 1)
        var found = 0
        for trial in 0..<150 {
            let count = 4 + trial % 9
            let x = (0..<count).map { log1p(25 * Double($0)) }
            let y = x.map { _ in noise.uniform() }
            let best =
                (0..<1000).map { _ in
                    // Places anywhere, two points behind the second.
                    let (a, b) = (noise.uniform() * x[count - 2], noise.uniform() * x[count - 2])
                    return residual(x, y, min(a, b), max(a, b))
                }.min() ?? 0
            guard let fit = RampFit(x, y, below: .infinity) else {
                #expect(best == .infinity, "trial \(trial)")
                continue
            }
            found += 1
            #expect(fit.residual <= best + 1e-12, "trial \(trial): \(fit), random search \(best)")
            #expect((fit.residual - residual(x, y, fit.start, fit.end)).magnitude < 1e-9, "trial \(trial)")
            #expect(fit.start < fit.end && fit.end <= x[count - 2] && fit.lowerLevel < fit.upperLevel)
        }
        #expect(found > 110)
    }

    @Test func onlyWhatIsBelowTheBoundIsFound() throws {
        var noise = Noise(seed: 2)
        let x = (0..<40).map { log1p(25 * Double($0)) }
        let y = x.map { 0.05 * noise.normal() + ($0 > 5 ? 0.4 : 0) }
        let fit = try #require(RampFit(x, y, below: .infinity))
        #expect(RampFit(x, y, below: fit.residual * 1.000001) == fit)
        #expect(RampFit(x, y, below: fit.residual) == nil)
    }

    @Test func twoPointsAreNoRamp() {
        #expect(RampFit([0, 1], [0, 1], below: .infinity) == nil)
        #expect(RampFit([], [], below: .infinity) == nil)
    }
}
