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

    @Test func aLayerWithoutAValueHasNoBand() throws {
        let figure = LayerProfile(
            title: Samples.title,
            valueName: "score",
            series: [
                .init(
                    name: "a",
                    values: [.init(mean: 0.3, low: 0.1, high: 0.4), .init(mean: nil, low: 0, high: 1)]
                )
            ]
        )
        let rows = try JSON(figure)["data"]["values"].array
        #expect(rows.map { $0["low"].double } == [0.1, nil])
        #expect(rows.map { $0["high"].double } == [0.4, nil])
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
}
