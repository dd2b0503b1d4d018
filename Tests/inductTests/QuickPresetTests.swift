// The preset that users begin with: two layers form induction heads, one layer does not.
import Foundation
import Testing

@Suite(.serialized) struct QuickPresetTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func evaluations(_ options: String) throws -> (lines: [[String: Any]], transition: [String: Any])
    {
        let finished = try program.shell(
            "nice -n 19 $INDUCT train --preset quick --eigen-interval 0 --seed 1 --output run --quiet \(options)"
        )
        #expect(finished.status == 0, "\(finished.errors)")
        let run = program.directory.appending(path: "run")
        let text = try String(contentsOf: run.appending(path: "metrics.jsonl"), encoding: .utf8)
        let results = try object(String(contentsOf: run.appending(path: "results.json"), encoding: .utf8))
        return (
            try text.split(separator: "\n").map { try object(String($0)) },
            try #require(results["transition"] as? [String: Any])
        )
    }

    private func accuracy(_ line: [String: Any]) -> Double {
        ((line["accuracy"] as? [String: Any])?["pattern"] as? Double) ?? -1
    }

    private func best(_ line: [String: Any]) -> Double {
        (line["heads"] as? [[String: Any]])?.compactMap { $0["induction"] as? Double }.max() ?? -1
    }

    @Test func twoLayersFormInductionHeads() throws {
        let (lines, transition) = try evaluations("--num-steps 600")
        let steps = lines.compactMap { $0["step"] as? Int }
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $1 - $0 <= 25 })
        let (first, last) = (lines[0], lines[lines.count - 1])
        #expect(accuracy(first) < 0.1 && accuracy(last) > 0.95)
        #expect(best(first) < 0.1 && best(last) > 0.6)
        let (low, high) = (try #require(transition["low"] as? Int), try #require(transition["high"] as? Int))
        let half = try #require(lines.first { accuracy($0) > 0.5 }?["step"] as? Int)
        #expect((low...high).contains(half), "\(low)...\(high), \(half)")
    }

    @Test func oneLayerDoesNot() throws {
        let (lines, transition) = try evaluations("--n-layers 1 --num-steps 400")
        #expect(transition["found"] as? Bool == false)
        #expect(best(lines[lines.count - 1]) < 0.1 && accuracy(lines[lines.count - 1]) < 0.5)
    }
}
