import Testing

@testable import Figures

@Suite struct LayerCurveTests {
    @Test(
        arguments: [
            ([0.1, 0.5, 0.2], 1), ([0.5, 0.1, 0.5], 0), ([nil, 0.2, 0.3], 2), ([.nan, -0.2, -0.1], 2),
            ([0.4], 0), ([0.1, .infinity, 0.05], 0),
        ] as [([Double?], Int)]
    )
    func thePeakIsTheFirstOfTheLargestValues(means: [Double?], layer: Int) {
        #expect(LayerCurve(name: "", means: means).peak?.layer == layer)
    }

    @Test(arguments: [[0, 0, 0], [nil, nil], [0.3, 0.3]] as [[Double?]])
    func whereNoLayerStandsOutThereIsNoPeak(means: [Double?]) {
        #expect(LayerCurve(name: "", means: means).peak == nil)
    }

    @Test func aBandNeedsAValueAndBothEnds() {
        let curve = LayerCurve(
            name: "",
            means: [0.3, nil, 0.3, 0.3, 0.3],
            low: [0.1, 0, nil, .nan, 0.4],
            high: [0.4, 1, 0.5, 0.5, 0.2]
        )
        #expect((0..<6).map { curve.band($0) } == [0.1...0.4, nil, nil, nil, nil, nil])
        #expect(curve.drawn == [0.3, 0.1, 0.4, 0.3, 0.3, 0.3])
    }

    @Test func relativeDepthIsZeroInAModelOfOneLayer() {
        #expect(LayerCurve(name: "", means: [0.2]).relativeDepth(of: 0) == 0)
        let three = LayerCurve(name: "", means: [0.2, 0.1, 0])
        #expect((0..<3).map { three.relativeDepth(of: $0) } == [0, 0.5, 1])
    }

    @Test func curvesWithoutLayersOrWithHalfAnIntervalTrap() async {
        await #expect(processExitsWith: .failure) { _ = LayerCurve(name: "", means: []) }
        await #expect(processExitsWith: .failure) { _ = LayerCurve(name: "", means: [1, 2], low: [0, 0]) }
        await #expect(processExitsWith: .failure) {
            _ = LayerCurve(name: "", means: [1, 2], low: [0], high: [3])
        }
    }
}
