// The cache as Python's huggingface_hub sees it, and the other way round.
//
// The layout is compared with a recorded one (Scripts/references/hub_layout.py). The other tests run Python itself, which
// `HUB_PYTHON` names; without it they say that they did not run.
import FakeHub
import Files
import Foundation
import TestSupport
import Testing

@testable import Hub

private let python = ProcessInfo.processInfo.environment["HUB_PYTHON"]

@Suite struct LayoutTests {
    @Test func isThatOfHuggingFaceHub() async throws {
        var model = FakeModel.tiny(size: 1000)
        model.files["README.md"] = nil
        model.branches = ["main", "refs/pr/1"]
        let hub = try await FakeHub(model)
        let bench = try Bench(hub)
        for revision in model.branches { _ = try await bench.download(revision, include: ["*"]) }
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/layout.txt"
        )
        let recorded = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n").map(
            String.init
        )
        // Newer versions of huggingface_hub also keep the list of files, which is optional: with it, a choice of files
        // would count as an unfinished download there.
        #expect(bench.tree() == recorded.filter { !$0.contains("/trees") })
    }
}

@Suite(.enabled(if: python != nil, "HUB_PYTHON names no Python with huggingface_hub: its view is not tested"))
struct PythonTests {
    private func start(_ script: String, _ bench: Bench) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: try #require(python))
        process.arguments = ["-c", script]
        process.environment = [
            "HF_HUB_CACHE": bench.settings.cache.path, "HF_ENDPOINT": bench.hub.hub.address,
            "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
            "HOME": bench.directory.url.path,
        ]
        let output = bench.directory("output")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        return process
    }

    private func run(_ script: String, _ bench: Bench) async throws -> String {
        let process = try start(script, bench)
        while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        #expect(process.terminationStatus == 0)
        return try bench.directory.text("output")
    }

    @Test func pythonSeesOurFiles() async throws {
        let bench = try Bench(try await FakeHub())
        let snapshot = try await bench.download()
        let asked = bench.hub.hub.seen.count
        let seen = try await run(
            """
            from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download
            cache = scan_cache_dir()
            print(len(cache.warnings), cache.size_on_disk)
            for repo in cache.repos:
                print(repo.repo_id, repo.repo_type, sorted(repo.refs))
                for revision in repo.revisions:
                    print(revision.commit_hash, sorted((f.file_name, f.size_on_disk) for f in revision.files))
            print(snapshot_download("owner/tiny", local_files_only=True))
            print(hf_hub_download("owner/tiny", "config.json", local_files_only=True))
            """,
            bench
        )
        #expect(
            seen == """
                0 100035
                owner/tiny model ['main']
                \(snapshot.commit) [('config.json', 22), ('model.safetensors', 100000), ('tokenizer.json', 13)]
                \(snapshot.directory.path)
                \(snapshot.directory.path)/config.json

                """
        )
        #expect(bench.hub.hub.seen.count == asked)
    }

    @Test func weSeePythonsFiles() async throws {
        let bench = try Bench(try await FakeHub())
        let path = try await run(
            """
            from huggingface_hub import snapshot_download
            print(snapshot_download("owner/tiny"), end="")
            """,
            bench
        )
        let snapshot = try #require(bench.cache.snapshot(of: bench.id))
        #expect(snapshot.directory.path == path)
        #expect(snapshot.missing.isEmpty && snapshot.files.count == 5)
        let asked = bench.hub.hub.seen.count
        #expect(try await bench.download() == snapshot)
        #expect(bench.hub.hub.seen.count == asked + 1)
    }

    @Test func pythonsLockIsWaitedFor() async throws {
        let bench = try Bench(try await FakeHub())
        try bench.cache.prepare(for: bench.id)
        let lock = bench.cache.lock(bench.hub.model.version("model.safetensors"), of: bench.id)
        let holder = try start(
            """
            import time
            from huggingface_hub.utils import WeakFileLock
            with WeakFileLock("\(lock.path)"):
                open("\(bench.directory("held").path)", "w").close()
                time.sleep(0.5)
            """,
            bench
        )
        while try !bench.directory.contents().contains("held") {
            try await Task.sleep(for: .milliseconds(10))
        }
        let start = ContinuousClock.now
        _ = try await bench.download()
        #expect(ContinuousClock.now - start > .milliseconds(300))
        holder.waitUntilExit()
    }
}
