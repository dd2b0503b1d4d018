import Testing

@testable import Figures

@Suite struct AgreementScatterTests {
    @Test func bothAxesHaveOneRangeAndTheDiagonalIsAgreement() throws {
        let json = try JSON(Samples.scatter)
        #expect(json["width"].double == json["height"].double)
        let points = try #require(json.layers(of: "point").first)["encoding"]
        #expect(points["x"]["scale"]["domain"].doubles == [-1, 2])
        #expect(points["y"]["scale"]["domain"].doubles == [-1, 2])
        let diagonal = try #require(json.layers(of: "line").first)["data"]["values"].array
        #expect(diagonal.map { $0["exact"].double } == [-1, 2])
        #expect(diagonal.map { $0["estimated"].double } == [-1, 2])
    }

    @Test func topAndSampleDifferInColourAndShape() throws {
        let points = try #require(try JSON(Samples.scatter).layers(of: "point").first)
        let rows = points["data"]["values"].array
        #expect(rows.map { $0["name"].string } == ["L0H3", "L0H1", "L5H1", "L2H0"])
        #expect(rows.map { $0["exact"].double } == [0.02, -0.1, 1.8, -0.6])
        #expect(rows.map { $0["estimated"].double } == [0.01, 0.2, 1.2, -0.7])
        let groups = ["top by estimate", "random sample"]
        #expect(rows.map { $0["group"].string } == [groups[1], groups[1], groups[0], groups[0]])
        for channel in ["color", "shape"] {
            #expect(points["encoding"][channel]["scale"]["domain"].strings == groups)
            #expect(Set(points["encoding"][channel]["scale"]["range"].strings).count == 2)
        }
    }

    @Test func undefinedNodesAreCounted() throws {
        #expect(
            try JSON(Samples.scatter)["title"]["subtitle"][1].string
                == "Dashed: agreement; without a value: 2"
        )
    }

    @Test func theNodesFurthestFromZeroAreNamedInsideThePlot() throws {
        let top = (0..<20).map {
            AgreementScatter.Point(
                label: "n\($0)",
                exact: Double($0) - 4,
                estimated: 0.5 * Double($0)
            )
        }
        let json = try JSON(
            AgreementScatter(
                title: Samples.title,
                exactName: "exact",
                estimateName: "estimate",
                top: top,
                sample: []
            )
        )
        let names = json.layers(of: "text")
        let rows = names.flatMap { $0["data"]["values"].array }
        #expect(Set(rows.map { $0["shown"].string }) == ["n14", "n15", "n16", "n17", "n18", "n19"])
        #expect(names.map { $0["mark"]["align"].string } == ["right", "right"], "edge and text")
        let points = try #require(json.layers(of: "point").first)
        #expect(points["encoding"]["color"]["scale"]["domain"].strings == ["top by estimate"])
    }

    @Test func nothingDefinedIsAnEmptyPlot() throws {
        let json = try JSON(
            AgreementScatter(
                title: Samples.title,
                exactName: "exact",
                estimateName: "estimate",
                top: [.init(label: "a", exact: nil, estimated: 1)],
                sample: []
            )
        )
        #expect(json.layers(of: "point").isEmpty && json.layers(of: "text").isEmpty)
        #expect(json["title"]["subtitle"][1].string == "Dashed: agreement; without a value: 1")
    }
}
