import Testing

@testable import Figures

@Suite struct PredictionEvolutionTests {
    @Test func linesAreNamedByTokenRoleAndFinalProbability() throws {
        let json = try JSON(Samples.evolution)
        #expect(
            json.labelRows.map { $0["shown"].string } == ["·Mary (answer), 0.71", "¶, 0.09"]
        )
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["depth"].double } == [0, 1, 2, 3, 0, 1, 2, 3])
        #expect(rows.map { $0["mean"].double } == [0.01, 0.1, nil, 0.71, 0.3, 0.2, 0.1, 0.09])
        #expect(rows.allSatisfy { $0["peak"].flag == false })
        #expect(
            json["title"]["subtitle"].strings == [
                "induct-2l, 64 prompts", "Beside the names: the probability at the end",
                "In the names, · is a space; ¶ is a line break",
            ]
        )
    }

    @Test(
        arguments: [
            (0.0, "a, 0.00"), (0.004, "a, < 0.01"), (0.0051, "a, 0.01"), (nil, "a"), (.nan, "a"),
        ] as [(Double?, String)]
    )
    func aSmallProbabilityIsNotPrintedAsZero(last: Double?, label: String) {
        #expect(PredictionEvolution.Token(token: "a", probabilities: [0.2, last]).label == label)
    }

    @Test func rowsCountBlocksFromTheEmbedding() throws {
        let x = try #require(try JSON(Samples.evolution).layers(of: "line").first)["encoding"]["x"]
        #expect(x["title"].string == "after block (0: the embedding)")
        #expect(x["axis"]["values"].doubles == [0, 1, 2, 3])
        #expect(x["scale"]["domain"].doubles == [0, 3])
    }

    @Test func theRowOfConvergenceIsMarked() throws {
        let json = try JSON(Samples.evolution)
        let line = try #require(json.layers(of: "rule").first { $0["mark"]["strokeDash"].doubles == [4, 3] })
        #expect(line["data"]["values"][0]["depth"].double == 3)
        #expect(json.all("shown").contains("converged: after block 3"))
        // The name has its room above the highest value.
        let domain = json.layers(of: "line")[0]["encoding"]["y"]["scale"]["domain"].doubles
        #expect(domain[0] == 0 && (domain[1] - 0.71) / domain[1] * 260 >= CurvePlot.markRoom - 1e-9)
    }

    @Test func withoutConvergenceTheFigureSaysSo() throws {
        var figure = Samples.evolution
        figure.convergence = nil
        let json = try JSON(figure)
        #expect(!json.layers(of: "rule").contains { $0["mark"]["strokeDash"].doubles == [4, 3] })
        #expect(json["title"]["subtitle"][1].string?.hasSuffix("end. No row of convergence") == true)
        figure.convergence = 0
        #expect(try JSON(figure).all("shown").contains("converged: embedding"))
    }

    @Test func linesOfDifferentLengthAndRowsOutsideTrap() async {
        await #expect(processExitsWith: .failure) {
            let tokens = [[0.1], [0.1, 0.2]].map {
                PredictionEvolution.Token(token: "a", probabilities: $0)
            }
            _ = PredictionEvolution(title: FigureTitle("t"), tokens: tokens, convergence: nil)
        }
        await #expect(processExitsWith: .failure) {
            let token = PredictionEvolution.Token(token: "a", probabilities: [0.1])
            _ = PredictionEvolution(title: FigureTitle("t"), tokens: [token], convergence: 1)
        }
    }
}
