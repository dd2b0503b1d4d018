import Testing

@testable import Figures

@Suite struct SeedOverlayTests {
    private func strip(_ json: JSON) -> JSON { json["concat"][1] }

    @Test func runsOfAConditionStandTogetherInItsColour() throws {
        let json = try JSON(Samples.seeds)
        #expect(json["params"][0]["value"].strings == ["seed 1", "seed 2", "seed 1"])
        let colors = try #require(json["concat"][0].layers(of: "line").first)["encoding"]["color"]["scale"]
        #expect(colors["range"].strings == ["#0072b2", "#0072b2", "#d55e00"])
        #expect(
            Set(strip(json).all("shown").filter { $0.contains(":") }) == [
                "two layers: 2 of 2", "one layer: 0 of 1",
            ]
        )
        #expect(
            json["title"]["subtitle"][1].string
                == "Below: transitions, bar from low to high, tick at the midpoint. Found in 2 of 3 runs"
        )
    }

    @Test func barsAreTheIntervalsAndAbsencesAreSaid() throws {
        let json = try JSON(Samples.seeds)
        let bars = try #require(
            strip(json).layers(of: "rule").first { $0["mark"]["strokeWidth"].double == 7 }
        )["data"]["values"].array
        #expect(bars.map { $0["row"].double } == [0, 1])
        #expect(bars.map { $0["x"].double } == [50, 50] && bars.map { $0["high"].double } == [200, 200])
        #expect(bars.map { $0["midpoint"].double } == [100, 100])
        let none = strip(json).layers(of: "text").flatMap { $0["data"]["values"].array }
            .filter { $0["shown"].string == "none found" }
        #expect(Set(none.map { $0["row"].double }) == [2])
    }

    @Test func bothPlotsShareTheSteps() throws {
        let json = try JSON(Samples.seeds)
        let axes = json["concat"].array.compactMap { $0.layers(of: "line").first?["encoding"]["x"] }
        #expect(axes[0]["scale"]["domain"].doubles == axes[1]["scale"]["domain"].doubles)
        #expect(axes[0]["title"].isNull)
        #expect(axes[1]["title"].string == "training step (logarithmic; step 0 stands apart)")
    }

    @Test func runsWithoutConditionsHaveTheirOwnLooks() throws {
        let runs = (1...12).map { Samples.run("seed \($0)", nil, found: $0 % 2 == 0) }
        let json = try JSON(SeedOverlay(title: Samples.title, valueName: "v", runs: runs))
        let line = try #require(json["concat"][0].layers(of: "line").first)["encoding"]
        let colors = line["color"]["scale"]["range"].strings
        let dashes = line["strokeDash"]["scale"]["range"].array.map { "\($0.doubles)" }
        #expect(Set(zip(colors, dashes).map { $0 + $1 }).count == 12)
        #expect(line["y"]["scale"]["domain"].doubles == [0, 0.8])
        #expect(!strip(json).all("shown").contains { $0.contains(":") })
    }

    @Test func noRunAndHalfOfTheConditionsTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = SeedOverlay(title: FigureTitle("t"), valueName: "v", runs: [])
        }
        await #expect(processExitsWith: .failure) {
            let runs = [Samples.run("a", "c", found: true), Samples.run("b", nil, found: true)]
            _ = SeedOverlay(title: FigureTitle("t"), valueName: "v", runs: runs)
        }
    }
}
