import Testing

@testable import Figures

@Suite struct ScalingPlotTests {
    @Test func bothAxesAreLogarithmicWithRoundEnds() throws {
        let points = try #require(try JSON(Samples.scaling).layers(of: "point").first)
        let (x, y) = (points["encoding"]["x"], points["encoding"]["y"])
        #expect(x["scale"]["type"].string == "log" && y["scale"]["type"].string == "log")
        #expect(x["scale"]["domain"].doubles == [20, 200])
        #expect(y["scale"]["domain"].doubles == [0.2, 10])
        #expect(x["axis"]["values"].doubles == [20, 50, 100, 200])
        #expect(x["title"].string == "heads × layers")
        #expect(y["title"].string == "time (s)")
    }

    @Test func pointsAreMeasuredAndLinesPredicted() throws {
        let json = try JSON(Samples.scaling)
        let points = try #require(json.layers(of: "point").first)["data"]["values"].array
        #expect(points.map { $0["size"].double } == [24, 48, 144, 144])
        #expect(points.map { $0["cost"].double } == [0.31, 0.64, 2.1, 7.5])
        #expect(points.map { $0["series"].string } == ["0", "0", "0", "1"])
        let line = try #require(json.layers(of: "line").first)["data"]["values"].array
        #expect(line.map { $0["cost"].double } == [0.2, 0.4, 1.2])
        #expect(json["title"]["subtitle"][1].string == "Points: measured. Dashed: operations at 100 GFLOP/s")
    }

    @Test func seriesAreNamedAtTheirLastPoint() throws {
        let names = try #require(try JSON(Samples.scaling).layers(of: "text").first)["data"]["values"].array
        #expect(names.map { $0["shown"].string } == ["gpt2", "pythia-410m"])
        #expect(names.map { $0["cost"].double } == [2.1, 7.5])
        #expect(names.map { $0["label"].double } == [2.1, 7.5])
    }

    @Test func withoutPredictionsThereIsNoLineAndNoNote() throws {
        let json = try JSON(
            ScalingPlot(
                title: Samples.title,
                series: [.init(name: "a", points: [.init(size: 48, measured: 1.3)])],
                predictionName: "p"
            )
        )
        #expect(json.layers(of: "line").isEmpty)
        #expect(json["title"]["subtitle"].strings == ["induct-2l, 64 prompts"])
        let x = try #require(json.layers(of: "point").first)["encoding"]["x"]
        #expect(x["scale"]["domain"].doubles == [20, 50])
    }

    @Test func whatHasNoLogarithmTraps() async {
        await #expect(processExitsWith: .failure) { _ = ScalingPlot.Point(size: 0, measured: 1) }
        await #expect(processExitsWith: .failure) { _ = ScalingPlot.Point(size: 1, measured: .nan) }
    }
}
