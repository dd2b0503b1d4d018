// Receipts: the same bytes for the same receipt, and back; what differs is named.
import Foundation
import JSON
import TestSupport
import Testing

@testable import Runs

@Suite struct ReceiptTests {
    private func sampleReceipt() -> Receipt {
        Receipt(
            question: sampleQuestion(),
            state: .interrupted,
            parts: [
                Receipt.Part(
                    name: "induct-2l",
                    files: [
                        .init(digest: FileDigest(of: Data([1, 2]), name: "a/b.npy"), holdsTimes: false),
                        .init(digest: FileDigest(of: Data(), name: "times.json"), holdsTimes: true),
                    ]
                )
            ],
            times: Receipt.Times(
                started: Date(timeIntervalSince1970: 1_700_000_000.1239),
                finished: Date(timeIntervalSince1970: 1_700_000_001)
            )
        )
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let directory = try TestDirectory()
        let receipt = sampleReceipt()
        _ = try directory.write("metadata.json", receipt.json.text)
        let again = try Receipt(in: directory.url)
        #expect(again == receipt)
        #expect(again.json.text == receipt.json.text)
    }

    @Test func everyMillisecondIsReadBack() {
        for millisecond in 0..<2000 {
            let times = Receipt.Times(
                started: Date(timeIntervalSince1970: 1_763_000_000 + Double(millisecond) / 1000)
            )
            #expect(UTCTime.date(UTCTime.text(times.started)) == times.started)
        }
    }

    @Test func theTextIsCanonical() throws {
        var receipt = sampleReceipt()
        receipt.question.inputs = []
        receipt.question.experiment = ["z": 1, "a": nil, "é": "ü/\u{7}"]
        receipt.parts.removeFirst()
        receipt.times.finished = nil
        #expect(
            receipt.json.text == """
                {
                  "command": "crosssize",
                  "environment": {
                    "cpu": "AMD EPYC",
                    "device": "cpu",
                    "dtype": "float32",
                    "induct": "0.2.0",
                    "libtorch": "2.13.0",
                    "system": "Debian \\"12\\", x86_64",
                    "threads": 2
                  },
                  "experiment": {
                    "a": null,
                    "z": 1,
                    "é": "ü/\\u0007"
                  },
                  "format": 1,
                  "inputs": [],
                  "parts": [],
                  "seed": 18446744073709551614,
                  "state": "interrupted",
                  "times": {
                    "finished": null,
                    "started": "2023-11-14T22:13:20.124Z"
                  }
                }

                """
        )
    }

    @Test func differencesAreNamed() {
        let first = sampleQuestion()
        #expect(first.differences(from: first).isEmpty)
        var second = first
        second.environment.threads = 1
        second.environment.libtorch = "2.12.0"
        second.experiment = ["models": ["induct-2l", "other"], "settings": ["seq_len": 256]]
        second.inputs[0].files = [FileDigest(of: Data("other weights".utf8), name: "model.safetensors")]
        second.seed = 3
        #expect(
            first.differences(from: second).map(\.description) == [
                "environment / libtorch: \"2.13.0\" and \"2.12.0\"",
                "environment / threads: 2 and 1",
                "experiment / models / 1: \"induct-4l\" and \"other\"",
                "experiment / settings / quantile: 0.9 and nothing",
                "inputs / model induct-2l / model.safetensors: "
                    + "\"7 bytes, SHA-256 9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2…\" and "
                    + "\"13 bytes, SHA-256 53959fa102f31e51d8d1ee12fe89c2fd7cd556dbaf2c6102046d195a504850…\"",
                "seed: 18446744073709551614 and 3",
            ]
        )
    }

    @Test(arguments: [
        ("\"seed\": 5", "\"seed\": -5", "seed: expected a whole number of at least 0, found -5."),
        (
            "\"running\"", "\"asleep\"",
            "state: expected one of \"running\", \"interrupted\", \"complete\", found \"asleep\"."
        ),
        ("\"format\": 1", "\"format\": 2", "format: expected a whole number from 1 to 1, found 2."),
        (
            "x.json", "../x.json",
            "parts[0].files[0].name: expected a path below the run's directory, found \"../x.json\"."
        ),
        (
            "x.json", "/x.json",
            "parts[0].files[0].name: expected a path below the run's directory, found \"/x.json\"."
        ),
        (
            "2023-11-14T", "14.11.2023 ",
            "times.started: expected a time like \"2030-01-31T12:00:00.000Z\", found \"14.11.2023 22:13:20.000Z\"."
        ),
    ])
    func brokenReceipts(_ text: String, _ replacement: String, _ expected: String) throws {
        let directory = try TestDirectory()
        var receipt = sampleReceipt()
        receipt.question.seed = 5
        receipt.state = .running
        receipt.times.started = Date(timeIntervalSince1970: 1_700_000_000)
        receipt.parts[0].files[0].digest = FileDigest(of: Data(), name: "x.json")
        let whole = receipt.json.text
        #expect(whole.contains(text))
        let file = try directory.write("metadata.json", whole.replacing(text, with: replacement))
        #expect {
            try Receipt(in: directory.url)
        } throws: {
            "\($0)".hasPrefix("\(file.path): \(expected)")
        }
    }

    @Test func theMachineIsNamed() {
        let environment = RunEnvironment(
            induct: "1",
            libtorch: "2",
            device: "cpu",
            threads: 1,
            dtype: "float32"
        )
        #expect(environment.system.contains(", "))
        #expect(!environment.cpu.isEmpty && environment.cpu != "unknown")
    }
}
