import Foundation
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

    @Test func numbersStandWhereNoOtherPointIs() {
        let points = [(50.0, 50.0), (50, 36), (200, 5), (50, 50)].map { PlotLayout.Place(x: $0.0, y: $0.1) }
        let places = PlotLayout.beside(points, distance: 14, width: 300, height: 100)
        #expect(places[1] == PlotLayout.Place(x: 50, y: 22))
        #expect(places[2].y >= 0)
        for (index, place) in places.enumerated() {
            let others = points.enumerated().filter { $0.offset != index }.map(\.element)
            let taken = others + places.prefix(index)
            #expect(taken.allSatisfy { hypot($0.x - place.x, $0.y - place.y) > 9 })
        }
    }

    @Test func aLonePointHasItsNumberAbove() {
        let point = PlotLayout.Place(x: 50, y: 50)
        #expect(PlotLayout.beside([point], distance: 14, width: 300, height: 100) == [.init(x: 50, y: 36)])
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

    @Test(arguments: [
        (0.31, 7.5, 0.2, 10.0), (24, 384, 20, 500), (48, 48, 20, 50), (100, 100, 100, 200),
        (0.001, 0.05, 0.001, 0.05),
    ])
    func logarithmicAxesEndAtOneTwoOrFive(least: Double, most: Double, low: Double, high: Double) {
        let domain = PlotLayout.logDomain(least...most)
        #expect(abs(domain.lowerBound / low - 1) < 1e-9 && abs(domain.upperBound / high - 1) < 1e-9)
    }

    @Test func severalDecadesAreLabelledByPowersOfTen() {
        #expect(PlotLayout.logTicks(in: 20...500) == [20, 50, 100, 200, 500])
        #expect(PlotLayout.logTicks(in: 0.02...1000) == [0.1, 1, 10, 100, 1000])
    }

    @Test(arguments: [(20.0, 1), (9, 1), (5, 3), (2, 6), (0.1, 12)])
    func labelsKeepALineOfDistance(cell: Double, stride: Int) {
        #expect(PlotLayout.labelStride(cell: cell, of: [2, 3, 4, 6, 8, 12]) == stride)
    }
}
