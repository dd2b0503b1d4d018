// induct explore, as a process that is asked over a socket.
import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

@Suite struct ExploreCommandTests {
    let program: Program

    init() throws { program = try Program() }

    /// The server, until `body` ends; gives it the address that was printed.
    private func serving(_ arguments: String..., body: (URL) async throws -> Void) async throws {
        let process = Process()
        process.executableURL = Program.executable
        process.arguments = ["explore", "--port", "0"] + arguments
        process.currentDirectoryURL = program.directory
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let next = output.fileHandleForReading.availableData
            if next.isEmpty { break }
            line += next
        }
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        try await body(#require(URL(string: text)))
    }

    private func ask(_ address: URL, _ path: String, posting body: String? = nil) async throws -> Data {
        var request = URLRequest(url: try #require(URL(string: path, relativeTo: address)))
        if let body {
            request.httpMethod = "POST"
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        return try await URLSession.shared.data(for: request).0
    }

    private func field(_ name: String, of data: Data) throws -> String? {
        try object(String(decoding: data, as: UTF8.self))[name] as? String
    }

    /// The same question, asked on the command line and over the API, is answered by the same bytes.
    @Test func numbersAreTheCommandsOwn() async throws {
        let asked: [(command: String, flags: String, question: String)] = [
            ("scan", "", "{}"),
            (
                "scan", "--score previous --pairs all --seed 3",
                #"{"score": "previous", "rule": "all", "seed": 3, "prompts": {"recipes": [{"seed": 3}]}}"#
            ),
            ("ablate", "--mode mean", #"{"mode": "mean"}"#),
            ("patch", "", "{}"),
            ("paths", "--direction noising", #"{"comparison": {"direction": "noising"}}"#),
            ("attribute", "", "{}"),
            ("circuits", "--draws 20", #"{"draws": 20}"#),
            ("lens", "--topk 3", #"{"topCount": 3}"#),
            (
                "hessian", "--top 2 --bottom 1 --density-probes 0",
                #"{"settings": {"lanczos": {"top": 2, "bottom": 1}, "density": null}}"#
            ),
        ]
        try await serving { address in
            #expect(
                address.path == "/heads" && address.query == "model=induct-2l" && address.host == "127.0.0.1"
            )
            for (command, flags, question) in asked {
                let started = try await ask(
                    address,
                    "/api/work",
                    posting: #"{"command": "\#(command)", "model": "induct-2l", "question": \#(question)}"#
                )
                guard let id = try field("id", of: started) else {
                    Issue.record("\(command): \(String(decoding: started, as: UTF8.self))")
                    continue
                }
                var state = "queued"
                for _ in 0..<10_000 where ["queued", "running"].contains(state) {
                    try await Task.sleep(for: .milliseconds(20))
                    state = try await field("state", of: ask(address, "/api/work/\(id)")) ?? "none"
                }
                #expect(state == "done", "\(command) \(flags)")
                let answer = try await ask(address, "/api/work/\(id)/result")
                let printed = try program.shell("$INDUCT \(command) \(flags) --json --quiet")
                #expect(printed.status == 0, "\(printed.errors)")
                #expect(String(decoding: answer, as: UTF8.self) == printed.output, "\(command) \(flags)")
            }
            let models = try await ask(address, "/api/models")
            #expect(try String(decoding: models, as: UTF8.self) == program.run("models", "--json").output)
        }
    }

    @Test(arguments: [
        ("--port 70000", 2, "--port must be from 0 to 65535."),
        ("--host 203.0.113.7", 1, "cannot listen on 203.0.113.7, port 0: C"),
        ("--model nonsense", 1, "nonsense"),
    ])
    func errorsSayWhatToDo(arguments: String, status: Int32, message: String) throws {
        let finished = try program.shell(
            "$INDUCT explore \(arguments.contains("--port") ? "" : "--port 0") \(arguments)"
        )
        #expect(finished.status == status && finished.errors.contains(message), "\(finished.errors)")
    }
}
