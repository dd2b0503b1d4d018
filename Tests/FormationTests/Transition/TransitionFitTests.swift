// Which shape wins, by a criterion that is checked by hand.
import Foundation
import Testing

@testable import Formation

@Suite struct TransitionFitTests {
    @Test func criteriaAreThoseOfTheFormula() throws {
        // Two values about 0.2, then two about 0.6, 3 times: distances from the levels are all 0.01.
        let scores = [0.19, 0.21, 0.19, 0.21, 0.19, 0.21, 0.59, 0.61, 0.59, 0.61, 0.59, 0.61]
        let series = scores.enumerated().map { ScorePoint(step: $0 * 10, score: $1) }
        let fit = TransitionFit(series)
        // Levels 0.4 away by 0.2, and 0.01 more or less: RSS / n = 0.04 + 0.0001.
        #expect((fit.constantBIC - (12 * log(0.0401) + 2 * log(12))).magnitude < 1e-9)
        let x = series.map { log1p(Double($0.step)) }
        let (meanX, slope) = line(x, scores)
        let rss = zip(x, scores).reduce(0) {
            let distance = $1.1 - 0.4 - slope * ($1.0 - meanX)
            return $0 + distance * distance
        }
        #expect((fit.lineBIC - (12 * log(rss / 12) + 3 * log(12))).magnitude < 1e-9)
        let best = try #require(fit.ramp)
        let own = series.reduce(0) {
            let levels = best.lowerLevel...best.upperLevel
            let distance = $1.score - ramp($1.step, levels, from: best.start, to: best.end)
            return $0 + distance * distance
        }
        #expect((best.bic - (12 * log(own / 12) + 5 * log(12))).magnitude < 1e-6)
        // It may go through a point of the jump that is 0.01 off its level.
        #expect(fit.winner == .ramp && (0.0008...0.0012).contains(own))
    }

    private func line(_ x: [Double], _ y: [Double]) -> (mean: Double, slope: Double) {
        let mean = x.reduce(0, +) / Double(x.count)
        let slope =
            zip(x, y).reduce(0) { $0 + ($1.0 - mean) * $1.1 } / x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, slope)
    }

    @Test func exactShapesWinWithoutNoise() {
        #expect(TransitionFit(series(20, every: 25) { _ in 0.4 }).winner == .constant)
        #expect(TransitionFit(series(20, every: 25) { 0.1 + 0.05 * log1p(Double($0)) }).winner == .line)
        #expect(TransitionFit(series(20, every: 25) { 0.9 - 0.05 * log1p(Double($0)) }).winner == .line)
        #expect(
            TransitionFit(series(20, every: 25) { ramp($0, 0.1...0.5, from: 60, to: 260) }).winner == .ramp
        )
    }

    @Test func whatFallsIsNoRamp() {
        let fit = TransitionFit(series(30, every: 25) { ramp($0, 0.1...0.8, from: 100, to: 300) })
        let falling = TransitionFit(series(30, every: 25) { 0.9 - ramp($0, 0.1...0.8, from: 100, to: 300) })
        #expect(fit.winner == .ramp && falling.winner == .line)
    }

    @Test func placesAreSteps() throws {
        let fit = TransitionFit(series(60, every: 10) { ramp($0, 0.05...0.7, from: 47, to: 218) })
        let found = try #require(fit.ramp)
        #expect((found.start - 47).magnitude < 1e-6 && (found.end - 218).magnitude < 1e-6)
        #expect((found.lowerLevel - 0.05).magnitude < 1e-9 && (found.upperLevel - 0.7).magnitude < 1e-9)
    }
}
