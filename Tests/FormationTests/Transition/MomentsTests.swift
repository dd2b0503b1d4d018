// Moments: of merged groups as of all values, and the least-squares line.
import Testing

@testable import Formation

@Suite struct MomentsTests {
    let x = [1e6 + 1, 1e6 + 2, 1e6 + 4, 1e6 + 8]
    let y = [0.3, 0.1, 0.7, 0.4]

    private func moments(_ range: Range<Int>) -> Moments {
        var moments = Moments()
        for index in range { moments.add(x[index], y[index]) }
        return moments
    }

    @Test func lineIsThatOfLeastSquaresFarFromZeroToo() {
        // By hand, of x - 1e6 = 1, 2, 4, 8: sums of squares 28.75 and 0.1875, of products 0.875.
        let all = moments(0..<4)
        #expect((all.slope - 0.875 / 28.75).magnitude < 1e-12)
        #expect((all.residual - (0.1875 - 0.875 * 0.875 / 28.75)).magnitude < 1e-12)
        #expect((all.line(at: 1e6) - (0.375 - 3.75 * 0.875 / 28.75)).magnitude < 1e-9)
    }

    @Test func groupsAreAsGoodAsAll() {
        let all = moments(0..<4)
        for cut in 0...4 {
            let merged =
                cut == 0
                ? moments(0..<4).merged(with: Moments()) : moments(0..<cut).merged(with: moments(cut..<4))
            #expect((merged.xx - all.xx).magnitude < 1e-9 && (merged.xy - all.xy).magnitude < 1e-9)
            #expect((merged.yy - all.yy).magnitude < 1e-12 && merged.count == 4)
            #expect((merged.line(at: 1e6) - all.line(at: 1e6)).magnitude < 1e-9)
        }
    }

    @Test func anotherUnitIsAnotherSlopeAndTheSameResidual() {
        let (all, other) = (moments(0..<4), moments(0..<4).rescaled(origin: 1e6, unit: 4))
        #expect((other.slope - 4 * all.slope).magnitude < 1e-12)
        #expect((other.residual - all.residual).magnitude < 1e-12)
        #expect((other.line(at: 0) - all.line(at: 1e6)).magnitude < 1e-9)
    }

    @Test func valuesAtOnePlaceHaveNoSlope() {
        let gathered = moments(0..<4).gathered(at: 3)
        #expect(gathered.slope == 0 && gathered.line(at: 99) == gathered.y)
        #expect((gathered.residual - 0.1875).magnitude < 1e-12)
    }
}
