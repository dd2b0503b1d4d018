import Testing

@testable import Figures

@Suite struct LayerBarsTests {
    @Test func layersFromTheThresholdOnAreDark() throws {
        let rows = try JSON(Samples.layerBars)["data"]["values"].array
        #expect(rows.map { $0["layer"].double } == [0, 1, 2, 3])
        #expect(rows.map { $0["value"].double } == [0.1, 0.5, nil, -0.2])
        #expect(rows.map { $0["strong"].flag } == [false, true, false, false])
        #expect(rows.map { $0["low"].double } == [0.05, 0.4, nil, nil])
    }

    @Test func theThresholdIsDashedAndNamed() throws {
        let json = try JSON(Samples.layerBars)
        let line = try #require(json.layers(of: "rule").first { $0["mark"]["strokeDash"].doubles == [5, 3] })
        #expect(line["data"]["values"][0]["value"].double == 0.5)
        #expect(line["data"]["values"][0]["shown"].string == "high importance 0.50")
        #expect(json["title"]["subtitle"][2].string == "Dark: at or above the threshold")
    }

    @Test func theAxisHoldsZeroAllEndsAndTheThreshold() throws {
        var figure = Samples.layerBars
        figure.threshold = .init(name: "far", value: 1.3)
        let bar = try #require(try JSON(figure).layers(of: "bar").last)
        #expect(bar["encoding"]["y"]["scale"]["domain"].doubles == [-0.5, 1.5])
        #expect(bar["encoding"]["y2"]["datum"].double == 0)
    }

    @Test func undefinedLayersAreMarkedAndNeverBars() throws {
        let bars = try JSON(Samples.layerBars).layers(of: "bar")
        #expect(bars.count == 2)
        #expect(bars[0]["transform"][0]["filter"].string == "!isValid(datum.value)")
        #expect(bars[0]["encoding"]["fill"]["datum"].string == "no difference")
        #expect(bars[0]["encoding"]["fill"]["legend"]["orient"].string == "bottom")
        #expect(bars[1]["transform"][0]["filter"].string == "isValid(datum.value)")
    }

    @Test func whatDoesNotOccurHasNoLegendAndNoLine() throws {
        let json = try JSON(
            LayerBars(
                title: Samples.title,
                valueName: "recovery",
                layers: LayerCurve(name: "", means: [0.2, 0.7]),
                intervals: "none"
            )
        )
        #expect(json.layers(of: "bar").count == 1)
        #expect(json.layers(of: "rule").allSatisfy { $0["mark"]["strokeDash"].isMissing })
        #expect(json["data"]["values"].array.allSatisfy { $0["strong"].flag == false })
        #expect(json["title"]["subtitle"].strings == ["induct-2l, 64 prompts", "none"])
    }

    @Test(arguments: [(1, 1), (12, 12), (33, 33), (34, 17), (48, 24), (80, 20)])
    func layerNumbersThinOut(layers: Int, labels: Int) throws {
        let curve = LayerCurve(name: "", means: (0..<layers).map { Double($0 % 7) / 7 })
        let json = try JSON(
            LayerBars(title: Samples.title, valueName: "v", layers: curve, intervals: "")
        )
        let named = json["encoding"]["x"]["axis"]["values"].doubles
        let width = try #require(json["width"].double)
        #expect(named.count == labels)
        #expect(width / Double(named.count) >= 18)
        #expect((190...640).contains(width))
    }

    @Test func aThresholdThatIsNoNumberTraps() async {
        await #expect(processExitsWith: .failure) { _ = LayerBars.Threshold(name: "t", value: .nan) }
    }
}
