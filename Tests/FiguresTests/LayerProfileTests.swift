import Foundation
import Testing

@testable import Figures

@Suite struct LayerProfileTests {
    @Test func relativeDepthRunsFromTheFirstLayerToTheLast() throws {
        let json = try JSON(Samples.profile)
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["depth"].double } == [0, 1, 0, 0.5, 1])
        #expect(rows.map { $0["layer"].double } == [0, 1, 0, 1, 2])
        #expect(rows.map { $0["mean"].double } == [0.1, 0.62, 0.3, nil, 0.2])
        let line = json["layer"][1]["encoding"]
        #expect(line["x"]["scale"]["domain"].doubles == [0, 1])
        #expect(line["y"]["scale"]["domain"].doubles == [0, 0.8])
        #expect(json["encoding"]["color"]["legend"].isNull)
    }

    @Test func linesAreNamedAtTheirEnds() throws {
        let ends = try JSON(Samples.profile)["layer"][3]["data"]["values"].array
        #expect(ends.map { $0["shown"].string } == ["small", "large"])
        #expect(ends.map { $0["mean"].double } == [0.62, 0.2])
        #expect(ends.map { $0["label"].double } == [0.62, 0.2])
    }

    @Test func layersAreWholeNumbers() throws {
        var figure = Samples.profile
        figure.depth = .layer
        let axis = try JSON(figure)["layer"][1]["encoding"]["x"]
        #expect(axis["axis"]["values"].doubles == [0, 1, 2])
        #expect(axis["scale"]["domain"].doubles == [0, 2])
        #expect(axis["title"].string == "layer")
    }

    @Test(arguments: [
        ([10.0, 50, 90], [10.0, 50, 90]),
        ([50, 50, 50], [50, 65, 80]),
        ([98, 97, 20], [100, 85, 20]),
        ([0, -5, 3], [10, -5, 25]),
    ])
    func namesKeepTheirDistanceAndOrder(wanted: [Double], placed: [Double]) {
        #expect(LayerProfile.spread(wanted, step: 15, height: 100) == placed)
    }

    @Test(arguments: [
        (0.0...0.62, 0.0...0.8), (0...1, 0...1), (-0.01...0.58, -0.2...0.6), (0...0.5, 0...0.5),
        (0...0, 0...1),
        (-3...0, -3...0), (0...0.0031, 0...0.004),
    ])
    func axesEndOnRoundSteps(range: ClosedRange<Double>, axis: ClosedRange<Double>) {
        let found = LayerProfile.roundDomain(range)
        #expect(abs(found.lowerBound - axis.lowerBound) < 1e-12)
        #expect(abs(found.upperBound - axis.upperBound) < 1e-12)
    }
}
