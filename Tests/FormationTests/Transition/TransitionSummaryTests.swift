// Transitions of several seeds together.
import Foundation
import Induction
import Testing

@testable import Formation

@Suite struct TransitionSummaryTests {
    /// A jump right after a step.
    private func transition(after step: Int) -> Transition {
        Transition(in: series(20, every: 100) { $0 <= step ? 0.02 : 0.9 })
    }

    private let none = Transition(in: series(20, every: 100) { _ in 0.02 })

    @Test func meansAreOfTheRunsWithATransition() throws {
        let summary = TransitionSummary([
            transition(after: 400), none, transition(after: 600), transition(after: 1100),
        ])
        #expect(summary.runs == 4 && summary.found == 3)
        #expect(summary.low.mean == 700 && summary.high.mean == 800 && summary.onset.mean == 800)
        let centres = [(401.0, 501.0), (601, 701), (1101, 1201)].map { ($0 * $1).squareRoot() - 1 }
        #expect((try #require(summary.midpoint.mean) - centres.reduce(0, +) / 3).magnitude < 1e-6)
        let (low, high) = (try #require(summary.low.low), try #require(summary.low.high))
        #expect((400...700).contains(low) && (700...1100).contains(high) && low < high)
        #expect(summary.low.pairs == 3)
    }

    @Test func theSeedFixesTheInterval() {
        let transitions = [200, 300, 500, 900, 1000].map(transition)
        #expect(TransitionSummary(transitions, seed: 1) == TransitionSummary(transitions, seed: 1))
    }

    @Test func oneTransitionHasNoIntervalAndNoneNoMean() {
        let one = TransitionSummary([transition(after: 400), none])
        #expect(one.found == 1 && one.low.mean == 400 && one.low.low == nil && one.low.high == nil)
        let nothing = TransitionSummary([none, none])
        #expect(nothing.runs == 2 && nothing.found == 0 && nothing.midpoint.mean == nil)
        #expect(TransitionSummary([]).runs == 0)
    }

    @Test func isReadBackAsItWasWritten() throws {
        let summary = TransitionSummary([transition(after: 400), none, transition(after: 600)])
        #expect(
            try JSONDecoder().decode(TransitionSummary.self, from: JSONEncoder().encode(summary)) == summary
        )
    }
}
