// A part that was stopped goes on where it was, and ends as one that was not.
import Foundation
import Induction
import TestSupport
import Testing
import Transformers

@testable import Lab

@Suite struct InterimTests {
    private struct Stop: Error {}
    private let directory: TestDirectory
    private let opened: OpenedModel

    init() throws {
        directory = try TestDirectory()
        opened = try OpenedModel("induct-2l")
    }

    private func interim<Value: Codable>(_ name: String, of type: Value.Type = Value.self) -> Interim<Value> {
        Interim(name, in: directory.url, pause: .zero)
    }

    private func tokens(_ topology: Topology) throws -> Tokens {
        try topology.prompts.tokens(for: opened, prependsBOS: topology.prependsBOS)
    }

    @Test func readingGoesOn() throws {
        let topology = Topology(
            .nulls,
            models: ["induct-2l"],
            labels: ["induct-2l"],
            prompts: .recipe(PromptRecipe(count: 80))
        )
        var kept = interim("patterns", of: CollectedPatterns.self)
        #expect(throws: Stop.self) {
            _ = try ModelReading(opened, tokens(topology), for: topology, keeping: &kept) { done, _ in
                if done > 40 { throw Stop() }
            }
        }
        #expect(kept.value?.promptCount == 32, "pieces of four batches of eight")
        var (again, seen) = (interim("patterns", of: CollectedPatterns.self), [Int]())
        let resumed = try ModelReading(opened, tokens(topology), for: topology, keeping: &again) { done, _ in
            seen.append(done)
        }
        #expect(seen.first == 40 && seen.last == 80)
        var fresh = interim("fresh", of: CollectedPatterns.self)
        let whole = try ModelReading(opened, tokens(topology), for: topology, keeping: &fresh) { _, _ in }
        #expect(resumed.collected == whole.collected)
        again.remove()
        #expect(again.value == nil)
        #expect(try directory.contents() == [".fresh.interim"])
    }

    @Test func cuttingGoesOn() throws {
        var topology = Topology(
            .causal,
            models: ["induct-2l"],
            labels: ["induct-2l"],
            prompts: .recipe(PromptRecipe(count: 16))
        )
        topology.topK = [1, 2, 3]
        var patterns = interim("patterns", of: CollectedPatterns.self)
        let reading = try ModelReading(opened, tokens(topology), for: topology, keeping: &patterns) { _, _ in
        }
        var kept = interim("passes", of: [CopyBehaviour].self)
        #expect(throws: Stop.self) {
            _ = try CausalResult(reading, topology, 0, keeping: &kept) { done, _ in
                if done > 8 * 16 { throw Stop() }
            }
        }
        #expect(kept.value?.count == 8, "one sweep of eight of the 18 passes")
        var (again, seen) = (interim("passes", of: [CopyBehaviour].self), [Int]())
        let resumed = try CausalResult(reading, topology, 0, keeping: &again) { done, _ in seen.append(done) }
        #expect(seen.allSatisfy { $0 >= 8 * 16 } && seen.last == 18 * 16)
        var fresh = interim("fresh", of: [CopyBehaviour].self)
        #expect(try resumed == CausalResult(reading, topology, 0, keeping: &fresh) { _, _ in })
    }

    @Test func whatIsNotWholeIsNotUsed() throws {
        _ = try directory.write(".patterns.interim", "{\"heads\": [")
        #expect(interim("patterns", of: CollectedPatterns.self).value == nil)
    }

    @Test func keptOnlyNowAndThen() throws {
        var patient = Interim<[Int]>("numbers", in: directory.url, pause: .seconds(60))
        try patient.keep([1])
        #expect(patient.value == nil)
    }
}
