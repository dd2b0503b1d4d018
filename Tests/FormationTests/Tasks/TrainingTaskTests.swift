// Tasks as JSON: flat objects with the settings beside the name.
import Foundation
import Testing

@testable import Formation

@Suite struct TrainingTaskTests {
    private let tasks =
        syntheticTasks + [
            TrainingTask(.text, length: 12),
            TrainingTask(.markov(MarkovTask()), length: 9, sequences: 100),
        ]

    @Test func isReadBackAsItWasWritten() throws {
        for task in tasks {
            let encoder = JSONEncoder()
            let decoder = JSONDecoder()
            #expect(try decoder.decode(TrainingTask.self, from: encoder.encode(task)) == task)
            // As settings are written elsewhere.
            encoder.keyEncodingStrategy = .convertToSnakeCase
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            #expect(try decoder.decode(TrainingTask.self, from: encoder.encode(task)) == task)
        }
        #expect(Set(tasks.map(\.kind)) == Set(TaskKind.allCases))
    }

    @Test func isAFlatObject() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        func text(_ task: TrainingTask) throws -> String {
            String(decoding: try encoder.encode(task), as: UTF8.self)
        }
        #expect(
            try text(tasks[0])
                == #"{"kind":"patterns","length":50,"max_pattern_length":6,"min_pattern_length":3,"repeats":4}"#
        )
        #expect(try text(tasks[4]) == #"{"kind":"text","length":12}"#)
        #expect(
            try text(tasks[5]) == #"{"concentration":1,"kind":"markov","length":9,"sequences":100}"#
        )
    }

    @Test(arguments: [
        #"{"kind":"copy","length":12}"#, #"{"kind":"bigram","length":12}"#,
        #"{"kind":"text","length":"twelve"}"#, #"{"kind":"text"}"#,
    ])
    func whatIsNoTaskIsAnError(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(TrainingTask.self, from: Data(text.utf8))
        }
    }
}
