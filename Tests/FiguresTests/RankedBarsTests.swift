import Foundation
import Testing

@testable import Figures

@Suite struct RankedBarsTests {
    @Test func theLargestValueComesFirstWithItsInterval() throws {
        let json = try JSON(Samples.bars)
        #expect(json["params"][0]["value"].strings == ["L5H1", "L4H7", "L0H3"])
        #expect(json["encoding"]["y"]["field"].string == "rank")
        #expect(json["encoding"]["y"]["sort"].string == "ascending")
        #expect(json["encoding"]["y"]["axis"]["labelExpr"].string == "names[datum.value]")
        #expect(json["layer"][0]["encoding"]["x"]["scale"]["domain"].doubles == [0, 1])
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["rank"].double } == [0, 1, 2])
        #expect(rows.map { $0["low"].double } == [0.85, nil, 0.1])
        #expect(
            rows.map { $0["shown"].string } == ["0.90  [0.85, 0.94]", "0.40", "0.20  [0.10, 0.35]"]
        )
        #expect(
            json["title"]["subtitle"].strings == [
                "induct-2l, 64 prompts", "3 of 4 heads, largest value first; without a value: 1",
            ]
        )
    }

    @Test func signedValuesAreRankedByMagnitude() throws {
        let figure = RankedBars(
            title: Samples.title,
            valueName: "Δ loss (nats)",
            entries: [("a", 0.2), ("b", -1.5), ("c", 0.7), ("d", -0.1)].map { .init(label: $0, value: $1) },
            scale: .signed(),
            limit: 3,
            kind: "sites"
        )
        let json = try JSON(figure)
        #expect(json["params"][0]["value"].strings == ["b", "c", "a"])
        #expect(json["data"]["values"].array.map { $0["shown"].string } == ["−1.50", "+0.70", "+0.20"])
        #expect(json["title"]["subtitle"][1].string == "3 of 4 sites, largest magnitude first")
    }

    @Test func equalValuesKeepTheirOrderAndLabelsMayRepeat() {
        let entries = (0..<40).map { RankedBars.Entry(label: "h\($0 % 3)", value: $0 < 30 ? 0.5 : 0.6) }
        let figure = RankedBars(title: Samples.title, valueName: "score", entries: entries, limit: 12)
        #expect(
            figure.ranked.map(\.label)
                == (30..<40).map { "h\($0 % 3)" } + ["h0", "h1"]
        )
    }

    @Test func nothingDefinedIsAnEmptyFigureThatSaysSo() throws {
        let figure = RankedBars(
            title: Samples.title,
            valueName: "score",
            entries: [.init(label: "a", value: .nan)]
        )
        let json = try JSON(figure)
        #expect(json["data"]["values"].array.isEmpty)
        #expect(
            json["title"]["subtitle"][1].string == "0 of 1 heads, largest value first; without a value: 1"
        )
    }

    @Test func theLargestMayKeepTheirOrderWithTheOthersBelow() throws {
        let figure = RankedBars(
            title: Samples.title,
            valueName: "logit difference",
            entries: [("embedding", 0.2), ("L0H0", -1.5), ("L0H1", 0.01), ("MLP 0", 0.7)].map {
                .init(label: $0, value: $1)
            },
            scale: .signed(),
            limit: 3,
            kind: "components",
            order: .given,
            remainder: .init(label: "1 other", value: 0.01)
        )
        let json = try JSON(figure)
        #expect(json["params"][0]["value"].strings == ["embedding", "L0H0", "MLP 0", "1 other"])
        #expect(
            json["data"]["values"].array.map { $0["shown"].string } == ["+0.20", "−1.50", "+0.70", "+0.01"]
        )
        #expect(
            json["title"]["subtitle"][1].string
                == "3 of 4 components, the largest in magnitude, in order; last bar: the others together"
        )
        var whole = figure
        (whole.limit, whole.remainder) = (4, nil)
        #expect(try JSON(whole)["title"]["subtitle"][1].string == "All 4 components, in order")
    }
}
