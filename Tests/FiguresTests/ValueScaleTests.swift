import Testing

@testable import Figures

@Suite struct ValueScaleTests {
    @Test(
        arguments: [
            ([0.2, -0.31], -0.31...0.31), ([1.448, 0.2], -1.5...1.5), ([0.0123], -0.013...0.013),
            ([], -1...1),
            ([0, 0], -1...1), ([.nan, -2], -2...2), ([123.4], -130...130),
        ] as [([Double], ClosedRange<Double>)]
    )
    func signedScalesEndAtTwoDigitsOfTheLargestMagnitude(values: [Double], domain: ClosedRange<Double>) {
        let found = ValueScale.signed().domain(for: values)
        #expect(abs(found.upperBound - domain.upperBound) < 1e-9)
        #expect(found.lowerBound == -found.upperBound)
    }

    @Test func fixedScalesIgnoreTheData() {
        #expect(ValueScale.unit.domain(for: [0.2, 7]) == 0...1)
        #expect(ValueScale.signed(limit: 2).domain(for: [0.1]) == -2...2)
    }

    @Test(arguments: [
        (0.834, ValueScale.unit, 0.0...1.0, "0.83"), (-0.5, .signed(), -1...1, "−0.50"),
        (0.5, .signed(), -1...1, "+0.50"), (-0.0001, .signed(), -1...1, "0.00"),
        (0.0123, .signed(), -0.013...0.013, "+0.012"), (12.3, .signed(), -20...20, "+12.3"),
        (-120, .signed(), -130...130, "−120"),
    ])
    func valuesArePrintedWithWhatTheScaleResolves(
        value: Double,
        scale: ValueScale,
        domain: ClosedRange<Double>,
        text: String
    ) {
        #expect(scale.text(value, in: domain) == text)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678"), (-1234, "−1,234")])
    func countsKeepTheirThousandsApart(count: Int, text: String) {
        #expect(ValueScale.grouped(count) == text)
    }
}
