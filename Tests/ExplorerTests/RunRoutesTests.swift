import Foundation
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import Explorer

@Suite struct RunRoutesTests {
    private let directory = FileManager.default.temporaryDirectory.appending(
        path: "runs-\(UUID().uuidString)"
    )

    private func write(_ text: String, to path: String) throws {
        let file = directory.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    @Test func listsRunsAndTheirFiles() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(#"{"command": "scan", "state": "complete"}"#, to: "outputs/runs/one/metadata.json")
        try write("<svg/>", to: "outputs/runs/one/heatmap.svg")
        try write("<script>1</script>", to: "outputs/runs/one/page.html")
        try write("x", to: "outputs/runs/one/.hidden.json")
        try write("x", to: "outputs/runs/one/weights.bin")
        try write("secret", to: "secret.txt")
        try FileManager.default.createSymbolicLink(
            at: directory.appending(path: "outputs/runs/one/link.txt"),
            withDestinationURL: directory.appending(path: "secret.txt")
        )
        try write("{}", to: "induction_run_a/config.json")
        try write("x", to: "outputs/runs/none/file.txt")
        try await server(work: directory).test { client in
            let runs = try await client.get("/api/runs").object["runs"] as? [[String: Any]]
            #expect(Set(runs?.compactMap { $0["id"] as? String } ?? []) == ["one", "induction_run_a"])
            let one = try await client.get("/api/runs/one").object
            #expect(one["command"] as? String == "scan")
            let files = one["files"] as? [[String: Any]]
            #expect(
                files?.compactMap { $0["name"] as? String } == ["heatmap.svg", "metadata.json", "page.html"]
            )
            let svg = try await client.get("/api/runs/one/files/heatmap.svg")
            #expect(svg.text == "<svg/>")
            #expect(svg.headers[.contentSecurityPolicy]?.hasSuffix("sandbox") == true)
            let page = try await client.get("/api/runs/one/files/page.html")
            #expect(page.headers[.contentType] == "text/plain; charset=utf-8")
            for name in [
                "link.txt", ".hidden.json", "weights.bin", "..%2F..%2F..%2Fsecret.txt", "nothing.svg",
            ] {
                #expect(try await client.get("/api/runs/one/files/\(name)").code == "unknown_file", "\(name)")
            }
            for id in ["none", "..", "%2e%2e", "outputs"] {
                #expect(try await client.get("/api/runs/\(id)").status == .notFound, "\(id)")
            }
            #expect(try await client.get("/api/runs/one/events").code == "no_events")
            #expect(try await client.get("/api/runs/induction_run_a/events?replay=0").code == "bad_request")
        }
    }

    @Test func whatLeadsElsewhereIsNoRun() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(#"{"secret": 1}"#, to: "secret.json")
        try write(#"{"command": "scan", "state": "complete"}"#, to: "outputs/runs/one/metadata.json")
        for name in ["metadata.json", "story.json"] {
            try write("{}", to: "outputs/runs/evil-\(name)/metadata.json")
            let place = directory.appending(path: "outputs/runs/evil-\(name)/\(name)")
            try? FileManager.default.removeItem(at: place)
            try FileManager.default.createSymbolicLink(
                at: place,
                withDestinationURL: directory.appending(path: "secret.json")
            )
        }
        try FileManager.default.createSymbolicLink(
            at: directory.appending(path: "outputs/runs/linked"),
            withDestinationURL: directory.appending(path: "outputs/runs/one")
        )
        try await server(work: directory).test { client in
            let runs = try await client.get("/api/runs").object["runs"] as? [[String: Any]]
            #expect(runs?.compactMap { $0["id"] as? String } == ["one"])
            for id in ["evil-metadata.json", "evil-story.json", "linked"] {
                #expect(try await client.get("/api/runs/\(id)").code == "unknown_run", "\(id)")
            }
        }
    }

    @Test func aRunThatIsNamedHasNoneBelowIt() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write("{}", to: "mine/config.json")
        try write("{}", to: "mine/model_final/config.json")
        try write("{}", to: "several/a/config.json")
        try write("{}", to: "several/b/config.json")
        let library = RunLibrary(
            work: directory.appending(path: "nowhere"),
            others: ["mine", "several"].map { directory.appending(path: $0) }
        )
        #expect(Set(library.runs().map(\.id)) == ["mine", "a", "b"])
    }

    @Test func serverEventsOfSeveralLines() {
        #expect(ServerEvent(name: "finished", data: "{\n}").text == "event: finished\ndata: {\ndata: }\n\n")
    }
}
