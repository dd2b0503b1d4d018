import Foundation
import Testing

@testable import Figures

@Suite struct LayerProfileTests {
    private func profile(_ curve: LayerCurve, null: LayerCurve? = nil) throws -> JSON {
        try JSON(
            LayerProfile(
                title: Samples.title,
                valueName: "score",
                curve: curve,
                null: null,
                intervals: Samples.intervals
            )
        )
    }

    @Test func layersAreWholeNumbersWithRelativeDepthAbove() throws {
        let json = try JSON(Samples.profile)
        let bottom = try #require(json.layers(of: "line").last)["encoding"]["x"]
        #expect(bottom["axis"]["values"].doubles == [0, 1, 2, 3, 4])
        #expect(bottom["scale"]["domain"].doubles == [0, 4])
        #expect(bottom["title"].string == "layer")
        let top = try #require(json.layers(of: "point").first)["encoding"]["x"]
        #expect(top["axis"]["orient"].string == "top")
        #expect(top["axis"]["values"].doubles == [0, 1, 2, 3, 4])
        #expect(top["axis"]["labelExpr"].string == "format(datum.value / 4, '.2~f')")
        #expect(json["resolve"]["axis"]["x"].string == "independent")
    }

    @Test func theSubtitleEndsWithWhatTheBandsAre() throws {
        let subtitle = try JSON(Samples.profile)["title"]["subtitle"].strings
        #expect(subtitle == ["induct-2l, 64 prompts", "Bands: 95% over prompts"])
    }

    @Test func thePeakIsRingedAndNamed() throws {
        let json = try JSON(Samples.profile)
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["peak"].flag } == [false, false, false, true, false])
        let name = try #require(json.layers(of: "text").first { $0["encoding"]["y"]["value"].double != nil })
        #expect(
            name["data"]["values"].array.map { $0["shown"].string } == ["peak 0.60 at layer 3 (depth 0.75)"]
        )
        #expect(name["mark"]["align"].string == "right")
        // The name has its room above the highest interval end, 0.66.
        let domain = json.layers(of: "line")[0]["encoding"]["y"]["scale"]["domain"].doubles
        #expect(domain.count == 2 && (domain[1] - 0.66) / domain[1] * 260 >= CurvePlot.peakRoom)
    }

    @Test func theNullLiesBelowTheCurveAndIsNamedBesideIt() throws {
        let json = try JSON(Samples.profile)
        let null = json["layer"][0]["data"]["values"].array
        #expect(null.map { $0["high"].double } == [0.05, 0.06, 0.08, 0.06, 0.05])
        let names = json.labelRows
        #expect(names.map { $0["shown"].string } == ["mean of heads", "shuffled antecedent"])
        #expect(names.map { $0["mean"].double } == [0.3, 0.02])
    }

    @Test(arguments: [(1, 1), (4, 4), (24, 24), (48, 25), (80, 21)])
    func deepModelsKeepATickEveryFewLayersAndSomePoints(layers: Int, dots: Int) throws {
        let json = try profile(Samples.curve("c", layers: layers, peak: layers / 3))
        let rows = json["data"]["values"].array
        #expect(rows.count == layers)
        let shown = rows.filter { $0["dot"].flag == true }
        #expect(abs(shown.count - dots) <= 2, "found \(shown.count)")
        let peak = try #require(rows.first { $0["peak"].flag == true })
        #expect(peak["layer"].double == Double(layers / 3))
        #expect(peak["dot"].flag == true)
        let ticks = json.layers(of: "line")[0]["encoding"]["x"]["axis"]["values"].doubles
        #expect((1...22).contains(ticks.count))
    }

    @Test func oneLayerIsABarWithoutRelativeDepth() throws {
        let json = try profile(LayerCurve(name: "one", means: [0.4], low: [0.3], high: [0.6]))
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["alone"].flag } == [true])
        #expect(rows.map { $0["peak"].flag } == [true])
        #expect(json.layers(of: "line")[0]["encoding"]["x"]["scale"]["domain"].doubles == [-0.5, 0.5])
        #expect(json.all("orient").isEmpty)
        #expect(json.all("shown").contains("0.40 at layer 0"))
    }

    @Test func allZeroIsALineOnTheAxisWithoutAPeak() throws {
        let zeros = [Double](repeating: 0, count: 4)
        let json = try profile(LayerCurve(name: "zero", means: zeros, low: zeros, high: zeros))
        #expect(json["data"]["values"].array.allSatisfy { $0["peak"].flag == false })
        #expect(json.layers(of: "line")[0]["encoding"]["y"]["scale"]["domain"].doubles[0] == 0)
        #expect(!json.all("shown").contains { $0.hasPrefix("peak") })
    }

    @Test func whatIsUndefinedIsNull() throws {
        let curve = LayerCurve(
            name: "a",
            means: [0.3, nil, .nan, 0.2],
            low: [0.1, 0, 0, -.infinity],
            high: [0.4, 1, 1, 1]
        )
        let rows = try profile(curve)["data"]["values"].array
        #expect(rows.map { $0["mean"].double } == [0.3, nil, nil, 0.2])
        #expect(rows.map { $0["low"].double } == [0.1, nil, nil, nil])
        #expect(rows.map { $0["high"].double } == [0.4, nil, nil, nil])
        #expect(rows.map { $0["alone"].flag } == [true, false, false, false])
    }

    @Test func aNullOfAnotherDepthTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = LayerProfile(
                title: FigureTitle("t"),
                valueName: "v",
                curve: LayerCurve(name: "", means: [1, 2]),
                null: LayerCurve(name: "", means: [1]),
                intervals: ""
            )
        }
    }
}
