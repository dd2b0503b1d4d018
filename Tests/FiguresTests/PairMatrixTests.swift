import Testing

@testable import Figures

@Suite struct PairMatrixTests {
    private func heads(_ layers: Int, _ heads: Int) -> [String] {
        (0..<layers * heads).map { "L\($0 / heads)H\($0 % heads)" }
    }

    /// All pairs with the receiver in a later layer, each with a value of its own.
    private func pairs(_ layers: Int, _ heads: Int) -> [PairMatrix.Pair] {
        let nodes = 0..<layers * heads
        return nodes.flatMap { sender in
            nodes.filter { $0 / heads > sender / heads }.map { receiver in
                PairMatrix.Pair(
                    sender: sender,
                    receiver: receiver,
                    value: Double((sender * 7 + receiver * 3) % 19 - 9)
                )
            }
        }
    }

    @Test func sendersAreRowsAndReceiversColumns() throws {
        let json = try JSON(Samples.pairs(panels: 1))
        #expect(json["params"].array.map { $0["name"].string } == ["senders", "receivers"])
        #expect(json["params"][0]["value"].strings == ["L0H0", "L0H1"])
        #expect(json["params"][1]["value"].strings == ["L1H0", "L1H1", "L1H2"])
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["name"].string } == ["L0H0 → L1H2", "L0H1 → L1H0", "L0H1 → L1H1"])
        #expect(rows.map { $0["sender"].double } == [0, 1, 1])
        #expect(rows.map { $0["receiver"].double } == [2, 0, 1])
        #expect(rows.map { $0["value"].double } == [0.9, -0.1, nil])
        #expect(json["title"]["subtitle"][1].string == "panel 0")
    }

    @Test func missingPairsStayBlankAndKeepTheirPlace() throws {
        let json = try JSON(Samples.pairs(panels: 1))
        #expect(json["encoding"]["x"]["scale"]["domain"].doubles == [0, 1, 2])
        #expect(json["encoding"]["y"]["scale"]["domain"].doubles == [0, 1])
        #expect(json["layer"][1]["encoding"]["fill"]["datum"].string == "undefined")
    }

    @Test func panelsShareOneColourScale() throws {
        let json = try JSON(Samples.pairs(panels: 3))
        let panels = json["concat"].array
        #expect(panels.map { $0["title"]["text"].strings } == [["panel 0"], ["panel 1"], ["panel 2"]])
        let domains = panels.map { $0["layer"][0]["encoding"]["color"]["scale"]["domain"].doubles }
        // The third panel's largest value, 2.7, counts in all.
        #expect(Set(domains).count == 1 && domains[0].last == 2.7)
        #expect(json["resolve"]["scale"]["color"].string == "shared")
        #expect(panels.map { $0["encoding"]["y"]["title"].string } == ["sender", "", ""])
    }

    @Test(arguments: [(2, 4, true, 1), (2, 8, false, 1), (12, 12, false, 3), (4, 36, false, 3)])
    func largeMatricesAreSquareWithThinnedLabels(layers: Int, heads: Int, printed: Bool, stride: Int) throws {
        let names = self.heads(layers, heads)
        let json = try JSON(
            PairMatrix(
                title: Samples.title,
                valueName: "effect",
                senders: names,
                receivers: names,
                panels: [.init(pairs: pairs(layers, heads))]
            )
        )
        #expect(json["layer"].array.contains { $0["mark"]["type"].string == "text" } == printed)
        let width = try #require(json["width"].double)
        #expect(width <= 760)
        if !printed { #expect(json["height"].double.map { $0 <= width } == true) }
        let labelled = json["encoding"]["x"]["axis"]["values"]
        #expect(stride == 1 ? labelled.isMissing : labelled.array.count == (names.count - 1) / stride + 1)
        let mark = json["layer"][0]["mark"]
        #expect((mark["strokeWidth"].double == 0) == (width / Double(names.count) < 6))
    }

    @Test func pairsOutsideOrTwiceTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = PairMatrix(
                title: FigureTitle("t"),
                valueName: "v",
                senders: ["a"],
                receivers: ["b"],
                panels: [.init(pairs: [.init(sender: 0, receiver: 1, value: 1)])]
            )
        }
        await #expect(processExitsWith: .failure) {
            let pair = PairMatrix.Pair(sender: 0, receiver: 0, value: 1)
            _ = PairMatrix(
                title: FigureTitle("t"),
                valueName: "v",
                senders: ["a"],
                receivers: ["b"],
                panels: [.init(pairs: [pair, pair])]
            )
        }
    }
}
