// The standard normal distribution against SciPy.
import Testing

@testable import Induction

@Suite struct NormalDistributionTests {
    @Test func equalsSciPy() throws {
        let recorded = try StatisticsFixture().normal
        for (p, expected) in zip(recorded.probabilities, recorded.quantiles) {
            #expect(agree(NormalDistribution.quantile(p), expected, 1e-10), "quantile(\(p))")
        }
        for (x, expected) in zip(recorded.points, recorded.cumulative) {
            let found = NormalDistribution.cumulative(x)
            #expect((found - expected).magnitude <= 1e-12 * expected, "cumulative(\(x))")
        }
    }

    @Test func endsAreInfinite() {
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
    }
}
