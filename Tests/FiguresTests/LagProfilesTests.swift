import Foundation
import Testing

@testable import Figures

@Suite struct LagProfilesTests {
    @Test func twoRangesShareAPlotAndNameTheirPairs() throws {
        let json = try JSON(Samples.lags(2))
        #expect(json["concat"].isMissing)
        #expect(json.labelRows.map { $0["shown"].string } == ["lag 0, 1 pair", "lag 1, 1,234 pairs"])
        #expect(json["data"]["values"].array.count == 12)
        #expect(json.layers(of: "line")[0]["encoding"]["x"]["title"].string == "layer")
        #expect(json.layers(of: "area").count == 1)
    }

    @Test(arguments: [(3, 3), (4, 2), (5, 3), (7, 3)])
    func moreRangesHaveAPanelEachOnTheSameAxes(count: Int, columns: Int) throws {
        let json = try JSON(Samples.lags(count))
        let panels = json["concat"].array
        #expect(panels.count == count)
        #expect(json["columns"].double == Double(columns))
        let lines = panels.map { $0.layers(of: "line").last ?? JSON(nil) }
        #expect(Set(lines.map { $0["encoding"]["y"]["scale"]["domain"].doubles }).count == 1)
        #expect(Set(lines.map { $0["encoding"]["x"]["scale"]["domain"].doubles }) == [[0, 5]])
        for (index, panel) in panels.enumerated() {
            let pairs = index == 0 ? "1 pair" : "\(ValueScale.grouped(index * 1234)) pairs"
            #expect(panel["title"]["text"].strings == ["lag \(index), \(pairs)"])
            #expect(
                panel["data"]["values"].array.map { $0["series"].string }
                    == .init(repeating: "\(index)", count: 6)
            )
            let context = panel["layer"][0]["data"]["values"].array
            #expect(context.count == 6 * (count - 1))
            #expect(!context.contains { $0["name"].string == "lag \(index)" })
        }
    }

    @Test func onlyTheOuterPanelsNameTheAxes() throws {
        let lines = try JSON(Samples.lags(5))["concat"].array.map { $0.layers(of: "line").last ?? JSON(nil) }
        #expect(
            lines.map { $0["encoding"]["x"]["title"].string } == [nil, nil, "layer", "layer", "layer"]
        )
        #expect(
            lines.map { $0["encoding"]["y"]["axis"]["title"].strings.joined() } == [
                "induction score A[t,\u{a0}s+1]", "", "", "induction score A[t,\u{a0}s+1]", "",
            ]
        )
    }

    @Test func manyRangesMayShareAPlot() throws {
        let json = try JSON(Samples.lags(4, layout: .overlay))
        #expect(json["concat"].isMissing)
        #expect(json.labelRows.count == 4)
    }

    @Test func noRangeAndRangesOfDifferentDepthTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = LagProfiles(title: FigureTitle("t"), valueName: "v", buckets: [], intervals: "")
        }
        await #expect(processExitsWith: .failure) {
            let buckets = [[1.0, 2], [1]].map {
                LagProfiles.Bucket(curve: LayerCurve(name: "", means: $0), pairCount: 1)
            }
            _ = LagProfiles(title: FigureTitle("t"), valueName: "v", buckets: buckets, intervals: "")
        }
    }
}
