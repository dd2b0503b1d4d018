import Foundation
import Testing

@testable import Figures

@Suite struct HeadHeatmapTests {
    @Test func scoresHaveAFixedScaleAndLayerZeroOnTop() throws {
        let json = try JSON(Samples.heatmap)
        let color = json["layer"][0]["encoding"]["color"]
        #expect(color["scale"]["domain"].doubles == (0...8).map { Double($0) / 8 })
        #expect(color["scale"]["range"][0].string == "#fbfbe6")
        #expect(color["scale"]["range"][8].string == "#081d58")
        #expect(color["scale"]["interpolate"].string == "rgb")
        #expect(color["legend"]["title"].strings == ["induction score"])
        #expect(json["encoding"]["y"]["field"].string == "layer")
        #expect(json["encoding"]["y"]["sort"].string == "ascending")
        #expect(json["encoding"]["x"]["field"].string == "head")
    }

    @Test func everyHeadIsARowWithItsOwnValue() throws {
        let rows = try JSON(Samples.heatmap)["data"]["values"].array
        #expect(rows.map { $0["name"].string } == ["L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2"])
        #expect(rows.map { $0["value"].double } == [0.01, 0.92, nil, 0.5, nil, 0.25])
        #expect(rows[2]["value"].isNull && rows[4]["value"].isNull)
        #expect(rows.map { $0["shown"].string } == ["0.01", "0.92", nil, "0.50", nil, "0.25"])
        #expect(rows[0]["ink"].string == "#000000")
        #expect(rows[1]["ink"].string == "#ffffff")
    }

    @Test func undefinedHeadsAreHatchedAndNamedInTheLegend() throws {
        var figure = Samples.heatmap
        figure.undefinedName = "no pairs"
        let layers = try JSON(figure)["layer"]
        #expect(layers.array.count == 4)
        #expect(layers[0]["transform"][0]["filter"].string == "isValid(datum.value)")
        #expect(layers[1]["transform"][0]["filter"].string == "!isValid(datum.value)")
        #expect(layers[1]["encoding"]["fill"]["scale"]["domain"].strings == ["no pairs"])
        #expect(layers[2]["mark"]["type"].string == "rule")
        #expect(
            try JSON(Samples.signedHeatmap)["layer"].array.count == 2,
            "no legend for what does not occur"
        )
    }

    @Test func signedValuesHaveASymmetricScaleAroundZero() throws {
        let json = try JSON(Samples.signedHeatmap)
        let domain = json["layer"][0]["encoding"]["color"]["scale"]["domain"].doubles
        #expect(domain == [-0.3, -0.225, -0.15, -0.075, 0, 0.075, 0.15, 0.225, 0.3])
        #expect(
            json["data"]["values"].array.map { $0["shown"].string } == ["−0.30", "+0.11", "0.00", "0.00"]
        )
    }

    @Test(arguments: [
        (2, 4, true), (12, 12, true), (10, 20, true), (24, 16, false), (40, 40, false), (1, 1, true),
        (1, 200, false),
    ])
    func valuesArePrintedWhereTheyFit(layers: Int, heads: Int, printed: Bool) throws {
        let values: [[Double?]] = (0..<layers).map { layer in
            (0..<heads).map { head -> Double? in Double((layer * 7 + head * 3) % 10) / 10 }
        }
        let json = try JSON(HeadHeatmap(title: Samples.title, valueName: "score", values: values))
        #expect(json["layer"].array.contains { $0["mark"]["type"].string == "text" } == printed)
        let width = try #require(json["width"].double)
        let height = try #require(json["height"].double)
        #expect(width / Double(heads) >= (printed ? 30 : 12))
        #expect(height / Double(layers) >= (printed ? 18 : 12))
        #expect(width <= 2400 && height <= 640)
    }
}
