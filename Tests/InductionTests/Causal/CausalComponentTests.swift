// Parts of a model: names, lists, files, and what they stand for.
import Foundation
import Testing
import Transformers

@testable import Induction

@Suite struct CausalComponentTests {
    private let head = CausalComponent.head(Head(layer: 2, index: 5))

    @Test func names() {
        #expect(head.description == "L2H5")
        #expect(CausalComponent.mlp(3).description == "MLP 3")
        #expect(CausalComponent.attention(0).description == "attention 0")
        #expect(CausalComponent.layer(1).description == "layer 1")
        #expect(CausalComponent.residual(4).at(17).description == "residual 4 at 17")
    }

    @Test func lists() {
        let config = causalModels()[0].config
        let heads = CausalComponent.all(.head, in: config)
        #expect(heads.count == 12 && heads[7] == .head(Head(layer: 1, index: 1)))
        #expect(CausalComponent.all(.mlp, in: config) == [.mlp(0), .mlp(1)])
        #expect(
            CausalComponent.all(.residual, in: config, at: [4, 2]).map(\.description) == [
                "residual 0 at 4", "residual 0 at 2", "residual 1 at 4", "residual 1 at 2",
            ]
        )
    }

    @Test func filesNameThePartsOfAPart() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let parts = [head, .attention(1), .residual(3).at(7)]
        let data = try encoder.encode(parts)
        #expect(
            String(decoding: data, as: UTF8.self)
                == """
                [{"head":5,"kind":"head","layer":2},{"kind":"attn","layer":1},\
                {"kind":"resid","layer":3,"position":7}]
                """
        )
        #expect(try JSONDecoder().decode([CausalComponent].self, from: data) == parts)
    }

    @Test func whatARunHasToKeep() {
        let selectors: [Selector] = [
            .z.head(3, 1), .mlpOut.layer(2), .z.head(0, 2).positions([4]), .z.head(3, 5),
        ]
        #expect(Selector.whole(selectors) == [.mlpOut.layers([2]), .z.layers([0, 3])])
    }
}
