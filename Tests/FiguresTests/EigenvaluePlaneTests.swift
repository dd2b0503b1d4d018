import Testing

@testable import Figures

@Suite struct EigenvaluePlaneTests {
    @Test func bothPartsHaveOneRangeAroundZero() throws {
        let json = try JSON(Samples.eigenvalues)
        let panels = json["concat"].array
        #expect(panels.count == 2)
        for (panel, reach) in zip(panels, [2.0, 0.05]) {
            let points = try #require(panel.layers(of: "point").first)["encoding"]
            #expect(points["x"]["scale"]["domain"].doubles == [-reach, reach])
            #expect(points["y"]["scale"]["domain"].doubles == [-reach, reach])
            #expect(panel["width"].double == panel["height"].double)
        }
        #expect(panels.map { $0["title"]["text"].strings } == [["L5H1, copying 0.90"], ["L0H2"]])
    }

    @Test func pointsAreTheEigenvaluesColouredByTheirRealPart() throws {
        let points = try #require(try JSON(Samples.eigenvalues)["concat"][0].layers(of: "point").first)
        let rows = points["data"]["values"].array
        #expect(rows.map { $0["re"].double } == [1.7, 0.3, 0.3, -0.2])
        #expect(rows.map { $0["im"].double } == [0, 0.5, -0.5, 0])
        #expect(points["encoding"]["color"]["condition"]["test"].string == "datum.re > 0")
    }

    @Test func undefinedEigenvaluesAreCountedAndNoneIsAnEmptyPanel() throws {
        let json = try JSON(Samples.eigenvalues)
        #expect(
            json["title"]["subtitle"].strings.suffix(2) == [
                "Each panel has a scale of its own", "Without a value: 1",
            ]
        )
        let empty = try JSON(
            EigenvaluePlane(title: Samples.title, panels: [.init(title: "none", eigenvalues: [])])
        )
        let points = try #require(empty["concat"][0].layers(of: "point").first)
        #expect(points["data"]["values"].array.isEmpty)
        #expect(points["encoding"]["x"]["scale"]["domain"].doubles == [-1, 1])
        #expect(empty["title"]["subtitle"].strings == ["induct-2l, 64 prompts"])
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 2), (7, 3)])
    func onlyTheOuterPanelsNameTheAxes(count: Int, columns: Int) throws {
        let panels = (0..<count).map {
            EigenvaluePlane.Panel(title: "\($0)", eigenvalues: [.init(real: 1, imaginary: 2)])
        }
        let json = try JSON(EigenvaluePlane(title: Samples.title, panels: panels))
        #expect(json["columns"].double == Double(columns))
        let points = json["concat"].array.compactMap { $0.layers(of: "point").first }
        #expect(
            points.map { $0["encoding"]["y"]["title"].string != nil } == (0..<count).map { $0 % columns == 0 }
        )
        #expect(
            points.map { $0["encoding"]["x"]["title"].string != nil }
                == (0..<count).map { $0 + columns >= count }
        )
    }
}
