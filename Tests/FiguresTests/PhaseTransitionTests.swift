import Testing

@testable import Figures

@Suite struct PhaseTransitionTests {
    private func headers(_ json: JSON) -> [String] {
        json["concat"].array.compactMap { panel in
            panel["layer"].array.first { $0["encoding"]["y"]["value"].double == -6 }?["data"]["values"][0][
                "shown"
            ].string
        }
    }

    @Test func quantitiesWithValuesHaveAPanelEach() throws {
        let json = try JSON(Samples.phase)
        #expect(
            headers(json) == [
                "loss (nats)", "accuracy", "largest score of any head",
                "ends of the Hessian’s spectrum; logarithmic on both sides of zero, linear within ±0.01",
                "gradient alignment: cos² with the top eigenvector",
            ]
        )
        #expect(json["columns"].double == 1 && json["bounds"].string == "flush")
        #expect(json["resolve"]["scale"]["color"].string == "independent")
    }

    @Test func allPanelsShareTheStepsAndTheLastNamesThem() throws {
        let panels = try JSON(Samples.phase)["concat"].array
        let axes = panels.compactMap { $0.layers(of: "line").first?["encoding"]["x"] }
        #expect(axes.count == 5)
        #expect(Set(axes.map { $0["scale"]["domain"].doubles }).count == 1)
        #expect(axes[0]["scale"]["domain"].doubles.last == 400)
        #expect(axes.map { $0["title"].string != nil } == [false, false, false, false, true])
        #expect(axes.map { $0["axis"]["labels"].flag } == [false, false, false, false, nil])
    }

    @Test func theTransitionIsShadedInEveryPanel() throws {
        let json = try JSON(Samples.phase)
        for panel in json["concat"].array {
            let shade = try #require(panel.layers(of: "rect").first)
            let row = shade["data"]["values"][0]
            #expect(row["low"].double == 50 && row["high"].double == 200)
            #expect(shade["encoding"]["y"]["value"].double == -24)
            let middle = panel.layers(of: "rule").compactMap {
                $0["data"]["values"][0]["middle"].double
            }
            #expect(middle == [100])
        }
        #expect(
            json["title"]["subtitle"].strings == [
                "induct-2l, 64 prompts",
                "Shaded: the transition, step 50 to 200; dashed: its midpoint, 100",
                "Undefined, drawn as gaps: loss at 1 of 6 evaluations",
            ]
        )
    }

    @Test func withoutATransitionNothingIsShadedAndTheFigureSaysSo() throws {
        var figure = Samples.phase
        figure.transition = nil
        let json = try JSON(figure)
        #expect(json["concat"].array.allSatisfy { $0.layers(of: "rect").isEmpty })
        #expect(json["title"]["subtitle"][1].string == "No transition found")
    }

    @Test func curvesKeepTheirOwnStepsAndTheirGaps() throws {
        let json = try JSON(Samples.phase)
        let loss = try #require(json["concat"][0].layers(of: "line").first)["data"]["values"].array
        // Step 0, a break behind it, the values with the gap at 50.
        #expect(loss.map { $0["y"].double } == [4, nil, 3.9, nil, 2.5, 1.9, 1.8])
        #expect(loss.compactMap { $0["x"].double }.suffix(5) == [10, 50, 100, 200, 400])
        let eigen = try #require(json["concat"][3].layers(of: "line").first)["data"]["values"].array
        #expect(eigen.map { $0["y"].double } == [2, nil, 120, -0.05, nil, -9])
        #expect(eigen.map { $0["line"].string } == ["0", "0", "0", "1", "1", "1"])
        // Every evaluation of the curvature is a point.
        let points = try #require(json["concat"][3].layers(of: "point").first)["data"]["values"].array
        #expect(points.map { $0["step"].double } == [0, 100, 0, 100])
        #expect(points.map { $0["name"].string } == ["λ max", "λ max", "λ min", "λ min"])
    }

    @Test func sharesHaveFixedAxesAndCurvesNames() throws {
        let json = try JSON(Samples.phase)
        for panel in [1, 2] {
            let y = try #require(json["concat"][panel].layers(of: "line").first)["encoding"]["y"]
            #expect(y["scale"]["domain"].doubles == [0, 1])
        }
        #expect(
            [1, 2, 3].map { json["concat"][$0].labelRows.compactMap { $0["shown"].string } }.map { Set($0) }
                == [
                    ["pattern tokens", "random tokens"], ["induction", "previous token"], ["λ max", "λ min"],
                ]
        )
        #expect(json["concat"][0].labelRows.isEmpty)
    }

    @Test func spikesOfTheLossAreMarkedAtTheEdge() throws {
        var figure = Samples.phase
        figure.loss = Samples.series(4, 3.9, 12_345, 2.5, 900, 1.8)
        let json = try JSON(figure)
        let line = try #require(json["concat"][0].layers(of: "line").first)
        #expect(line["encoding"]["y"]["scale"]["domain"].doubles == [0, 4])
        #expect(line["mark"]["clip"].flag == true)
        let marks = try #require(
            json["concat"][0].layers(of: "point").first {
                $0["encoding"]["shape"]["value"].string == "triangle-up"
            }
        )
        #expect(marks["data"]["values"].array.map { $0["value"].double } == [12_345, 900])
        #expect(
            json["title"]["subtitle"][2].string
                == "loss (nats): 2 values above the axis (triangles), up to 12,300 at step 50"
        )
    }

    @Test func aQuantityWithoutValuesIsNamed() throws {
        var figure = Samples.phase
        figure.gradientAlignment = StepSeries(steps: [0, 100], values: [nil, .nan])
        let json = try JSON(figure)
        #expect(headers(json).count == 4)
        #expect(
            json["title"]["subtitle"].strings.last
                == "Without any value: gradient alignment: cos² with the top eigenvector"
        )
    }

    @Test func aRunWithoutValuesHasAnEmptyPanel() throws {
        let json = try JSON(PhaseTransition(title: Samples.title, transition: nil))
        #expect(headers(json) == ["loss (nats)"])
        #expect(json["concat"][0].layers(of: "line")[0]["data"]["values"].array.isEmpty)
    }

    @Test func longRunsAreDrawnThroughTheirOutlineAndSaySo() throws {
        let steps = Array(stride(from: 0, to: 20_000, by: 4))
        var figure = Samples.phase
        figure.loss = StepSeries(steps: steps, values: steps.map { 4 + Double($0 % 28) / 100 })
        let json = try JSON(figure)
        let rows = try #require(json["concat"][0].layers(of: "line").first)["data"]["values"].array
        #expect(rows.count < 2000)
        #expect(try figure.spec.json().count < 120_000)
        #expect(
            json["title"]["subtitle"].strings.last
                == "Of more than four values in a dot’s width, the first, last, least and greatest are drawn"
        )
    }
}
