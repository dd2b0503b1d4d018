import Testing

@testable import Figures

@Suite struct HeadEvolutionTests {
    @Test func theHeadsThatEndHighestAreNamedAndTheOthersGrey() throws {
        let json = try JSON(Samples.heads(highlighted: 2))
        let names = json.labelRows.compactMap { $0["shown"].string }
        #expect(Set(names) == ["L1H1, 0.90", "L1H0, 0.50"])
        let lines = json.layers(of: "line")
        #expect(Set(lines[0]["data"]["values"].array.compactMap { $0["name"].string }) == ["L0H0"])
        #expect(lines[0]["encoding"]["color"]["value"].string == Theme.contextLine)
        #expect(lines[1]["encoding"]["color"]["scale"]["range"].strings == ["#0072b2", "#d55e00"])
        #expect(
            json["title"]["subtitle"].strings == [
                "induct-2l, 64 prompts",
                "Shaded: the transition, step 50 to 200; dashed: its midpoint, 100",
                "In colour: the 2 that end highest. Grey: the other 2",
                "Undefined, drawn as gaps: L1H1 at 1 of 6 evaluations, L1H2 at 2 of 2 evaluations",
            ]
        )
    }

    @Test func stepZeroOfAGreyHeadIsAPoint() throws {
        let json = try JSON(Samples.heads(highlighted: 2))
        let grey = try #require(
            json.layers(of: "point").first { $0["encoding"]["color"]["value"].string == Theme.contextLine }
        )
        #expect(grey["data"]["values"].array.map { $0["y"].double } == [0.03])
    }

    @Test func aPlotForEachLayerOnTheSameAxes() throws {
        let json = try JSON(Samples.heads(highlighted: 2, layout: .layers))
        let panels = json["concat"].array
        #expect(panels.count == 2)
        #expect(panels.map { $0.all("shown").contains("layer 0") } == [true, false])
        #expect(panels[0].labelRows.isEmpty)
        #expect(Set(panels[1].labelRows.compactMap { $0["shown"].string }) == ["L1H0", "L1H1"])
        let lines = panels.compactMap { $0.layers(of: "line").last }
        #expect(lines.allSatisfy { $0["encoding"]["y"]["scale"]["domain"].doubles == [0, 1] })
        #expect(Set(lines.map { $0["encoding"]["x"]["scale"]["domain"].doubles }).count == 1)
        #expect(json["title"]["subtitle"].strings.contains("Upwards: induction score"))
        #expect(json["resolve"]["scale"]["color"].string == "independent")
    }

    @Test func equalHeadsAreChosenInTheOrderOfTheModel() throws {
        let heads = (0..<32).map {
            HeadEvolution.Head(layer: $0 / 8, head: $0 % 8, series: StepSeries(steps: [5], values: [0.5]))
        }
        let json = try JSON(
            HeadEvolution(
                title: Samples.title,
                valueName: "v",
                heads: heads.shuffled(),
                highlighted: 3,
                transition: nil
            )
        )
        #expect(
            Set(json.labelRows.compactMap { $0["shown"].string }) == [
                "L0H0, 0.50", "L0H1, 0.50", "L0H2, 0.50",
            ]
        )
    }

    @Test func headsWithoutValuesAreAnEmptyPlot() throws {
        let head = HeadEvolution.Head(layer: 0, head: 0, series: Samples.series(nil, nil))
        let json = try JSON(
            HeadEvolution(title: Samples.title, valueName: "v", heads: [head], transition: nil)
        )
        #expect(json.labelRows.isEmpty)
        #expect(
            json["title"]["subtitle"].strings.last == "Undefined, drawn as gaps: L0H0 at 2 of 2 evaluations"
        )
    }

    @Test func noHeadTwiceTheSameAndTooManyColoursTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = HeadEvolution(title: FigureTitle("t"), valueName: "v", heads: [], transition: nil)
        }
        await #expect(processExitsWith: .failure) {
            let head = HeadEvolution.Head(layer: 0, head: 0, series: Samples.series(1))
            _ = HeadEvolution(title: FigureTitle("t"), valueName: "v", heads: [head, head], transition: nil)
        }
        await #expect(processExitsWith: .failure) { _ = Samples.heads(highlighted: 8) }
    }
}
