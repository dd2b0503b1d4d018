// The survey of circuits as a value, and results in which there is little to show.
import Figures
import Foundation
import Testing
import Transformers

@testable import Induction
@testable import Lab

@Suite struct CircuitSurveyTests {
    @Test func comesBackFromAReceipt() throws {
        let survey = CircuitSurvey(offsets: [2, 5], kinds: [.k], draws: 7, seed: 11)
        let stored = try JSONDecoder().decode(CircuitSurvey.self, from: JSONEncoder().encode(survey))
        #expect(stored == survey)
    }

    @Test func oneLayerWithAHeadThatDoesNothing() throws {
        let heads = [Head(layer: 0, index: 0), Head(layer: 0, index: 1)]
        let turning = Circuit(
            eigenvalues: [ComplexValue(real: 3, imaginary: 4), ComplexValue(real: 3, imaginary: -4)],
            norm: 2.5
        )
        let nothing = Circuit(eigenvalues: [ComplexValue(real: 0, imaginary: 0)], norm: 0)
        let result = CircuitSurveyResult(
            model: "small",
            survey: CircuitSurvey(),
            heads: zip(heads, [nothing, turning]).map {
                HeadCircuits(head: $0, ov: $1, qk: [OffsetCircuit(offset: nil, circuit: turning)])
            },
            copying: CopyingByLogits(tokens: [4, 9], heads: heads, scores: [nil, 0.25]),
            composition: Composition(
                heads: heads,
                matrices: [
                    CompositionMatrix(kind: .k, offset: nil, scores: [[nil, nil], [nil, nil]])
                ],
                randomMean: 0.1234567,
                draws: 3
            )
        )
        #expect(
            result.text == """
                small: circuits of 2 heads, the 2 highest by the OV copying score

                head  copying  by logits   |OV|   match   |QK|
                L0H1   +0.600      0.250  2.500  +0.600  2.500
                L0H0        –          –  0.000  +0.600  2.500

                Composition is minus 0.1235, its mean over 3 draws of Gaussian heads.
                Positions are not rotary: a QK circuit is the same at all offsets.
                A model of one layer has no pair of heads that could compose.
                Without a score, because a circuit is zero: L0H0.

                """
        )
        #expect(result.pairs == nil && result.eigenvalues?.panels.count == 1)
        #expect(result.heatmap.values == [[nil, 0.6]])
        let files = try Dictionary(uniqueKeysWithValues: result.files().map { ($0.name, $0.contents) })
        let heading = "layer,head,copying_score,copying_score_by_logits,ov_norm,matching_score,qk_norm"
        let table = "\(heading)\r\n0,0,,,0.0,0.6,2.5\r\n0,1,0.6,0.25,2.5,0.6,2.5\r\n"
        #expect(files["heads.csv"] == .bytes(Data(table.utf8)))
        let json = try #require(
            JSONSerialization.jsonObject(with: result.json()) as? [String: Any]
        )
        let first = try #require((json["heads"] as? [[String: Any]])?.first?["ov"] as? [String: Any])
        #expect(first["copying_score"] is NSNull && first["copying_score_by_logits"] is NSNull)
    }
}
