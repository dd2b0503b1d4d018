// The transition live: said once, as soon as it is there.
import Testing

@testable import Formation

@Suite struct TransitionWatchTests {
    @Test func isAnnouncedOnceAndStays() throws {
        let points = realScores.enumerated().map { ScorePoint(step: $0 * 25, score: $1) }
        var watch = TransitionWatch()
        var announcements: [(step: Int, transition: Transition)] = []
        for point in points {
            if let transition = watch.add(point) { announcements.append((point.step, transition)) }
            #expect((watch.announced == nil) == announcements.isEmpty)
        }
        let (step, transition) = try #require(announcements.first)
        #expect(announcements.count == 1 && watch.announced == transition && watch.series == points)
        // Not before the score passes 0.3 for the second time, at step 425, and soon after.
        #expect((425...475).contains(step), "\(step)")
        #expect(transition == Transition(in: Array(points.prefix { $0.step <= step })))
    }

    @Test func aSpikeIsNotAnnounced() {
        var watch = TransitionWatch()
        for (index, score) in ([0.02, 0.021, 0.019, 0.02, 0.022, 0.02, 0.021, 0.02, 0.7] + realScores[..<9])
            .enumerated()
        {
            #expect(watch.add(ScorePoint(step: index, score: score)) == nil)
        }
        #expect(watch.announced == nil)
    }

    @Test func aRunThatGoesOnKnowsWhatWasAnnounced() {
        let points = realScores.enumerated().map { ScorePoint(step: $0 * 25, score: $1) }
        var whole = TransitionWatch()
        for point in points { _ = whole.add(point) }
        for cut in [0, 10, 17, 30] {
            var resumed = TransitionWatch(resuming: Array(points[..<cut]))
            let news = points[cut...].compactMap { resumed.add($0) }
            #expect(resumed.announced == whole.announced)
            #expect(news.count == (cut < 30 ? 1 : 0))
        }
    }

    @Test func scoresThatAreNoNumbersPass() {
        var watch = TransitionWatch()
        for step in 0..<12 { #expect(watch.add(ScorePoint(step: step, score: .nan)) == nil) }
        #expect(watch.series.count == 12)
    }
}
