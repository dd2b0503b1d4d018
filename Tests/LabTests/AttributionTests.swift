// Attribution patching of a planted circuit: where it can be trusted, and where the check says that it cannot.
import Figures
import Foundation
import Induction
import JSON
import Testing
import Transformers

@testable import Lab

@Suite struct AttributionTests {
    private func result(
        sharpness: Double = 1,
        kinds: [CausalComponent.Kind]? = [.head],
        byPosition: Bool = false,
        checkTop: Int? = 20,
        metric: OutputMetric = .logitDiff,
        direction: PatchingDirection = .denoising
    ) throws -> AttributionResult {
        var question = Attribution(
            comparison: PlantedRuns.comparison(direction),
            kinds: kinds,
            isByPosition: byPosition,
            checkTop: checkTop
        )
        question.comparison.metric = metric
        return try question.run(on: PlantedRuns.model(sharpness: sharpness))
    }

    private func node(_ head: Head, _ result: AttributionResult) throws -> AttributionResult.Node {
        try #require(result.nodes.first { $0.component == .head(head) })
    }

    @Test func aSureSoftmaxHidesWhatPatchingFinds() throws {
        let result = try result()
        let whole = try #require(result.levels.clean) - #require(result.levels.corrupted)
        let previous = try node(PlantedRuns.previous, result)
        #expect(try #require(previous.attribution.mean).magnitude < 0.01 * whole)
        #expect(try #require(previous.exact?.mean) > 0.95 * whole)
        let agreement = try #require(result.agreements.first)
        #expect(try #require(agreement.top.pearson) < 0.9)
        #expect(result.furthest(agreement) == previous)
        #expect(result.text.contains("head: furthest apart is L0H3, attribution 0.000, exact +24.000"))
    }

    @Test func aSoftOneIsSeenThrough() throws {
        let result = try result(sharpness: 1.0 / 30)
        #expect(try #require(result.agreements.first?.top.pearson) > 0.9)
        #expect(
            Set(result.ranked(.head).prefix(2).map(\.component)) == [
                .head(PlantedRuns.previous), .head(PlantedRuns.induction),
            ]
        )
    }

    @Test func byDefaultAllKindsThatThereAre() throws {
        let result = try result(kinds: nil, checkTop: nil)
        #expect(result.kinds == [.head, .attention, .residual])
        #expect(result.agreements.isEmpty && result.nodes.allSatisfy { $0.exact == nil })
        #expect(
            result.text.contains(
                "Nothing was patched: whether these attributions can be trusted is not known."
            )
        )
        #expect(result.csv.split(separator: "\n").count == 1 + 8 + 2 + 2)
        #expect(
            result.csv.hasPrefix(
                "component,layer,head,position,attribution,low,high,exact,exact_low,exact_high\nhead,0,0,,"
            )
        )
    }

    @Test func positionsSumToTheWhole() throws {
        let (whole, parts) = (try result(sharpness: 0.05), try result(sharpness: 0.05, byPosition: true))
        #expect(parts.nodes.count == 8 * 20)
        for layer in 0..<2 {
            for head in 0..<4 {
                let total = try #require(whole.heatmap.values[layer][head])
                #expect(abs(try #require(parts.heatmap.values[layer][head]) - total) < 1e-5)
            }
        }
        // BOS, A, B: the head that looks at A does so from B's place.
        let first = try #require(parts.ranked(.head).first { $0.component.layer == 0 })
        #expect(first.component == CausalComponent.head(PlantedRuns.previous).at(2))
    }

    @Test func undefinedCorrelationsHaveAReasonThatFits() throws {
        let result = try result(kinds: [.residual])
        let report = try JSONField(parsing: Array(try result.json()), source: "report")
        let agreement = try report.require("agreement").elements()[0]
        #expect(try agreement.require("component").string() == "resid")
        #expect(try agreement.require("top").member("pearson")?.kind == .null)
        #expect(try agreement.require("top").require("undefined").string() == "fewer than three nodes")
        #expect(
            try report.require("results").elements()[0].member("head")?.kind == .null
        )
        let reasons = [Correlation.Undefined.firstIsConstant, .secondIsConstant].map(\.attributionText)
        #expect(
            reasons == [
                "attributions are equal but for rounding", "exact effects are equal but for rounding",
            ]
        )
    }

    /// A divergence from what the run itself predicts has no slope.
    @Test func theCleanRunsDivergenceHasNoGradient() throws {
        let result = try result(metric: .kl, direction: .noising)
        #expect(result.nodes.allSatisfy { ($0.attribution.mean ?? 1).magnitude < 1e-5 })
        #expect(result.notes.last?.hasPrefix("The divergence is smallest in the clean run") ?? false)
    }

    @Test func mlpsThatAreNotThereAreAnError() throws {
        let error = #expect(throws: ComponentError.self) { try result(kinds: [.head, .mlp]) }
        #expect(error == .noMLPs(model: "induct-2l"))
    }
}
