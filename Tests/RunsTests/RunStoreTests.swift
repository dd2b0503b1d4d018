// Runs in a directory, and the table of their profiles.
import Foundation
import JSON
import TestSupport
import Testing

@testable import Runs

private let noon = Date(timeIntervalSince1970: 1_700_000_000)

private func profile(_ model: String, peak: Int = 3, of layers: Int = 8, more: String = "") -> Data {
    Data(
        """
        {"model": \(JSONText.string(model)), "peak_layer": \(peak), "peak_rel": \(Double(peak) / Double(layers - 1)),
         "bandwidth": 0.625, "score": "induction"\(more)}
        """.utf8
    )
}

@Suite struct RunStoreTests {
    let directory: TestDirectory
    var store: RunStore { RunStore(directory.url) }

    init() throws { directory = try TestDirectory() }

    @Test func theNewestComesFirst() throws {
        try sampleRun("b", in: directory, [:], started: noon)
        try sampleRun("20231114-101010-9", in: directory, [:], started: noon.addingTimeInterval(5))
        try sampleRun("20231114-101010-10", in: directory, [:], started: noon.addingTimeInterval(5))
        #expect(
            store.runs().runs.map(\.url.lastPathComponent) == [
                "20231114-101010-10", "20231114-101010-9", "b",
            ]
        )
    }

    @Test func othersAreSkippedWithAReason() throws {
        try sampleRun("run", in: directory, [:])
        for name in ["foreign", "broken", "old", ".hidden"] {
            try FileManager.default.createDirectory(at: directory(name), withIntermediateDirectories: true)
        }
        _ = try directory.write("file.txt", "x")
        _ = try directory.write("foreign/profile_x.json", profile("x"))
        _ = try directory.write("broken/metadata.json", "{\"format\": 1")
        _ = try directory.write("old/metadata.json", "{\"format\": 0}")
        try FileManager.default.createSymbolicLink(
            atPath: directory("link").path,
            withDestinationPath: "nowhere"
        )
        let (runs, skipped) = store.runs()
        #expect(runs.map(\.url.lastPathComponent) == ["run"])
        #expect(skipped.map { URL(filePath: $0.path).lastPathComponent } == ["broken", "foreign", "old"])
        #expect(skipped[0].reason.contains("line 1, column 13: "))
        #expect(skipped[1].reason == "\(RunError.noReceipt(path: directory("foreign").path))")
        #expect(skipped[2].reason.contains("format: expected a whole number from 1 to 1, found 0."))
    }

    @Test func aStoreThatIsNotThereHasNone() {
        let (runs, skipped) = RunStore(directory("none")).runs()
        #expect(runs.isEmpty && skipped.isEmpty)
    }
}

@Suite struct ProfileTableTests {
    let directory: TestDirectory

    init() throws {
        directory = try TestDirectory()
        try sampleRun(
            "old",
            in: directory,
            [
                "profile_a.json": profile("a", peak: 7, more: ", \"values\": [1, 2]"),
                "other.json": Data("{}".utf8),
            ]
        )
        try sampleRun(
            "new",
            in: directory,
            ["profile_a.json": profile("a"), "profile_b.json": profile("b, \"x\"\r\ny", peak: 0)],
            started: noon.addingTimeInterval(0.25)
        )
    }

    private var table: ProfileTable { ProfileTable(RunStore(directory.url)) }

    @Test func oneRowAProfile() {
        #expect(table.rows.map(\.model) == ["a", "b, \"x\"\r\ny", "a"])
        #expect(table.rows.map(\.peakLayer) == [3, 0, 7])
        #expect(table.rows[0].peakRelative == 3.0 / 7)
        #expect(table.rows[0].when == noon.addingTimeInterval(0.25))
        #expect(URL(filePath: table.rows[0].path).lastPathComponent == "profile_a.json")
        #expect(table.skipped.isEmpty)
    }

    @Test func theLatestOfEachModel() {
        #expect(table.latest.rows.map(\.peakLayer) == [3, 0])
    }

    @Test func whatIsNotInTheReceiptIsNotARow() throws {
        _ = try directory.write("new/profile_c.json", profile("c"))
        #expect(table.rows.count == 3)
        try FileManager.default.removeItem(at: directory("new/profile_a.json"))
        #expect(table.rows.map(\.peakLayer) == [0, 7])
        #expect(table.skipped.count == 1 && table.skipped[0].reason.contains("there is no such file"))
    }

    @Test func aDamagedProfileIsSkipped() throws {
        _ = try directory.write("new/profile_a.json", profile("a", peak: -3))
        #expect(table.rows.map(\.peakLayer) == [0, 7])
        #expect(table.skipped[0].reason.contains("peak_layer: expected a whole number"))
    }

    @Test func asText() {
        let row = { (model: String, peak: Int) in
            ProfileTable.Row(
                model: model,
                peakLayer: peak,
                peakRelative: 0.6667,
                bandwidth: 0.5,
                score: "induction",
                when: noon,
                path: "outputs/runs/x/profile_\(model).json"
            )
        }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
        let when = formatter.string(from: noon)
        #expect(
            ProfileTable(rows: [row("pythia-410m", 14), row("x\ny", 3)]).text == """
                model        peak layer  relative  bandwidth  score      when                 path
                pythia-410m          14     0.667      0.500  induction  \(when)  outputs/runs/x/profile_pythia-410m.json
                x y                   3     0.667      0.500  induction  \(when)  outputs/runs/x/profile_x y.json

                """
        )
        #expect(ProfileTable(rows: []).text == "No profiles.\n")
    }

    /// Python reads both the way they are meant.
    @Test func pythonReadsThem() throws {
        let csv = try directory.write("table.csv", table.csv)
        let json = try directory.write("table.json", table.json.text)
        let script = """
            import csv, json, sys
            rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
            values = json.load(open(sys.argv[2], encoding="utf-8"))
            assert len(rows) == len(values) == 3
            for row, value in zip(rows, values):
                assert list(row) == ["model", "peak_layer", "peak_rel", "bandwidth", "score", "when", "path"]
                assert set(row) == set(value)
                for key in ("peak_layer", "peak_rel", "bandwidth"):
                    assert float(row[key]) == value[key], key
                for key in ("model", "score", "when", "path"):
                    assert row[key] == value[key], key
            assert values[1]["model"] == 'b, "x"\\r\\ny'
            assert values[0]["peak_rel"] == 3 / 7
            print(values[0]["when"])
            """
        #expect(
            try output(of: "/usr/bin/env", ["python3", "-c", script, csv.path, json.path])
                == "2023-11-14T22:13:20.250Z\n"
        )
    }
}

@Suite struct CSVTests {
    @Test func quotesOnlyWhereNecessary() {
        #expect(
            CSV.text([["a", "b c", ""], ["1,2", "say \"x\"", "line\nbreak\r\n"]])
                == "a,b c,\r\n\"1,2\",\"say \"\"x\"\"\",\"line\nbreak\r\n\"\r\n"
        )
    }

    @Test func whatIsWrittenIsReadBack() {
        var random = SplitMix(seed: 9)
        let pieces = ["a", "\"", ",", "\r\n", "\n", "\r", " ", "é", "\"\"", "0.5"]
        for _ in 0..<500 {
            let rows = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        pieces.randomElement(using: &random) ?? ""
                    }.joined()
                }
            }
            #expect(CSV.rows(CSV.text(rows)) == rows)
        }
    }

    @Test func linesMayEndInOtherWays() {
        #expect(CSV.rows("a,b\nc,d") == [["a", "b"], ["c", "d"]])
        #expect(CSV.rows("a\"b\n") == nil)
        #expect(CSV.rows("\"a\"b\n") == nil)
        #expect(CSV.rows("\"a\n") == nil)
        #expect(CSV.rows("a\rb") == nil)
    }
}
