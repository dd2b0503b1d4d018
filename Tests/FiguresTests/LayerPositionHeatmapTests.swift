import Testing

@testable import Figures

@Suite struct LayerPositionHeatmapTests {
    @Test func columnsArePositionsNamedByTokens() throws {
        let json = try JSON(Samples.positions)
        #expect(json["params"][0]["value"].strings == ["A", "·b", "A"])
        #expect(json["encoding"]["x"]["field"].string == "position")
        #expect(json["encoding"]["x"]["axis"]["labelExpr"].string == "tokens[datum.value]")
        #expect(json["encoding"]["y"]["field"].string == "layer")
        #expect(json["encoding"]["y"]["sort"].string == "ascending")
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["value"].double } == [0.9, -0.2, 0.1, 0.3, nil, -0.45])
        #expect(rows[4]["name"].string == "layer 1, position 1: ·b")
        #expect(rows.map { $0["shown"].string } == ["+0.90", "−0.20", "+0.10", "+0.30", nil, "−0.45"])
        #expect(json["title"]["subtitle"][1].string == "In the labels, · is a space")
    }

    @Test func theScaleIsSymmetricAndTheUndefinedNamed() throws {
        let json = try JSON(Samples.positions)
        let domain = json["layer"][0]["encoding"]["color"]["scale"]["domain"].doubles
        #expect(domain.first == -0.9 && domain[4] == 0 && domain.last == 0.9)
        #expect(json["layer"][1]["encoding"]["fill"]["datum"].string == "undefined")
    }

    @Test(arguments: [(12, 15, 1), (48, 64, 1), (24, 128, 2), (24, 200, 5)])
    func longPromptsStayLegible(layers: Int, positions: Int, stride: Int) throws {
        let values: [[Double?]] = (0..<layers).map { layer in
            (0..<positions).map { position -> Double? in Double((layer * 5 + position * 3) % 11) / 11 }
        }
        let json = try JSON(
            LayerPositionHeatmap(
                title: Samples.title,
                valueName: "recovery",
                tokens: (0..<positions).map { "t\($0)" },
                values: values
            )
        )
        let width = try #require(json["width"].double)
        let height = try #require(json["height"].double)
        #expect(width / Double(positions) * Double(stride) >= 9 && width <= 900)
        #expect(height / Double(layers) >= 12 && height <= 640)
        let labelled = json["encoding"]["x"]["axis"]["values"]
        #expect(stride == 1 ? labelled.isMissing : labelled.array.count == (positions - 1) / stride + 1)
    }

    @Test func rowsOfAnotherLengthTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = LayerPositionHeatmap(
                title: FigureTitle("t"),
                valueName: "v",
                tokens: ["a", "b"],
                values: [[1, 2], [1]]
            )
        }
    }
}
