// The transition: found where there is one, with its interval; none, with the reason, where there is none.
import Foundation
import Testing

@testable import Formation

@Suite struct TransitionTests {
    @Test(arguments: [(400.0, 700.0), (120, 180), (90, 1500)])
    func intervalsOfRampsAreRecovered(start: Double, end: Double) throws {
        var noise = Noise(seed: 3)
        for _ in 0..<20 {
            let transition = Transition(
                in: series(120, every: 25) {
                    ramp($0, 0.03...0.75, from: start, to: end) + 0.02 * noise.normal()
                }
            )
            #expect(transition.found && transition.reason == nil)
            let (low, high) = (Double(try #require(transition.low)), Double(try #require(transition.high)))
            // Within two evaluations, or a tenth of the ramp in log step.
            let slack = 0.1 * (log1p(end) - log1p(start))
            #expect((low - start).magnitude < 50 || (log1p(low) - log1p(start)).magnitude < slack, "\(low)")
            #expect((high - end).magnitude < 50 || (log1p(high) - log1p(end)).magnitude < slack, "\(high)")
            let midpoint = try #require(transition.midpoint)
            let centre = (log1p(start) + log1p(end)) / 2
            #expect((log1p(midpoint) - centre).magnitude < 0.1, "\(midpoint)")
            #expect(low < midpoint && midpoint < high)
        }
    }

    @Test func theIntervalIsWidenedToEvaluations() {
        let transition = Transition(in: series(40, every: 25) { ramp($0, 0.02...0.8, from: 110, to: 340) })
        #expect(transition.low == 100 && transition.high == 350)
        #expect((transition.midpoint ?? 0) - (sqrt(111.0 * 341) - 1) < 1e-6)
        // Places at evaluations stay there.
        let exact = Transition(in: series(40, every: 25) { ramp($0, 0.02...0.8, from: 100, to: 350) })
        #expect(exact.low == 100 && exact.high == 350)
        #expect(exact.onset == 125)
    }

    @Test func aJumpLiesBetweenTwoEvaluations() {
        let clean = Transition(in: series(30, every: 50) { $0 < 400 ? 0.02 : 0.85 })
        #expect(clean.low == 350 && clean.high == 400 && clean.onset == 400)
        var noise = Noise(seed: 4)
        for _ in 0..<50 {
            let noisy = Transition(
                in: series(30, every: 50) { ($0 < 400 ? 0.04 : 0.85) + 0.01 * noise.normal() }
            )
            // One evaluation more where noise makes the ramp begin or end there.
            #expect(noisy.low == 350 || noisy.low == 300)
            #expect(noisy.high == 400 || noisy.high == 450)
        }
    }

    @Test func stepsNeedNotBeEvenlySpacedNorBeginAtZero() {
        let steps = [3, 10, 30, 100, 200, 300, 400, 600, 1000, 2000, 4000, 8000]
        let transition = Transition(
            in: steps.map { ScorePoint(step: $0, score: ramp($0, 0.05...0.6, from: 250, to: 700)) }
        )
        #expect(transition.low == 200 && transition.high == 1000 && transition.onset == 300)
    }

    @Test func aRealTransitionIsFound() {
        let transition = Transition(in: realScores.enumerated().map { ScorePoint(step: $0 * 25, score: $1) })
        #expect(transition.found && transition.onset == 325)
        #expect(transition.low == 250 && transition.high == 525, "\(transition)")
        #expect((370...384).contains(transition.midpoint ?? 0))
        #expect((0.45...0.49).contains(transition.fit?.ramp?.upperLevel ?? 0))
    }

    @Test func aSlowStraightLineIsNone() {
        var noise = Noise(seed: 5)
        let found = (0..<100).count { _ in
            Transition(
                in: series(60, every: 25) { 0.05 + 0.07 * log1p(Double($0)) + 0.03 * noise.normal() }
            ).found
        }
        // 1% of many more.
        #expect(found <= 3, "\(found)")
        let clean = Transition(in: series(60, every: 25) { 0.05 + 0.07 * log1p(Double($0)) })
        #expect(!clean.found && clean.reason == .line && clean.fit?.ramp == nil)
        #expect(
            clean.onset == nil && clean.low == nil && clean.high == nil && clean.midpoint == nil,
            "nothing is said of what is not there"
        )
    }

    @Test func aConstantIsNone() {
        var noise = Noise(seed: 6)
        for level in [0.0, 0.02, 0.5, 1] {
            let clean = Transition(in: series(30, every: 25) { _ in level })
            #expect(!clean.found && clean.reason == .constant && clean.highestScore == level)
        }
        let found = (0..<200).count { _ in
            Transition(in: series(50, every: 25) { _ in 0.5 + 0.05 * noise.normal() }).found
        }
        // Under 1% of many more.
        #expect(found <= 4, "\(found)")
    }

    @Test func aDifferenceInTheLastDigitIsNone() {
        let transition = Transition(in: series(30, every: 25) { $0 < 300 ? 0.5 : 0.500_000_03 })
        #expect(!transition.found && transition.reason == .constant)
    }

    @Test func aRampThatStaysLowIsNone() {
        let low = Transition(in: series(60, every: 25) { ramp($0, 0.02...0.2, from: 200, to: 500) })
        #expect(!low.found && low.reason == .upperLevel && low.onset == nil)
        #expect((low.fit?.ramp?.upperLevel ?? 0) - 0.2 < 1e-9)
        #expect(!Transition(in: series(60, every: 25) { ramp($0, 0.02...0.3, from: 200, to: 500) }).found)
        #expect(Transition(in: series(60, every: 25) { ramp($0, 0.02...0.301, from: 200, to: 500) }).found)
    }

    @Test func oneHighScoreAtTheEndIsNone() {
        var points = series(30, every: 25) { 0.03 + 0.001 * Double($0 / 25 % 3) }
        points.append(ScorePoint(step: 750, score: 0.6))
        let spike = Transition(in: points)
        #expect(!spike.found && spike.reason == .upperLevel && spike.highestScore == 0.6)
        points.append(ScorePoint(step: 775, score: 0.61))
        #expect(Transition(in: points).found)
    }

    /// How often a score that only wanders passes for a transition: the walks that get above 0.3 are in danger.
    @Test(arguments: [(0.005, 0.0...0.0, 0.0...0.0), (0.02, 0.02...0.1, 0.0...0.06)])
    func randomWalks(deviation: Double, above: ClosedRange<Double>, found: ClosedRange<Double>) {
        var noise = Noise(seed: 7)
        let transitions = (0..<300).map { _ in Transition(in: randomWalk(50, by: deviation, &noise)) }
        let shareFound = Double(transitions.count(where: \.found)) / 300
        let shareAbove = Double(transitions.count { ($0.highestScore ?? 0) > 0.3 }) / 300
        #expect(above.contains(shareAbove), "\(shareAbove)")
        #expect(found.contains(shareFound), "\(shareFound)")
    }

    @Test func scoresThatAreNoNumbersAreLeftOut() {
        var points = series(40, every: 25) { ramp($0, 0.02...0.8, from: 110, to: 340) }
        let expected = Transition(in: points)
        points.insert(ScorePoint(step: 120, score: .nan), at: 5)
        points.append(ScorePoint(step: 1000, score: .infinity))
        #expect(Transition(in: points) == expected)
        #expect(expected.evaluations == 40)
    }

    @Test func fewEvaluationsAreTooFew() {
        for count in 0..<8 {
            let transition = Transition(in: series(count, every: 100) { $0 < 300 ? 0.02 : 0.9 })
            #expect(!transition.found && transition.reason == .tooFewEvaluations && transition.fit == nil)
            #expect(transition.evaluations == count)
        }
        #expect(Transition(in: series(8, every: 100) { $0 < 300 ? 0.02 : 0.9 }).found)
        #expect(!Transition(in: series(20, every: 100) { _ in .nan }).found)
    }

    @Test func isJSONWithTheNamesOfTheResults() throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let found = Transition(in: series(30, every: 50) { $0 < 400 ? 0.02 : 0.85 })
        let object = try #require(
            try JSONSerialization.jsonObject(with: encoder.encode(found)) as? [String: Any]
        )
        #expect(object["found"] as? Bool == true && object["onset"] as? Int == 400)
        #expect(object["low"] as? Int == 350 && object["high"] as? Int == 400)
        #expect(((object["midpoint"] as? Double ?? 0) - (sqrt(351.0 * 401) - 1)).magnitude < 1e-6)
        #expect(object["reason"] == nil)
        #expect(try JSONDecoder().decode(Transition.self, from: JSONEncoder().encode(found)) == found)

        let none = Transition(in: series(3, every: 50) { _ in 0.5 })
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(none), as: UTF8.self)
                == #"{"evaluations":3,"found":false,"highest_score":0.5,"reason":"too_few_evaluations"}"#
        )
    }

    @Test func saysWhatIsThereOrWhyNot() {
        func text(_ count: Int, _ score: (Int) -> Double) -> String {
            Transition(in: series(count, every: 50, score)).description
        }
        #expect(
            text(30) { $0 < 400 ? 0.02 : 0.85 }
                == "transition between steps 350 and 400 (centre 374), onset at step 400."
        )
        #expect(
            text(30) { _ in 0.02 } == """
                no transition: one level fits the best induction score at least as well as a rise between two levels \
                (highest 0.020); train for more steps (--num-steps).
                """
        )
        #expect(
            text(30) { 0.05 * log1p(Double($0)) } == """
                no transition: a straight line in log step fits the best induction score at least as well as a rise \
                between two levels (highest 0.364); train for more steps (--num-steps).
                """
        )
        #expect(
            text(30) { $0 < 400 ? 0.02 : 0.21 } == """
                no transition: the best induction score does not stay above 0.3 (level after the rise 0.210, highest \
                0.210); train for more steps (--num-steps).
                """
        )
        #expect(
            text(5) { _ in 0.02 } == """
                no transition: 5 evaluations, at least 8 are needed; evaluate more often or train for more steps \
                (--num-steps).
                """
        )
    }
}
