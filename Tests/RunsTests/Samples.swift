// Questions and runs that tests share.
import Foundation
import JSON
import TestSupport

@testable import Runs

/// A question of two models.
func sampleQuestion() -> Receipt.Question {
    Receipt.Question(
        command: "crosssize",
        experiment: [
            "models": ["induct-2l", "induct-4l"], "settings": ["seq_len": 256, "quantile": .double(0.9)],
        ],
        seed: .max - 1,
        inputs: [
            Receipt.Input(
                role: "model",
                name: "induct-2l",
                files: [FileDigest(of: Data("weights".utf8), name: "model.safetensors")],
                hub: Receipt.HubSource(id: "owner/name", commit: nil)
            ),
            Receipt.Input(
                role: "tokens",
                name: "induct-2l",
                files: [FileDigest(ofTokens: [[1, 2], [3]], name: "tokens")]
            ),
        ],
        environment: RunEnvironment(
            induct: "0.2.0",
            libtorch: "2.13.0",
            system: "Debian \"12\", x86_64",
            cpu: "AMD EPYC",
            device: "cpu",
            threads: 2,
            dtype: "float32"
        )
    )
}

/// A run of that name with one part, whose files have these contents.
@discardableResult
func sampleRun(
    _ name: String,
    in directory: TestDirectory,
    _ files: [String: Data],
    times: Set<String> = [],
    question: Receipt.Question = sampleQuestion(),
    started: Date = Date(timeIntervalSince1970: 1_700_000_000)
) throws -> URL {
    let url = directory(name)
    let run = try Run(question, in: RunDirectory(url.path), now: started)
    try run.part("all") { part in
        for (name, data) in files.sorted(by: { $0.key < $1.key }) {
            try part.write(data, to: name, holdsTimes: times.contains(name))
        }
    }
    try run.complete(now: started.addingTimeInterval(1.5))
    return url
}

/// Runs a program to its end; nil if it failed.
func output(of path: String, _ arguments: [String]) throws -> String? {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}
