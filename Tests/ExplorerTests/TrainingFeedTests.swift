import Formation
import Foundation
import JSON
import Lab
import Runs
import Synchronization
import TestSupport
import Testing

@testable import Explorer

/// A run's files as they grow, and what a reader of its events hears.
@Suite struct TrainingFeedTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private func line(step: Int, induction: Double) -> String {
        """
        {"step": \(step), "loss": 2.5, "accuracy": {"all": 0.5, "pattern": 0.25}, "heads": [{"layer": 0, "head": 0, "induction": \
        \(induction), "previous": 0.5}]}

        """
    }

    private func append(_ text: String) throws {
        let file = TrainingDirectory.metricsFile(of: directory.url)
        let old = (try? Data(contentsOf: file)) ?? Data()
        try (old + Data(text.utf8)).write(to: file)
    }

    private func events(pace: Double? = nil) throws -> AsyncStream<ServerEvent> {
        _ = try directory.write("config.json", "{}")
        return TrainingFeed.events(of: try #require(StoredFiles(directory.url)), pace: pace)
    }

    @Test(.timeLimit(.minutes(5))) func whatIsWrittenIsHeard() async throws {
        try append(line(step: 0, induction: 0.01) + line(step: 10, induction: 0.02))
        var events = try events().makeAsyncIterator()
        #expect(await events.next()?.data.hasPrefix(#"{"step": 0,"#) == true)
        #expect(await events.next()?.data.hasPrefix(#"{"step": 10,"#) == true)
        // Half a line is none yet.
        let next = line(step: 20, induction: 0.03)
        try append(String(next.prefix(20)))
        try await Task.sleep(for: .milliseconds(400))
        try append(String(next.dropFirst(20)))
        #expect(await events.next()?.data.hasPrefix(#"{"step": 20,"#) == true)
        // A resumed run cuts its file: what has been told is not told again.
        try FileManager.default.removeItem(at: TrainingDirectory.metricsFile(of: directory.url))
        try append(line(step: 0, induction: 0.01))
        try await Task.sleep(for: .milliseconds(400))
        try append(line(step: 10, induction: 0.02) + "no JSON\n" + line(step: 20, induction: 0.03))
        try append(line(step: 30, induction: 0.04))
        #expect(await events.next()?.data.hasPrefix(#"{"step": 30,"#) == true)
        _ = try directory.write("results.json", "{\"steps\": 30}\n")
        #expect(await events.next() == ServerEvent(name: "finished", data: "{\"steps\": 30}"))
        #expect(await events.next() == nil)
    }

    @Test(.timeLimit(.minutes(5))) func theTransitionIsTold() async throws {
        let scores = (0..<40).map { (index: Int) -> Double in
            index < 15 ? 0.02 : index < 20 ? 0.02 + 0.19 * Double(index - 14) : 0.97
        }
        try append(scores.enumerated().map { line(step: 20 * $0, induction: $1) }.joined())
        _ = try directory.write("results.json", "{}")
        var names: [String] = []
        var transition: ServerEvent?
        for await event in try events() {
            names.append(event.name)
            if event.name == "transition" { transition = event }
        }
        #expect(names.count { $0 == "evaluation" } == 40 && names.last == "finished")
        let found = try #require(
            try transition.map { try JSONDecoder().decode(Transition.self, from: Data($0.data.utf8)) }
        )
        // As soon as it is seen: what follows may still move its end.
        #expect(try #require(found.low) <= 300 && #require(found.low) >= 240, "\(found)")
    }

    @Test(.timeLimit(.minutes(5))) func aReplayKeepsItsPace() async throws {
        try append((0..<6).map { line(step: $0, induction: 0.1) }.joined())
        _ = try directory.write("results.json", "{}")
        let start = ContinuousClock.now
        var count = 0
        for await _ in try events(pace: 20) { count += 1 }
        #expect(count == 7)
        #expect(ContinuousClock.now - start > .milliseconds(250))
    }

    @Test func moreStreamsThanThereMayBeAreRefused() throws {
        let streams = OpenStreams(limit: 2)
        var places = [try streams.enter(), try streams.enter()]
        #expect(throws: APIError.busy) { _ = try streams.enter() }
        places.removeLast()
        places.append(try streams.enter())
        #expect(throws: APIError.busy) { _ = try streams.enter() }
    }

    @Test(.timeLimit(.minutes(5))) func workThatTakesTooLongIsEnded() async throws {
        let store = WorkStore(on: ModelThread(), timeLimit: .milliseconds(50))
        let many: JSONValue = ["prompts": ["recipes": [["count": 10000]]]]
        let item = try await store.submit(
            WorkQuestion(command: "scan", model: "induct-2l", changes: many),
            cancelsOnClose: false
        )
        for await event in item.events() {
            if case .failed(let reason) = event {
                #expect(
                    reason.hasPrefix("ended after 0 seconds, the most that one piece of work may take here."),
                    "\(reason)"
                )
            }
        }
        guard case .failed = item.state else {
            Issue.record("it is \(item.state.name)")
            return
        }
    }
}
