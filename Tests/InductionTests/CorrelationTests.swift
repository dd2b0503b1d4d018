// Correlations against numbers from NumPy's corrcoef, of values and of ranks, and where there is none.
import Testing

@testable import Induction

@Suite struct CorrelationTests {
    @Test func equalsNumPy() throws {
        let found = Correlation([1.5, -2, 0.25, 7, 0.25, 3], [2, -1, 4, 4.5, 0, 4])
        let (pearson, spearman) = (try #require(found.pearson), try #require(found.spearman))
        #expect(agree(pearson, 0.7540365630510183, 1e-12))
        #expect(agree(spearman, 0.8382352941176471, 1e-12))
        #expect(found.count == 6 && found.undefined == nil)
    }

    @Test func aSeriesAgreesWithItsMultiples() throws {
        let series = [0.1, 0.4, -0.2, 0.3]
        let scaled = Correlation(series, series.map { 10 * $0 - 3 })
        #expect(try agree(#require(scaled.spearman), 1) && agree(#require(scaled.pearson), 1))
        let opposed = try #require(Correlation(series, series.map { -2 * $0 }).pearson)
        #expect(agree(opposed, -1, 1e-12))
    }

    @Test(arguments: [
        ([1, 2], [2, 1], Correlation.Undefined.tooFew),
        ([], [], .tooFew),
        ([1, 1, 1 + 1e-9], [1, 2, 3], .firstIsConstant),
        ([1, 2, 3], [5, 5, 5], .secondIsConstant),
    ])
    func isUndefinedWhereNothingVaries(first: [Double], second: [Double], reason: Correlation.Undefined) {
        let found = Correlation(first, second, resolution: 1e-6)
        #expect(found.undefined == reason && found.pearson == nil && found.spearman == nil)
        #expect(found.count == first.count)
    }
}
