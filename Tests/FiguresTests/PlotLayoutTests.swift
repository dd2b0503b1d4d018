import Testing

@testable import Figures

@Suite struct PlotLayoutTests {
    @Test(arguments: [
        ([10.0, 50, 90], [10.0, 50, 90]),
        ([50, 50, 50], [50, 65, 80]),
        ([98, 97, 20], [100, 85, 20]),
        ([0, -5, 3], [10, -5, 25]),
    ])
    func namesKeepTheirDistanceAndOrder(wanted: [Double], placed: [Double]) {
        #expect(PlotLayout.spread(wanted, step: 15, height: 100) == placed)
    }

    @Test(arguments: [
        (0.0...0.62, 0.0...0.8), (0...1, 0...1), (-0.01...0.58, -0.2...0.6), (0...0.5, 0...0.5),
        (0...0, 0...1),
        (-3...0, -3...0), (0...0.0031, 0...0.004),
    ])
    func axesEndOnRoundSteps(range: ClosedRange<Double>, axis: ClosedRange<Double>) {
        let found = PlotLayout.roundDomain(range)
        #expect(abs(found.lowerBound - axis.lowerBound) < 1e-12)
        #expect(abs(found.upperBound - axis.upperBound) < 1e-12)
    }
}
