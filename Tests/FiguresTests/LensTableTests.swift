import Testing

@testable import Figures

@Suite struct LensTableTests {
    @Test func cellsHoldTheTopTokenAndItsProbabilityIsTheColour() throws {
        let json = try JSON(Samples.lensTable)
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["row"].double } == [0, 0, 1, 1])
        #expect(rows.map { $0["value"].double } == [0.1, nil, 0.2, 0.95])
        #expect(rows.map { $0["shown"].string } == ["·the", nil, "</script>", "antidises…"])
        #expect(rows[0]["ink"].string == "#000000" && rows[3]["ink"].string == "#ffffff")
        #expect(rows[2]["name"].string == "after block 1, position 0: </script>")
        #expect(
            json["layer"][0]["encoding"]["color"]["scale"]["domain"].doubles == (0...8).map { Double($0) / 8 }
        )
        #expect(json["title"]["subtitle"][1].string == "In the tokens, · is a space")
    }

    @Test func rowZeroIsTheEmbedding() throws {
        let axis = try JSON(Samples.lensTable)["encoding"]["y"]["axis"]
        #expect(axis["labelExpr"].string == "datum.value === 0 ? 'embedding' : '' + datum.value")
    }

    @Test func ofALongPromptTheLastPositionsAreShown() throws {
        var figure = Samples.lensTable
        figure.limit = 1
        let json = try JSON(figure)
        #expect(json["params"][0]["value"].strings == ["b"])
        #expect(json["data"]["values"].array.map { $0["position"].double } == [0, 0])
        #expect(json["data"]["values"][1]["name"].string == "after block 1, position 1: antidisestabl…")
        #expect(json["title"]["subtitle"][1].string == "The last 1 of 2 positions")
    }

    @Test func textFitsItsCell() throws {
        let tokens = (0..<16).map { "t\($0)" }
        let top: [[LensTable.Top]] = (0..<13).map { row in
            tokens.map { LensTable.Top(token: "longlonglong\($0)", probability: Double(row) / 13) }
        }
        let json = try JSON(LensTable(title: Samples.title, tokens: tokens, top: top))
        let cell = try #require(json["width"].double) / 16
        #expect(cell >= Theme.width(ofCharacters: 10, fontSize: 10))
        #expect(cell * 16 <= 1060)
    }
}
