import Foundation
import Testing

@testable import Figures

@Suite struct HistogramTests {
    private func histogram(_ values: [Double?]) -> Histogram {
        Histogram(title: Samples.title, valueName: "improvement (nats)", values: values)
    }

    @Test func zeroIsAnEdgeAndABinHoldsItsLowerOne() {
        // Five values over 1.7: about five bins, of the next round width, 0.5.
        let bins = histogram([-0.7, -0.1, 0, 0.5, 1]).bins
        #expect(bins.map(\.low) == [-1, -0.5, 0, 0.5, 1])
        #expect(bins.map(\.high) == [-0.5, 0, 0.5, 1, 1.5])
        #expect(bins.map(\.count) == [1, 1, 1, 1, 1])
    }

    @Test func everyValueIsInOneBin() {
        let values = (0..<997).map { 3 * sin(Double($0 * $0)) - 0.4 }
        let bins = histogram(values).bins
        #expect(bins.map(\.count).reduce(0, +) == 997)
        #expect((10...45).contains(bins.count))
        for bin in bins {
            let inside = values.filter { $0 >= bin.low - 1e-6 && $0 < bin.high - 1e-6 }.count
            #expect(abs(inside - bin.count) <= 1)
            #expect(bin.high <= 1e-9 || bin.low >= -1e-9)
        }
        #expect(zip(bins, bins.dropFirst()).allSatisfy { abs($0.high - $1.low) < 1e-9 })
    }

    @Test(arguments: [([0.0, 0, 0], 0.0, 1.0), ([0.4], 0.4, 0.405), ([-3.0], -3.0, -2.95)])
    func equalValuesShareABin(values: [Double], low: Double, high: Double) throws {
        let bins = histogram(values).bins
        #expect(bins.count == 1)
        let bin = try #require(bins.first)
        #expect(bin.count == values.count)
        #expect(abs(bin.low - low) < 1e-9 && abs(bin.high - high) < 1e-9)
    }

    @Test func binsFarFromZeroAreStillSeen() throws {
        let json = try JSON(histogram((0..<500).map { 80 + Double($0) / 1000 }))
        let domain = json["layer"][0]["encoding"]["x"]["scale"]["domain"].doubles
        #expect(domain.first == 0 && domain.count == 2)
        let bar = try #require(json["layer"][0]["data"]["values"].array.first)
        let (low, high) = (try #require(bar["low"].double), try #require(bar["high"].double))
        #expect((high - low) / domain[1] * 420 >= 3)
    }

    @Test func linesStandAtZeroMeanAndMedian() throws {
        let json = try JSON(Samples.histogram)
        let rules = json.layers(of: "rule")
        #expect(rules.map { $0["data"]["values"][0]["value"].double } == [0, 0.31, 0.2])
        #expect(rules.map { $0["mark"]["strokeDash"].doubles } == [[], [], [4, 3]])
        #expect(
            json.layers(of: "text").map { $0["data"]["values"][0]["shown"].string } == [
                "mean +0.31", "median +0.20",
            ]
        )
        #expect(json["title"]["subtitle"][1].string == "Number of prompts: 6; without a value: 1")
        let y = json["layer"][0]["encoding"]["y"]
        #expect(y["scale"]["domain"].doubles[0] == 0)
        #expect(y["axis"]["tickMinStep"].double == 1)
    }

    @Test func lossesAndGainsDifferInColour() throws {
        let color = try JSON(Samples.histogram)["layer"][0]["encoding"]["color"]
        #expect(color["condition"]["test"].string == "datum.low < 0")
        #expect(color["condition"]["value"].string != color["value"].string)
    }

    @Test(arguments: [
        (0.3, 0.2, ["left", "right"]), (0.2, 0.3, ["right", "left"]), (0.2, 0.2, ["left", "right"]),
    ])
    func namesFaceAwayFromEachOther(mean: Double, median: Double, sides: [String]) throws {
        var figure = Samples.histogram
        figure.mean = mean
        figure.median = median
        #expect(try JSON(figure).layers(of: "text").compactMap { $0["mark"]["align"].string } == sides)
    }

    @Test func nothingDefinedIsAnEmptyFigureThatSaysSo() throws {
        let json = try JSON(histogram([nil, .nan, .infinity]))
        #expect(json["layer"][0]["data"]["values"].array.isEmpty)
        #expect(json["title"]["subtitle"][1].string == "Number of prompts: 0; without a value: 3")
        #expect(json.layers(of: "rule").count == 1)
    }
}
