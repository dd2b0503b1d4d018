import Foundation
import Testing

@testable import Figures

@Suite struct NullsFigureTests {
    @Test func bothPanelsShareTheLayers() throws {
        let json = try JSON(Samples.nulls)
        #expect(json["concat"].array.count == 2)
        #expect(json["columns"].double == 1)
        let (above, below) = (json["concat"][0], json["concat"][1])
        #expect(above["width"].double == below["width"].double)
        let axes = [above.layers(of: "line").last, below.layers(of: "rule").first { $0.hasShownX }]
            .map { $0?["encoding"]["x"] ?? JSON(nil) }
        #expect(axes.map { $0["scale"]["domain"].doubles } == [[0, 2], [0, 2]])
        #expect(axes.map { $0["axis"]["values"].doubles } == [[0, 1, 2], [0, 1, 2]])
        #expect(axes[0]["title"].isNull)
        #expect(axes[1]["title"].string == "layer")
    }

    @Test func theProfileStandsOverTheShuffledNull() throws {
        let above = try JSON(Samples.nulls)["concat"][0]
        #expect(above["data"]["values"].array.map { $0["mean"].double } == [0.05, 0.4, 0.2])
        let null = above["layer"][0]["data"]["values"].array
        #expect(null.map { $0["mean"].double } == [0.03, 0.04, 0.02])
        #expect(null.map { $0["low"].double } == [0.01, 0.02, 0])
        #expect(above.labelRows.map { $0["shown"].string } == ["observed", "shuffled antecedent"])
    }

    @Test func countsAreFilledOutsideTheExactBand() throws {
        let below = try JSON(Samples.nulls)["concat"][1]
        let rows = below["data"]["values"].array
        #expect(rows.map { $0["mean"].double } == [0, 3, 1])
        #expect(rows.map { $0["inside"].flag } == [true, false, true])
        #expect(below["title"]["text"].strings == ["Heads above the 0.90 quantile of all 24 heads"])
        #expect(
            below.labelRows.map { $0["shown"].string } == ["observed (filled: outside)", "permuted heads"]
        )
        let stem = try #require(below.layers(of: "rule").first { $0.hasShownX })
        #expect(stem["encoding"]["y2"]["datum"].double == 0)
        #expect(stem["encoding"]["y"]["axis"]["tickMinStep"].double == 1)
        #expect(below.layers(of: "area").count == 2)
    }

    @Test func theSubtitleSaysWhatTheBandsAreInOneLine() throws {
        #expect(
            try JSON(Samples.nulls)["title"]["subtitle"].strings == [
                "induct-2l, 64 prompts", "Bands, 95%: over prompts; 1000 shuffles; exact",
            ]
        )
    }

    @Test func oneLayerIsDrawnAsBars() throws {
        let figure = NullsFigure(
            title: Samples.title,
            valueName: "score",
            observed: LayerCurve(name: "o", means: [0.2], low: [0.1], high: [0.4]),
            shuffled: LayerCurve(name: "s", means: [0.1], low: [0], high: [0.3]),
            countName: "n",
            counts: [2],
            permuted: LayerCurve(name: "p", means: [1], low: [1], high: [1]),
            intervals: ""
        )
        let json = try JSON(figure)
        for panel in json["concat"].array {
            #expect(panel["layer"][0]["data"]["values"].array.map { $0["alone"].flag } == [true])
        }
        #expect(json["concat"][1]["data"]["values"][0]["inside"].flag == false)
    }

    @Test func panelsOfDifferentDepthTrap() async {
        await #expect(processExitsWith: .failure) {
            let curve = LayerCurve(name: "", means: [1, 2])
            _ = NullsFigure(
                title: FigureTitle("t"),
                valueName: "v",
                observed: curve,
                shuffled: curve,
                countName: "n",
                counts: [1],
                permuted: curve,
                intervals: ""
            )
        }
    }
}
