// Path patching of a planted circuit, from the question to the text.
import Foundation
import Induction
import JSON
import Runs
import Testing
import Transformers

@testable import Lab

@Suite struct PathsTests {
    private func paths(_ direction: PatchingDirection, corruption: Corruption = .first) -> Paths {
        Paths(
            comparison: PlantedRuns.comparison(direction, corruption: corruption),
            receivers: .all,
            reachesLogits: true
        )
    }

    @Test(arguments: PatchingDirection.allCases)
    func thePlantedEdgeIsTheOnlyPath(direction: PatchingDirection) throws {
        let result = try paths(direction).run(on: PlantedRuns.model())
        #expect(result.paths.count == 4 * 4 * 3 + 8)
        #expect(try #require(result.levels.clean) > 11 && #require(result.levels.corrupted) < 0.1)
        for path in result.paths {
            let isPlanted =
                path.sender == PlantedRuns.previous
                && path.receiver == .input(.k, head: PlantedRuns.induction)
            let isDirect = path.sender == PlantedRuns.induction && path.receiver == .logits
            let recovery = try #require(path.recovery.mean)
            #expect(isPlanted || isDirect ? recovery > 0.95 : recovery.magnitude < 0.05, "\(path)")
            #expect(path.recovery.trials == 12 && path.recovery.low != nil)
        }
        #expect(
            Set(result.ranked.prefix(2).map(\.receiver)) == [
                .input(.k, head: PlantedRuns.induction), .logits,
            ]
        )
        #expect(result.text.contains("L0H3    L1H1.k    +1.000 [+1.000, +1.000]"))
        #expect(result.text.contains(direction == .denoising ? "receiver  " : "share lost"))
        #expect(result.text.contains("no MLPs between sender and receiver"))
    }

    /// The previous-token head writes the same at the place of the token that is replaced.
    @Test func withAnotherSecondTokenTheEdgeSaysNothing() throws {
        let result = try paths(.denoising, corruption: .second).run(on: PlantedRuns.model())
        for path in result.paths where path.sender == PlantedRuns.previous {
            #expect(try #require(path.recovery.mean).magnitude < 0.05, "\(path)")
        }
    }

    @Test func receiversAreChosenByTheirScores() throws {
        var question = paths(.denoising)
        question.receivers = .highest(count: 1, score: .induction)
        var steps: Set<String> = []
        let result = try question.run(on: PlantedRuns.model()) { step, _, _ in steps.insert(step) }
        #expect(result.receivers == [PlantedRuns.induction])
        #expect(result.text.contains("receivers: L1H1 (highest induction scores on repeat prompts)"))
        #expect(steps == ["scan", "paths"])
        let opened = try OpenedModel("induct-2l")
        #expect(try question.inputs(for: opened).map(\.role) == ["tokens", "tokens"])
        #expect(try question.inputs(for: opened).map(\.name) == ["induct-2l", "receivers"])
        #expect(try paths(.denoising).inputs(for: opened).count == 1)
    }

    /// Nothing is broken where both runs are the same.
    @Test func noDifferenceIsSaidAndNeverANumber() throws {
        let effects = PathEffects(
            mlps: .frozen,
            base: [[1, 2, 4]],
            other: [[1, 2, 4]],
            paths: [
                .init(sender: PlantedRuns.previous, receiver: .logits, values: [[1, 2, 5]]),
                .init(sender: PlantedRuns.induction, receiver: .logits, values: [[1, 2, .nan]]),
            ]
        )
        let result = PathsResult(
            effects,
            of: paths(.denoising),
            model: "a",
            receivers: [],
            config: try PlantedRuns.model().transformer.config
        )
        let report = try JSONField(parsing: Array(try result.json()), source: "report")
        let rows = try report.require("results").elements()
        for row in rows {
            let recovery = try row.require("recovery")
            #expect(try recovery.member("mean")?.kind == .null)
            #expect(
                try recovery.require("undefined").string()
                    == "undefined: the metric is the same on clean and corrupted prompts."
            )
        }
        #expect(try rows[1].member("patched")?.kind == .null)
        #expect(
            result.csv == """
                sender,receiver,input,patched,recovery,low,high
                L0H3,logits,,2.6666666666666665,,,
                L1H1,logits,,,,,

                """
        )
        #expect(result.notes.last == "Recovery is \(result.undefined ?? "")")
        #expect(result.text.contains("   1  L0H3    logits           –       2.667\n"))
        #expect(!result.text.contains("nan"))
    }

    @Test func headsThatDoNotExistAreNamed() throws {
        var question = paths(.denoising)
        question.senders = .listed(heads: [PlantedRuns.previous, Head(layer: 2, index: 0)])
        let error = #expect(throws: ComponentError.self) { try question.run(on: PlantedRuns.model()) }
        #expect(
            error?.description
                == "head L2H0 does not exist: the layers of induct-2l are 0 to 1, the heads of each 0 to 3."
        )
    }
}
