import Foundation
import Testing

@testable import Figures

@Suite struct AttentionPatternTests {
    @Test func axesArePositionsLabelledWithTokens() throws {
        let json = try JSON(Samples.attention([" cat", "a", " cat", "\n"]))
        #expect(json["params"][0]["name"].string == "tokens")
        #expect(json["params"][0]["value"].strings == ["·cat", "a", "·cat", "¶"])
        for (channel, field) in [("x", "k"), ("y", "q")] {
            let definition = json["layer"][0]["encoding"][channel]
            #expect(definition["field"].string == field)
            #expect(definition["axis"]["labelExpr"].string == "tokens[datum.value]")
            #expect(definition["scale"]["domain"].doubles == [0, 1, 2, 3])
            #expect(definition["sort"].string == "ascending", "query 0 on top, key 0 on the left")
        }
        #expect(json["layer"][0]["encoding"]["color"]["scale"]["domain"][0].double == 0)
        #expect(json["layer"][0]["encoding"]["color"]["scale"]["domain"][8].double == 1)
        #expect(json["title"]["subtitle"][1].string == "In the labels, · is a space; ¶ is a line break")
    }

    @Test func keysAfterTheQueryAreNotDrawn() throws {
        let pattern = Samples.pattern(5)
        let rows = try JSON(Samples.attention(["a", "b", "c", "d", "e"]))["layer"][0]["data"]["values"].array
        #expect(rows.count == 15)
        for row in rows {
            let query = Int(try #require(row["q"].double))
            let key = Int(try #require(row["k"].double))
            #expect(key <= query)
            #expect(abs(try #require(row["w"].double) - pattern[query][key]) < 1e-6)
        }
    }

    @Test func outlinedCellsAreHollowAndNamed() throws {
        let figure = AttentionPattern(
            title: Samples.title,
            tokens: ["a", "b", "a", "b"],
            pattern: Samples.pattern(4),
            highlighted: [.init(query: 2, key: 1), .init(query: 3, key: 2)],
            highlightName: "after the copy"
        )
        let outline = try JSON(figure)["layer"][1]
        #expect(outline["mark"]["fill"].string == "transparent")
        #expect(outline["encoding"]["stroke"]["scale"]["domain"].strings == ["after the copy"])
        #expect(
            outline["data"]["values"].array.map { [$0["q"].double, $0["k"].double] } == [[2, 1], [3, 2]]
        )
        #expect(try JSON(Samples.attention(["a"]))["layer"].array.count == 1)
    }

    @Test func tokenTextsAreDataAndNeverExpressions() throws {
        let harmless = try JSON(Samples.attention(Samples.hostileTokens.map { _ in "x" }))
        let hostile = try JSON(Samples.attention(Samples.hostileTokens))
        for key in ["labelExpr", "filter", "calculate", "test", "expr", "signal"] {
            #expect(Set(hostile.all(key)) == Set(harmless.all(key)))
        }
        #expect(hostile["params"][0]["value"].strings == Samples.hostileTokens.map { TokenLabel.visible($0) })
    }

    @Test(arguments: [(1, 1), (20, 1), (51, 1), (64, 2), (120, 5), (256, 10)])
    func labelsThinOutAsCellsShrink(count: Int, stride: Int) throws {
        let panel = AttentionPanel(
            tokens: (0..<count).map { "t\($0 % 3)" },
            pattern: Samples.pattern(count),
            highlighted: [],
            highlightName: "",
            tokensName: "tokens",
            room: 480
        )
        #expect(panel.tokenAxis.stride == stride)
        #expect(panel.cell * Double(stride) >= 9)
        #expect(panel.side <= 520)
        let values = panel.view.layer?[0].encoding?.x?.axis
        guard case .shown(let axis) = values else {
            Issue.record("the axis is shown")
            return
        }
        #expect(axis.values?.count == (stride == 1 ? nil : (count + stride - 1) / stride))
        let label = stride == 1 ? "t0" : "t0 0"
        #expect(
            panel.parameter.value
                == .list(
                    (0..<count).map { stride == 1 ? "t\($0 % 3)" : "t\($0 % 3) \($0)" }
                        .map { .text($0) }
                ),
            "\(label) names a position where labels are thinned"
        )
    }

    @Test func panelsShareTheColourScaleButNotTheLabels() throws {
        let json = try JSON(Samples.patterns)
        #expect(json["concat"].array.count == 3)
        #expect(json["columns"].double == 2)
        #expect(json["resolve"]["scale"]["color"].string == "shared")
        #expect(json["params"].array.map { $0["name"].string } == ["tokens0", "tokens1", "tokens2"])
        #expect(json["concat"][1]["title"]["text"].strings == ["L1H2"])
        #expect(
            json["concat"][2]["layer"][0]["encoding"]["y"]["axis"]["labelExpr"].string
                == "tokens2[datum.value]"
        )
    }
}
