// Typed reading: values, and the exact words for what does not fit.

import Foundation
import TestSupport
import Testing

@testable import Files
@testable import JSON

private func document(_ text: String) throws -> JSONField {
    try JSONField(parsing: Array(text.utf8), source: "config.json")
}

private func message(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch { return "\(error)" }
}

private let remedy = ". Correct the file, or download or write it again."

@Suite struct JSONFieldTests {
    @Test func values() throws {
        let json = try document(
            #"""
            {"n_head": 12, "eps": 1e-5, "tied": true, "type": "gpt2", "none": null, "shape": [2, 3],
             "names": ["a", "b"], "rope_scaling": {"factor": 2}}
            """#
        )
        #expect(try json.require("n_head").int(min: 1, max: 12) == 12)
        #expect(try json.require("eps").double(min: 0, max: 1) == 1e-5)
        #expect(try json.require("n_head").double(above: 0) == 12)
        #expect(try json.require("tied").bool())
        #expect(try json.require("type").string() == "gpt2")
        #expect(try json.require("type").string(oneOf: ["llama", "gpt2"]) == "gpt2")
        #expect(try json["type"]?.string() == "gpt2")
        #expect(try json["none"] == nil)
        #expect(try json["absent"]?.int() == nil)
        #expect(try json.require("shape").ints(min: 0) == [2, 3])
        #expect(try json.require("names").strings() == ["a", "b"])
        #expect(try json.require("rope_scaling").require("factor").path == "rope_scaling.factor")
        #expect(try json.require("names").elements(count: 2)[1].path == "names[1]")
        #expect(
            try json.fields().map(\.name)
                == ["n_head", "eps", "tied", "type", "none", "shape", "names", "rope_scaling"]
        )
        #expect(try json.fields()[4].field.kind == .null)
    }

    @Test func messages() throws {
        let json = try document(
            #"""
            {"n_head": 0, "x": "x", "big": 1e999, "half": 0.5, "none": null, "list": [1, [2, "3"]],
             "rope_scaling": {"factor": "x"}, "odd name": {"a\nb": 1}, "o": {"a": 1, "b": 2}}
            """#
        )
        func expect(_ text: String, _ body: () throws -> Void) {
            #expect(message(body) == "config.json: " + text + remedy)
        }
        expect("n_head: expected a whole number from 1 to 64, found 0") {
            _ = try json.require("n_head").int(min: 1, max: 64)
        }
        expect("n_head: expected a whole number of at least 1, found 0") {
            _ = try json.require("n_head").int(min: 1)
        }
        expect("n_head: expected a whole number of at most -1, found 0") {
            _ = try json.require("n_head").int(max: -1)
        }
        expect("half: expected a whole number, found 0.5") { _ = try json.require("half").int() }
        expect("x: expected a whole number, found \"x\"") { _ = try json["x"]?.int() }
        expect("rope_scaling.factor: expected a positive number, found \"x\"") {
            _ = try json.require("rope_scaling").require("factor").double(above: 0)
        }
        expect("n_head: expected a positive number, found 0") {
            _ = try json.require("n_head").double(above: 0)
        }
        expect("half: expected a finite number above 0.5, found 0.5") {
            _ = try json.require("half").double(above: 0.5)
        }
        expect("half: expected a finite number from 1.0 to 2.0, found 0.5") {
            _ = try json.require("half").double(min: 1, max: 2)
        }
        expect("half: expected a finite number of at least 1.0, found 0.5") {
            _ = try json.require("half").double(min: 1)
        }
        expect("big: expected a finite number, found 1e999") { _ = try json.require("big").double() }
        expect("half: expected a whole number of at least 0, found 0.5") {
            _ = try json.require("half").count()
        }
        expect("half: expected true or false, found 0.5") { _ = try json.require("half").bool() }
        expect("list: expected a string, found an array of 2 values") {
            _ = try json.require("list").string()
        }
        expect("x: expected one of \"a\", \"b\", found \"x\"") {
            _ = try json.require("x").string(oneOf: ["a", "b"])
        }
        expect("list[1]: expected a whole number, found an array of 2 values") {
            _ = try json.require("list").ints()
        }
        expect("list[1][0]: expected a string, found 2") {
            _ = try json.require("list").elements()[1].strings()
        }
        expect("list: expected an array of 3 values, found an array of 2 values") {
            _ = try json.require("list").elements(count: 3)
        }
        expect("x: expected an array, found \"x\"") { _ = try json.require("x").elements() }
        expect("x: expected an object, found \"x\"") { _ = try json.require("x")["y"] }
        expect("x: expected an object, found \"x\"") { try json.require("x").forEachField { _, _ in } }
        expect("n_head: expected a string, found 0") { try json.require("n_head").withUTF8 { _ in } }
        expect("o: expected an array, found an object with 2 fields") { _ = try json.require("o").ints() }
        expect("absent: expected a value, found no such field") { _ = try json.require("absent") }
        expect("none: expected a value, found null") { _ = try json.require("none") }
        expect(#""odd name"."a\nb": expected a string, found 1"#) {
            _ = try json.require("odd name").require("a\nb").string()
        }
        expect("expected an array, found an object with 9 fields") { _ = try json.elements() }
    }

    @Test func countsAreWrittenInDigitsOnly() throws {
        let numbers = try document(
            #"[0, 7, 9223372036854775807, -0, -1, 1e2, 1.0, 9223372036854775808, "1"]"#
        )
        #expect(
            try numbers.elements().map { try? $0.count() } == [0, 7, .max] + Array(repeating: nil, count: 6)
        )
        #expect(try numbers.elements()[1].count(max: 7) == 7)
        #expect(
            message { _ = try numbers.elements()[1].count(max: 6) }
                == "config.json: [1]: expected a whole number from 0 to 6, found 7" + remedy
        )
    }

    @Test func membersAreThereEvenIfTheyAreNull() throws {
        let json = try document(#"{"a": null, "b": 1}"#)
        #expect(try json.member("a")?.kind == .null)
        #expect(try json.member("b")?.int() == 1)
        #expect(try json.member("c")?.int() == nil)
    }

    @Test func everyPathLeadsBack() throws {
        let json = try document(
            #"{"a": [[], [1, {"b": {}, "c": [2, 3]}], {"d": 4}], "e": {"f": [[[5]]]}, "g": 6}"#
        )
        var paths: [String] = []
        func visit(_ field: JSONField) throws {
            paths.append(field.path)
            if field.kind == .array { try field.elements().forEach(visit) }
            if field.kind == .object { try field.fields().map(\.field).forEach(visit) }
        }
        try visit(json)
        #expect(
            paths == [
                "", "a", "a[0]", "a[1]", "a[1][0]", "a[1][1]", "a[1][1].b", "a[1][1].c", "a[1][1].c[0]",
                "a[1][1].c[1]", "a[2]", "a[2].d", "e", "e.f", "e.f[0]", "e.f[0][0]", "e.f[0][0][0]", "g",
            ]
        )
    }

    @Test func fieldsInBulkAreTheSameFields() throws {
        let json = try document(##"{"a\u00e9": 1, "": [2], "#version": "\ud83d\ude00"}"##)
        var names: [String] = []
        var paths: [String] = []
        try json.forEachField { name, field in
            names.append(String(decoding: name, as: UTF8.self))
            paths.append(field.path)
        }
        #expect(names == ["aé", "", "#version"])
        #expect(try json.fields().map(\.name) == names)
        #expect(paths == [#""aé""#, #""""#, "#version"])
    }

    @Test func longAndOddTextIsTamed() throws {
        let json = try document(
            "{\"a\": \"\(String(repeating: "y", count: 500))\", \"b\": \"\\u001b[31m\\u202e\\\"\"}"
        )
        #expect(
            message { _ = try json.require("a").int() }
                == "config.json: a: expected a whole number, found \"\(String(repeating: "y", count: 80))…\""
                + remedy
        )
        #expect(
            message { _ = try json.require("b").int() }
                == #"config.json: b: expected a whole number, found "\u{1B}[31m\u{202E}\"""#
                + remedy
        )
    }

    @Test func files() throws {
        let directory = try TestDirectory()
        let url = try directory.write("config.json", #"{"limit": [0.0, Infinity]}"#.utf8)
        let json = try JSONField(reading: url)
        #expect(json.source == url.path)
        #expect(
            message { _ = try json.require("limit").elements()[1].double() }
                == "\(url.path): limit[1]: expected a finite number, found Infinity" + remedy
        )
        #expect(throws: FileError(path: url.path, operation: .read, problem: .tooLarge(size: 26, limit: 25)))
        {
            _ = try JSONField(reading: url, size: 25)
        }
        #expect(throws: FileError.self) { _ = try JSONField(reading: directory("none.json")) }
        #expect(throws: FileError.self) { _ = try JSONField(reading: directory.url) }
    }
}
