import Foundation
import Testing

@testable import Figures

@Suite struct CausalDeltaTests {
    @Test func everyMetricHasAPanelWithItsUnit() throws {
        let panels = try JSON(Samples.causal)["concat"].array
        let titles = panels.map { panel in
            Set(panel["layer"].array.compactMap { $0["encoding"]["x"]["title"].string })
        }
        #expect(titles == [["Δ copy accuracy, ablated − base"], ["Δ loss (nats), ablated − base"]])
        #expect(panels.map { domain(of: $0) } == [[-0.5, 0.1], [0, 1.5]])
    }

    private func domain(of panel: JSON) -> [Double] {
        panel["layer"][0]["encoding"]["x"]["scale"]["domain"].doubles
    }

    @Test func everyDrawIsATickBelowTheTestedHeads() throws {
        let json = try JSON(Samples.causal)
        #expect(json["params"][0]["value"].strings == ["top 3 heads", "random heads"])
        let draws = json["concat"][0].layers(of: "tick")[0]["data"]["values"].array
        #expect(draws.map { $0["change"].double } == [-0.02, 0.01, 0, -0.06])
        #expect(draws.allSatisfy { $0["row"].double == 1 })
        let tested = try #require(json["concat"][0].layers(of: "point").first)["data"]["values"][0]
        #expect(tested["change"].double == -0.4)
        #expect(tested["low"].double == -0.45)
        #expect(tested["high"].double == -0.33)
        #expect(tested["row"].double == 0)
    }

    @Test func theNumbersStandBesideTheRows() throws {
        let panels = try JSON(Samples.causal)["concat"].array
        let shown = panels.map { panel in
            panel.layers(of: "text").last?["data"]["values"].array.map { $0["shown"].string ?? "" } ?? []
        }
        #expect(shown[0] == ["Δ −0.40 [−0.45, −0.33]", "median −0.01 [−0.06, +0.01]"])
        #expect(shown[1] == ["Δ +1.50", "Δ +0.01"])
        let runs = panels.map { panel in
            panel.layers(of: "text").prefix(2).map {
                ($0["data"]["values"][0]["shown"].string ?? "") + " " + ($0["mark"]["align"].string ?? "")
            }
        }
        #expect(
            runs == [
                ["base 0.90 left", "ablated 0.50 right"], ["base 0.40 right", "ablated 1.90 left"],
            ]
        )
    }

    @Test func aSingleDrawHasNoMedian() throws {
        let panels = try JSON(Samples.causal)["concat"].array
        #expect(panels.map { $0.layers(of: "tick").count } == [4, 3])
    }

    @Test func theSubtitleHasIntervalsAndP() throws {
        #expect(
            try JSON(Samples.causal)["title"]["subtitle"].strings == [
                "induct-2l, 64 prompts", "95% over prompts; bar: 95% of draws",
                "Against random draws: copy accuracy p = 0.20 (4 draws)",
            ]
        )
    }

    @Test func smallPKeepsItsDigits() throws {
        var figure = Samples.causal
        figure.outcomes[0].p = 0.00099
        figure.outcomes[1].p = 0.0323
        #expect(
            try JSON(figure)["title"]["subtitle"][2].string
                == "Against random draws: copy accuracy p = 0.00099 (4 draws), loss (nats) p = 0.032 (1 draw)"
        )
    }

    @Test func noChangeAtAllIsAPointOnTheBase() throws {
        let figure = CausalDelta(
            title: Samples.title,
            headsName: "top 1 head",
            drawsName: "random heads",
            outcomes: [.init(name: "accuracy", base: 0, ablated: 0, draws: [0, 0], drawsMedian: 0)],
            intervals: ""
        )
        let panel = try JSON(figure)["concat"][0]
        #expect(domain(of: panel) == [0, 1])
        #expect(panel.layers(of: "point")[0]["data"]["values"][0]["change"].double == 0)
    }

    @Test func aMetricWithoutDrawsOrWithoutAValueTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = CausalDelta.Outcome(name: "a", base: 1, ablated: 0, draws: [], drawsMedian: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = CausalDelta.Outcome(name: "a", base: 1, ablated: .nan, draws: [1], drawsMedian: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = CausalDelta(
                title: FigureTitle("t"),
                headsName: "",
                drawsName: "",
                outcomes: [],
                intervals: ""
            )
        }
    }
}
