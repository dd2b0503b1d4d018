// Two runs compared: what is the same, what differs, where and by how much.
import Foundation
import JSON
import TestSupport
import Testing

@testable import Runs

/// A .npy file of float32, by hand.
private func npy(_ values: [Float], shape: String, type: String = "<f4", version: UInt8 = 1) -> Data {
    let header = Data("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }      \n".utf8)
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([version, 0, UInt8(header.count), 0])
    if version > 1 { data += Data([0, 0]) }
    return values.reduce(into: data + header) { data, value in
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
}

@Suite struct RunComparisonTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private func compare(
        _ first: [String: Data],
        _ second: [String: Data],
        times: Set<String> = []
    ) throws -> RunComparison {
        try RunComparison(
            sampleRun("first", in: directory, first, times: times),
            sampleRun("second", in: directory, second, times: times, started: Date())
        )
    }

    /// The verdict on one file.
    private func verdict(_ name: String, _ first: Data, _ second: Data) throws -> FileComparison.Verdict? {
        try compare([name: first], [name: second]).files.first?.verdict
    }

    private func verdict(_ name: String, _ first: String, _ second: String) throws -> FileComparison.Verdict?
    {
        try verdict(name, Data(first.utf8), Data(second.utf8))
    }

    @Test func theSameRunTwice() throws {
        let files = ["a.json": Data("{}".utf8), "b/c.png": Data([1, 2]), "times.json": Data("1".utf8)]
        let other = files.merging(["times.json": Data("2".utf8)]) { _, new in new }
        let comparison = try compare(files, other, times: ["times.json"])
        #expect(comparison.isEqual && comparison.causes.isEmpty && comparison.altered.isEmpty)
        #expect(
            comparison.description == """
                a.json      same
                b/c.png     same
                times.json  not compared (holds times)
                Every result file is the same, byte by byte: 2.

                """
        )
    }

    @Test func everythingThatDiffers() throws {
        var question = sampleQuestion()
        question.environment.threads = 1
        let first = try sampleRun(
            "first",
            in: directory,
            [
                "a.json": Data("{\"x\": [1, 2.5]}".utf8), "gone.txt": Data(), "only1.txt": Data(),
                "t.txt": Data("abcdef".utf8), "u.txt": Data("abc".utf8),
            ]
        )
        let second = try sampleRun(
            "second",
            in: directory,
            [
                "a.json": Data("{\"x\": [1, 2.0]}".utf8), "gone.txt": Data(), "only2.txt": Data(),
                "t.txt": Data("abcxef".utf8), "u.txt": Data("abcd".utf8),
            ],
            question: question
        )
        try FileManager.default.removeItem(at: directory("second/gone.txt"))
        _ = try directory.write("first/notes.txt", "mine")
        let comparison = try RunComparison(first, second)
        #expect(!comparison.isEqual)
        #expect(
            comparison.description == """
                Asked or made differently (first and second):
                  environment / threads: 2 and 1
                \(directory("second/gone.txt").path) is not as its run wrote it: it was changed or removed later.
                a.json     1 of 2 numbers differ: by at most 0.5 at x[1], and by at most 0.2 of the larger one at x[1]
                gone.txt   only in the first: \(first.path)
                only1.txt  only in the first: \(first.path)
                only2.txt  only in the second: \(second.path)
                t.txt      differs: the first difference is at byte 3 of 6 and 6 bytes
                u.txt      differs: 3 and 4 bytes
                6 of 6 result files differ.

                """
        )
    }

    @Test func numbersInJSON() throws {
        let found = try verdict(
            "x.json",
            "{\"heads\": [{\"mean\": 1e-9, \"name\": \"a\"}, {\"mean\": 100, \"name\": \"b\"}], \"n\": null}",
            "{\"heads\": [{\"mean\": 2e-9, \"name\": \"a\"}, {\"mean\": 101, \"name\": \"b\"}], \"n\": null}"
        )
        guard case .numbers(let difference) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(difference.count == 2 && difference.differing == 2)
        #expect(difference.absolute == .init(value: 1, place: "heads[1].mean"))
        #expect(difference.relative == .init(value: 0.5, place: "heads[0].mean"))
    }

    @Test(arguments: [
        ("[1, 2]", "[1]", "the whole has 2 values in the first and 1 in the second"),
        ("{\"a\": {\"b\": 1}}", "{\"a\": {}}", "a.b is only in the first"),
        ("{\"a\": {}}", "{\"a\": {\"b\": 1}}", "a.b is only in the second"),
        ("{\"a\": [\"x\", 1]}", "{\"a\": [\"y\", 2]}", "a[0] is \"x\" in the first and \"y\" in the second"),
        ("{\"a\": null}", "{\"a\": 1}", "a is null in the first and 1 in the second"),
        ("[1.0]", "[1]", "all values are equal, their text is not"),
        ("[1", "[2", "the first difference is at byte 1 of 2 and 2 bytes"),
    ])
    func otherJSON(_ first: String, _ second: String, _ expected: String) throws {
        #expect(try verdict("x.json", first, second) == .other(expected))
    }

    @Test func numbersInCSV() throws {
        let found = try verdict(
            "x.csv",
            "name,mean\r\n\"a,b\",0.5\r\nc,nan\r\n",
            "name,mean\r\n\"a,b\",0.25\r\nc,nan\r\n"
        )
        guard case .numbers(let difference) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(difference.count == 2 && difference.differing == 1)
        #expect(difference.absolute == .init(value: 0.25, place: "row 1, column mean"))
        #expect(difference.relative == .init(value: 0.5, place: "row 1, column mean"))
    }

    @Test(arguments: [
        ("a\n1\n", "a\n1\n2\n", "2 rows in the first and 3 in the second"),
        ("a\n1\n", "a\n1,2\n", "row 1 has 1 fields in the first and 2 in the second"),
        ("a\nx\n", "a\ny\n", "row 1, column a has other text"),
        ("a\n\"1\"\n", "a\n1\n", "all values are equal, their text is not"),
        ("a\"\n1\n", "a\"\n2\n", "the first difference is at byte 3 of 5 and 5 bytes"),
    ])
    func otherCSV(_ first: String, _ second: String, _ expected: String) throws {
        #expect(try verdict("x.csv", first, second) == .other(expected))
    }

    @Test func numbersInArrays() throws {
        for version in [1, 2, 3] as [UInt8] {
            let found = try verdict(
                "x.npy",
                npy([1, 2, 3, 4, .nan, 6], shape: "(2, 3)"),
                npy([1, 2, 3, 4.5, .nan, .infinity], shape: "(2, 3)", version: version)
            )
            guard case .numbers(let difference) = found else {
                Issue.record("\(String(describing: found))")
                continue
            }
            #expect(difference.count == 6 && difference.differing == 2)
            #expect(difference.absolute == .init(value: .infinity, place: "[1, 2]"))
        }
        let found = try verdict("y.npy", npy([1, 3], shape: "(2,)"), npy([1, 4], shape: "(2,)"))
        guard case .numbers(let difference) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(difference.relative == .init(value: 0.25, place: "[1]"))
    }

    @Test func otherArrays() throws {
        let array = npy([1, 2, 3, 4], shape: "(2, 2)")
        #expect(
            try verdict("x.npy", array, npy([1, 2, 3, 4], shape: "(4,)"))
                == .other("the shape is [2, 2] in the first and [4] in the second")
        )
        #expect(
            try verdict("x.npy", npy([1, 2], shape: "(1,)", type: "<f8"), npy([1], shape: "(1,)"))
                == .other("the type is <f8 in the first and <f4 in the second")
        )
        // What is no such array is compared as bytes.
        for other in [npy([1, 2, 3], shape: "(2, 2)"), npy([1], shape: "(1, )", type: "<i4"), Data([0x93])] {
            guard case .other = try verdict("x.npy", array, other) else {
                Issue.record("not found to differ")
                continue
            }
        }
    }

    /// NumPy's own files, where there is a Python with NumPy.
    @Test(.enabled(if: hasNumPy, "python3 has no NumPy: its own files are not read"))
    func arraysThatNumPyWrote() throws {
        let script = """
            import sys, numpy as np
            a = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 7
            np.save(sys.argv[1] + "/a.npy", a)
            np.save(sys.argv[1] + "/b.npy", a.astype(np.float32))
            np.save(sys.argv[1] + "/c.npy", np.float32(1.5))
            with open(sys.argv[1] + "/d.npy", "wb") as f:
                np.lib.format.write_array(f, a, version=(2, 0))
            """
        #expect(try output(of: "/usr/bin/env", ["python3", "-c", script, directory.url.path]) != nil)
        func array<Result>(_ name: String, _ body: (NumpyArray?) -> Result) throws -> Result {
            try Data(contentsOf: directory(name)).withUnsafeBytes { body(NumpyArray($0)) }
        }
        for name in ["a.npy", "d.npy"] {
            #expect(try array(name) { $0?.shape } == [2, 3, 4])
            #expect(try array(name) { $0?[17] } == 17.0 / 7)
            #expect(try array(name) { $0?.position(17) } == [1, 1, 1])
        }
        #expect(try array("b.npy") { $0?[17] } == Double(Float(17.0 / 7)))
        #expect(try array("c.npy") { $0?.count } == 1)
        #expect(try array("c.npy") { $0?[0] } == 1.5)
    }

    @Test func damagedArraysAreNotRead() {
        var random = SplitMix(seed: 2)
        let whole = npy([1, 2, 3, 4, 5, 6], shape: "(2, 3)")
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            bytes = bytes.prefix(Int.random(in: 0...bytes.count, using: &random))
            let sum = bytes.withUnsafeBytes {
                NumpyArray($0).map { array in (0..<array.count).map { array[$0] } }
            }
            #expect((sum?.count ?? 0) * 4 <= bytes.count)
        }
    }

    @Test func aDirectoryThatIsNoRun() throws {
        let run = try sampleRun("run", in: directory, [:])
        #expect(throws: RunError.noReceipt(path: directory("none").path)) {
            try RunComparison(run, directory("none"))
        }
        #expect(try RunComparison(run, run).description == "There is no result file to compare.\n")
    }
}

private let hasNumPy = ((try? output(of: "/usr/bin/env", ["python3", "-c", "import numpy"])) ?? nil) != nil
private let hasPyYAML = ((try? output(of: "/usr/bin/env", ["python3", "-c", "import yaml"])) ?? nil) != nil

@Suite(.enabled(if: hasPyYAML, "python3 has no PyYAML: what it reads is not compared"))
struct PythonYAMLTests {
    @Test func pythonReadsTheSettings() throws {
        let directory = try TestDirectory()
        var settings = Settings()
        settings.model = "a: \"b\" # \u{e9}\n\u{1f600}"
        settings.prompts.mix.abab = 1e-7
        settings.seed = .max
        for (settings, text) in [(Settings(), Settings.commentedDefault), (settings, settings.yaml)] {
            let file = try directory.write("settings.yaml", text)
            let json = try directory.write("settings.json", JSONValue(encoding: settings).text)
            let script = """
                import json, sys, yaml
                found = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
                expected = json.load(open(sys.argv[2], encoding="utf-8"))
                # What is null here is left out there.
                if found["model"] is None: del found["model"]
                if found["prompts"]["seq_len"] is None: del found["prompts"]["seq_len"]
                print(found == expected, found, expected)
                """
            let result = try output(of: "/usr/bin/env", ["python3", "-c", script, file.path, json.path])
            #expect(result?.hasPrefix("True") == true, "\(result ?? "Python failed")")
        }
    }
}
