import Testing

@testable import Figures

@Suite struct PatchedBarsTests {
    @Test func cleanAndCorruptedComeFirstInColoursOfTheirOwn() throws {
        let json = try JSON(Samples.patched)
        #expect(json["params"][0]["value"].strings == ["clean", "corrupted", "L5H1", "L2H0"])
        let color = json["layer"][0]["encoding"]["color"]
        #expect(color["field"].string == "rank")
        #expect(color["scale"]["domain"].doubles == [0, 1, 2, 3])
        let range = color["scale"]["range"].strings
        #expect(range.count == 4 && Set(range).count == 3 && range[2] == range[3])
        #expect(color["legend"].isNull)
    }

    @Test func valuesAreInTheMetricsUnitWithoutAPlus() throws {
        let rows = try JSON(Samples.patched)["data"]["values"].array
        #expect(rows.map { $0["value"].double } == [4.2, -2.1, 1.4, nil])
        #expect(
            rows.map { $0["shown"].string } == [
                "4.20  [3.90, 4.60]", "−2.10  [−2.50, −1.90]", "1.40", "undefined",
            ]
        )
        #expect(rows[3]["low"].isMissing)
    }

    @Test func dashedLinesCarryBothRunsDownThePlot() throws {
        let json = try JSON(Samples.patched)
        let lines = json.layers(of: "rule").filter { $0["mark"]["strokeDash"].doubles == [4, 3] }
        #expect(lines.map { $0["data"]["values"][0]["value"].double } == [4.2, -2.1])
        #expect(lines.allSatisfy { $0["encoding"]["y2"]["value"].string == "height" })
        let names = json.layers(of: "text").filter { $0["encoding"]["y"]["value"].double == -3 }
        #expect(names.map { $0["mark"]["align"].string } == ["left", "right"])
        #expect(json["layer"][0]["encoding"]["x"]["scale"]["domain"].doubles == [-4, 6])
    }

    @Test func namesOfEqualRunsStillFaceAway() throws {
        var figure = Samples.patched
        figure.corrupted.value = 4.2
        let names = try JSON(figure).layers(of: "text").filter { $0["encoding"]["y"]["value"].double == -3 }
        #expect(names.map { $0["mark"]["align"].string } == ["left", "right"])
    }

    @Test func runsWithoutAValueHaveNoLine() throws {
        var figure = Samples.patched
        figure.clean.value = nil
        figure.corrupted.value = .nan
        let json = try JSON(figure)
        #expect(json.layers(of: "rule").allSatisfy { $0["mark"]["strokeDash"].isMissing })
        #expect(json["data"]["values"][1]["shown"].string == "undefined")
    }
}
