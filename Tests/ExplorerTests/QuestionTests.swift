import Foundation
import JSON
import Lab
import Testing

@testable import Explorer

@Suite struct QuestionTests {
    private func value(_ text: String) throws -> JSONValue {
        JSONValue(try JSONField(parsing: Array(text.utf8), source: "test"))
    }

    @Test func everyAnalysisHasDefaults() throws {
        for analysis in analyses {
            let question = try QuestionDefaults.question(of: analysis.command)
            #expect(type(of: question).command == analysis.command)
            try QuestionLimits.check(question)
        }
    }

    @Test(arguments: [
        (#"{"a": 1, "b": {"c": 2, "d": 3}}"#, #"{"b": {"d": 4}}"#, #"{"a": 1, "b": {"c": 2, "d": 4}}"#),
        (#"{"a": 1, "b": 2}"#, #"{"c": 3}"#, #"{"a": 1, "b": 2, "c": 3}"#),
        (#"{"a": 1, "b": 2}"#, #"{"a": null}"#, #"{"a": null, "b": 2}"#),
        (#"{"s": {"all": {}}}"#, #"{"s": {"listed": {"heads": []}}}"#, #"{"s": {"listed": {"heads": []}}}"#),
        (
            #"{"s": {"highest": {"count": 4, "score": 1}}}"#, #"{"s": {"highest": {"count": 2}}}"#,
            #"{"s": {"highest": {"count": 2, "score": 1}}}"#
        ),
        (#"{"r": [{"a": 1, "b": 2}]}"#, #"{"r": [{"b": 3}]}"#, #"{"r": [{"a": 1, "b": 3}]}"#),
        (#"{"r": [{"a": 1}]}"#, #"{"r": [{"b": 3}, {"b": 4}]}"#, #"{"r": [{"b": 3}, {"b": 4}]}"#),
        (#"{"r": [1, 2]}"#, #"{"r": [3]}"#, #"{"r": [3]}"#),
    ])
    func merging(mine: String, theirs: String, result: String) throws {
        #expect(try value(mine).merging(value(theirs)) == value(result))
    }

    @Test func unknownFieldsAreNamedByTheirPath() throws {
        let known = try value(#"{"a": {"b": [{"c": 1}]}}"#)
        #expect(try value(#"{"a": {"b": [{"c": 2, "x": 1}]}}"#).path(missingIn: known) == "a.b.[0].x")
        #expect(try value(#"{"a": {"y": null}}"#).path(missingIn: known) == nil)
    }
}
