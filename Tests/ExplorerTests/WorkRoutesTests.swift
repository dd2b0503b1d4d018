import Foundation
import Hummingbird
import HummingbirdTesting
import Induction
import JSON
import Lab
import Testing

@testable import Explorer

@Suite(.serialized) struct WorkRoutesTests {
    @Test func resultIsTheAnalysisOwnBytes() async throws {
        let model = try LoadedModel("induct-2l")
        let expected = try Scan(prompts: .recipe(PromptRecipe(count: 6, length: 30, seed: 3)), seed: 5).run(
            on: model
        )
        .json()
        try await server().test { client in
            let id = try await client.submit(
                "scan",
                #"{"prompts": {"recipes": [{"count": 6, "length": 30, "seed": 3}]}, "seed": 5}"#
            )
            #expect(try await client.end(of: id) == "done")
            #expect(try await client.get("/api/work/\(id)/result").data == expected)
            let figures =
                try await client.get("/api/work/\(id)/figures").object["figures"] as? [[String: Any]]
            #expect(figures?.map { $0["name"] as? String } == ["heatmap", "ranked", "patterns"])
            let spec = figures?.first?["spec"] as? [String: Any]
            #expect(spec?["$schema"] as? String == "https://vega.github.io/schema/vega-lite/v6.json")
        }
    }

    @Test(arguments: [
        ("ablate", #"{"prompts": {"recipe": {"count": 4, "length": 12}}}"#),
        ("patch", #"{"comparison": {"prompts": {"recipe": {"count": 4, "length": 12}}}}"#),
        ("circuits", #"{"draws": 3}"#),
        ("lens", #"{"prompts": {"recipe": {"count": 4}}}"#),
        (
            "lens",
            #"{"prompts": {"kind": "files", "files": {"clean": {"kind": "texts", "texts": ["A B A"]}}}}"#
        ),
        (
            "paths",
            #"{"comparison": {"prompts": {"recipe": {"count": 4, "length": 12}}}, "senders": {"listed": {"heads": [{"layer": 0, "index": 1}]}}}"#
        ),
        (
            "attribute",
            #"{"comparison": {"prompts": {"recipe": {"count": 4, "length": 12}}}, "checkTop": 1, "checkSample": 0}"#
        ),
        (
            "hessian",
            #"{"prompts": {"recipes": [{"count": 2, "length": 12}]}, "settings": {"lanczos": {"top": 1, "bottom": 0, "maximumProducts": 12}, "density": null, "traceProbes": 0}}"#
        ),
    ])
    func everyAnalysisCanBeAskedFor(command: String, question: String) async throws {
        try await server().test { client in
            let id = try await client.submit(command, question)
            let state = try await client.end(of: id)
            let shown = try await client.get("/api/work/\(id)").text
            #expect(state == "done", "\(shown)")
            #expect(try await client.get("/api/work/\(id)/result").object.isEmpty == false)
            #expect(try await client.get("/api/work/\(id)/figures").status == .ok)
        }
    }

    @Test func sameQuestionIsWorkedOnOnce() async throws {
        try await server().test { client in
            let question = #"{"prompts": {"recipes": [{"count": 2}]}}"#
            let first = try await client.submit("scan", question)
            // What is the default anyway makes no difference.
            let second = try await client.submit(
                "scan",
                #"{"seed": 0, "prompts": {"recipes": [{"count": 2}]}}"#
            )
            let third = try await client.submit(
                "scan",
                #"{"seed": 1, "prompts": {"recipes": [{"count": 2}]}}"#
            )
            #expect(first == second)
            #expect(first != third)
            #expect(try await client.end(of: first) == "done")
            #expect(try await client.submit("scan", question) == first)
        }
    }

    @Test func eventsEndWithDone() async throws {
        try await server().test { client in
            let id = try await client.submit("scan", #"{"prompts": {"recipes": [{"count": 40}]}}"#)
            let response = try await client.get("/api/work/\(id)/events")
            #expect(response.headers[.contentType] == "text/event-stream; charset=utf-8")
            #expect(response.text.hasSuffix("event: done\ndata: {}\n\n"))
            #expect(response.text.contains(#"data: {"done": 40, "step": "scan", "total": 40}"#))
            // Who comes late hears the end.
            #expect(try await client.get("/api/work/\(id)/events").text == ": \n\nevent: done\ndata: {}\n\n")
        }
    }

    @Test func workIsCancelled() async throws {
        try await server().test { client in
            let id = try await client.submit("scan", #"{"prompts": {"recipes": [{"count": 10000}]}}"#)
            let waiting = try await client.submit("scan")
            #expect(try await client.get("/api/work/\(id)/result").code == "not_done")
            #expect(try await client.delete("/api/work/\(waiting)").status == .accepted)
            #expect(try await client.delete("/api/work/\(id)").status == .accepted)
            #expect(try await client.end(of: waiting) == "cancelled")
            #expect(try await client.end(of: id) == "cancelled")
            #expect(
                try await client.get("/api/work/\(id)/events").text.hasSuffix(
                    "event: cancelled\ndata: {}\n\n"
                )
            )
            // Asked for again, it is done again.
            #expect(try await client.submit("scan") == waiting)
            #expect(try await client.end(of: waiting) == "done")
        }
    }

    @Test func lastListenerThatGoesCancels() async throws {
        let server = server()
        try await server.test { client in
            let id = try await client.submit(
                "scan",
                #"{"prompts": {"recipes": [{"count": 10000}]}}"#,
                cancelOnClose: true
            )
            let item = try await server.work.item(id)
            let first = Task { for await _ in item.events() {} }
            let second = Task { for await _ in item.events() {} }
            try await Task.sleep(for: .milliseconds(100))
            first.cancel()
            try await Task.sleep(for: .milliseconds(100))
            #expect(!item.isCancelled)
            second.cancel()
            #expect(try await client.end(of: id) == "cancelled")
        }
    }

    @Test func fullQueueIsBusy() async throws {
        try await server().test { client in
            var ids: [String] = []
            var codes: [String?] = []
            for seed in 0..<18 {
                let response = try await client.post(
                    "/api/work",
                    """
                    {"command": "scan", "model": "induct-2l", "question": {"prompts": {"recipes": [{"count": 10000}]}, \
                    "seed": \(seed)}}
                    """
                )
                if let id = try response.object["id"] as? String {
                    ids.append(id)
                } else {
                    codes.append(response.code)
                }
                if response.code != nil { #expect(response.status == .serviceUnavailable) }
            }
            #expect(!codes.isEmpty && codes.allSatisfy { $0 == "busy" })
            for id in ids { _ = try await client.delete("/api/work/\(id)") }
            for id in ids { #expect(try await client.end(of: id) == "cancelled") }
        }
    }

    @Test func interactiveWorkPassesLongWork() async throws {
        try await server().test { client in
            let id = try await client.submit("scan", #"{"prompts": {"recipes": [{"count": 10000}]}}"#)
            _ = try await client.post("/api/tokens", #"{"model": "induct-2l", "prompt": "A B"}"#)
            #expect(try await client.get("/api/work/\(id)").object["state"] as? String == "running")
            _ = try await client.delete("/api/work/\(id)")
            #expect(try await client.end(of: id) == "cancelled")
        }
    }

    /// Between any two products with the Hessian.
    @Test func interactiveWorkPassesTheHessianWhichCanBeCancelled() async throws {
        try await server().test { client in
            let id = try await client.submit(
                "hessian",
                #"{"prompts": {"recipes": [{"count": 16}]}, "settings": {"density": {"probes": 100, "steps": 60}}}"#
            )
            for _ in 0..<3 {
                _ = try await client.post("/api/tokens", #"{"model": "induct-2l", "prompt": "A B"}"#)
            }
            #expect(try await client.get("/api/work/\(id)").object["state"] as? String == "running")
            _ = try await client.delete("/api/work/\(id)")
            #expect(try await client.end(of: id) == "cancelled")
        }
    }

    @Test func longWorkHasItsTurn() async throws {
        try await server().test { client in
            let id = try await client.submit("scan", #"{"prompts": {"recipes": [{"count": 64}]}}"#)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<500 {
                            let body = #"{"model": "induct-2l", "prompt": "A B C A B C"}"#
                            _ = try? await client.post("/api/attention", body)
                            let state = try? await client.get("/api/work/\(id)").object["state"] as? String
                            if state == "done" { return }
                        }
                        Issue.record("the scan waits for short work without end")
                    }
                }
            }
        }
    }

    @Test func workThatNobodyListensToEnds() async throws {
        let question = try WorkQuestion(command: "scan", model: "induct-2l", changes: [:])
        let progress = WorkProgress(step: "scan", done: 1, total: 2)
        let left = WorkItem(question, cancelsOnClose: true, patience: .milliseconds(20))
        #expect(left.start())
        try left.report(progress)
        try await Task.sleep(for: .milliseconds(40))
        #expect(throws: CancellationError.self) { try left.report(progress) }
        // One that is not to end with its reader goes on, and so does one that is listened to.
        let kept = WorkItem(question, cancelsOnClose: false, patience: .milliseconds(20))
        let heard = WorkItem(question, cancelsOnClose: true, patience: .milliseconds(20))
        let events = heard.events()
        for item in [kept, heard] { #expect(item.start()) }
        try await Task.sleep(for: .milliseconds(40))
        for item in [kept, heard] { try item.report(progress) }
        withExtendedLifetime(events) {}
        let queued = WorkItem(question, cancelsOnClose: true, patience: .zero)
        try await Task.sleep(for: .milliseconds(5))
        #expect(!queued.start() && queued.state.name == "cancelled")
    }

    @Test func whatIsDoneCannotBeCancelled() async throws {
        try await server().test { client in
            let id = try await client.submit("circuits", #"{"draws": 2}"#)
            #expect(try await client.end(of: id) == "done")
            #expect(try await client.delete("/api/work/\(id)").object["state"] as? String == "done")
            let again = try await client.post(
                "/api/work",
                #"{"command": "circuits", "model": "induct-2l", "question": {"draws": 2}}"#
            )
            #expect(try again.object["state"] as? String == "done")
        }
    }

    @Test func whatCannotBeDoneFailsWithItsReason() async throws {
        try await server().test { client in
            let id = try await client.submit(
                "scan",
                #"{"prompts": {"recipes": [{"count": 2, "length": 8000}]}}"#
            )
            #expect(try await client.end(of: id) == "failed")
            let error = try await client.get("/api/work/\(id)").object["error"] as? [String: Any]
            #expect((error?["message"] as? String)?.isEmpty == false)
        }
    }

    @Test(arguments: [
        (#"{"command": "train", "model": "induct-2l"}"#, "unknown_command"),
        (#"{"command": "scan", "model": "/etc"}"#, "unknown_model"),
        (#"{"command": "scan", "model": "EleutherAI/pythia-70m"}"#, "unknown_model"),
        (#"{"command": "scan"}"#, "bad_request"),
        (#"{"command": "scan", "model": "induct-2l", "questions": {}}"#, "bad_request"),
        (#"{"command": "scan", "model": "induct-2l", "question": []}"#, "bad_request"),
        (#"{"command": "scan", "model": "induct-2l", "question": {"sead": 1}}"#, "bad_request"),
        (#"{"command": "scan", "model": "induct-2l", "question": {"seed": -1}}"#, "bad_request"),
        (
            #"{"command": "scan", "model": "induct-2l", "question": {"prompts": {"kind": "lines", "path": "/etc/passwd"}}}"#,
            "no_files"
        ),
        (
            #"{"command": "lens", "model": "induct-2l", "question": {"prompts": {"kind": "natural", "corpus": "/etc/passwd", "recipe": {"count": 1, "length": 9, "ngram": 2, "seed": 0}}}}"#,
            "no_files"
        ),
        (#"{"command": "lens", "model": "induct-2l", "question": {"topCount": 0}}"#, "bad_request"),
        (
            #"{"command": "hessian", "model": "induct-2l", "question": {"prompts": {"recipes": [{"count": 10000}]}}}"#,
            "bad_request"
        ),
        (
            #"{"command": "hessian", "model": "induct-2l", "question": {"settings": {"lanczos": {"maximumProducts": 5000}}}}"#,
            "bad_request"
        ),
        (#"{"command": "circuits", "model": "induct-2l", "question": {"draws": 0}}"#, "bad_request"),
        (#"{"command": "patch", "model": "induct-2l", "question": {"positions": []}}"#, "bad_request"),
        (
            #"{"command": "paths", "model": "induct-2l", "question": {"receivers": {"highest": {"count": -1, "score": "induction"}}}}"#,
            "bad_request"
        ),
        (
            #"{"command": "hessian", "model": "induct-2l", "question": {"settings": {"traceProbes": 1}}}"#,
            "bad_request"
        ),
        (
            #"{"command": "scan", "model": "induct-2l", "question": {"prompts": {"recipes": [{"count": 9223372036854775807}]}}}"#,
            "bad_request"
        ),
    ])
    func wrongQuestionsAreRefused(body: String, code: String) async throws {
        try await server().test { client in
            let response = try await client.post("/api/work", body)
            #expect(response.status == .badRequest)
            #expect(response.code == code, "\(response.text)")
            #expect(response.message?.isEmpty == false)
        }
    }

    @Test func unknownWork() async throws {
        try await server().test { client in
            let work = try await client.get("/api/work/nothing")
            #expect(work.code == "unknown_work")
            #expect(try await client.get("/api/work/nothing/events").status == .notFound)
            #expect(try await client.delete("/api/work/nothing").status == .notFound)
        }
    }
}
