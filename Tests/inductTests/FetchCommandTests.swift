// induct fetch, whole runs against a hub inside the test.
import FakeHub
import Foundation
import Testing

@Suite struct FetchCommandTests {
    let program: Program
    let hub: FakeHub

    init() async throws {
        program = try Program()
        hub = try await FakeHub()
    }

    /// Runs `induct fetch` in a shell, with a token and a cache of its own.
    private func fetch(_ arguments: String, before: String = "", _ environment: String = "") throws
        -> Finished
    {
        try program.shell("\(before) \(variables) \(environment) $INDUCT fetch \(arguments)")
    }

    private var variables: String {
        "HF_HOME=\(program.directory.path)/hf HF_ENDPOINT=\(hub.hub.address) HF_TOKEN=hf_secret HF_HUB_CACHE= HF_HUB_OFFLINE="
    }

    private var model: String { program.directory.path + "/hf/hub/models--owner--tiny" }
    private var snapshot: String { "\(model)/snapshots/\(hub.model.commit)" }

    private var blobs: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: model + "/blobs").sorted() }
    }

    @Test func printsWhereTheModelIs() throws {
        let finished = try fetch("owner/tiny")
        #expect(finished.errors.isEmpty)
        #expect(finished.output == snapshot + "\n")
        #expect(finished.status == 0)
        #expect(FileManager.default.fileExists(atPath: snapshot + "/model.safetensors"))
    }

    @Test func asJSON() throws {
        let finished = try fetch("owner/tiny --json --include 'config*' --include README.md")
        #expect(
            finished.output == """
                {"commit":"\(hub.model.commit)","files":[{"name":"README.md","size":7},\
                {"name":"config.json","size":22}],"id":"owner/tiny","path":"\(snapshot)","revision":"main"}\n
                """
        )
    }

    @Test func errorsAreOneParagraphWithoutTheToken() throws {
        let missing = try fetch("gpt2-smal")
        #expect(missing.status == 1 && missing.output.isEmpty)
        #expect(
            missing.errors == """
                error: the hub shows no model gpt2-smal (\(hub.hub.address)/gpt2-smal). Did you mean gpt2-small? If it is \
                private, check that the token may read it.\n
                """
        )
        let offline = try fetch("owner/tiny", "HF_HUB_OFFLINE=1")
        #expect(offline.errors.contains("forbids downloads"))
        let invalid = try fetch("a//b")
        #expect(invalid.errors.hasPrefix("error: \"a//b\" is not a model's id on the hub"))
        let revision = try fetch("owner/tiny --revision v9")
        #expect(revision.errors.hasPrefix("error: owner/tiny has no branch, tag or commit \"v9\"."))
        for finished in [missing, offline, invalid, revision] { #expect(!finished.errors.contains("secret")) }
    }

    @Test func hasHelp() throws {
        let finished = try program.run("fetch", "--help")
        #expect(finished.status == 0 && finished.output.hasPrefix("OVERVIEW: Download a model from"))
    }

    @Test func shortNamesAreIds() throws {
        let finished = try fetch("GPT2-small")
        #expect(finished.errors.contains("\(hub.hub.address)/gpt2)"))
    }

    @Test func aCopyServesWithoutTheHub() throws {
        _ = try fetch("owner/tiny")
        let finished = try fetch("owner/tiny", "HF_ENDPOINT=http://127.0.0.1:1")
        #expect(finished.status == 0 && finished.output == snapshot + "\n")
        #expect(finished.errors == "127.0.0.1 does not answer: using the copy of owner/tiny in the cache.\n")
        #expect(try fetch("owner/tiny --quiet", "HF_ENDPOINT=http://127.0.0.1:1").errors.isEmpty)
        #expect(try fetch("owner/tiny", "HF_HUB_OFFLINE=1").output == snapshot + "\n")
    }

    @Test func aFullDiskIsSaidAndGoneOnFrom() throws {
        // As a disk with room for 20 KiB: the same error from the same call.
        let finished = try fetch("owner/tiny", before: "ulimit -f 40;")
        #expect(finished.status == 1)
        #expect(finished.errors.hasPrefix("error: no room for \"model.safetensors\", of which "))
        #expect(finished.errors.hasSuffix("is kept, so that the same command goes on from there.\n"))
        #expect(try blobs.contains { $0.hasSuffix(".incomplete") })
        #expect(try fetch("owner/tiny").status == 0)
        #expect(try !blobs.contains { $0.hasSuffix(".incomplete") })
        #expect(hub.storage.seen.last?.header("Range") != nil)
    }

    @Test func twoProcessesBringEachFileOnce() throws {
        let finished = try program.shell(
            """
            export \(variables)
            $INDUCT fetch owner/tiny > other & $INDUCT fetch owner/tiny
            while [ ! -s other ]; do sleep 0.05; done
            cat other
            """
        )
        #expect(finished.output == "\(snapshot)\n\(snapshot)\n")
        #expect(hub.storage.seen.count == 1)
    }
}

@Suite struct FetchInterruptionTests {
    @Test func ctrlCLeavesOnlyWhatIsGoneOnFrom() async throws {
        let program = try Program()
        let weights = FakeModel.tiny().files["model.safetensors"] ?? []
        let hub = try await FakeHub(storageFault: { _, count in
            count > 0
                ? nil
                : FakeAnswer(
                    200,
                    ["Content-Length": "100000"],
                    body: Array(weights[..<30_000]),
                    ending: .silence
                )
        })
        let environment =
            "HF_HOME=\(program.directory.path)/hf HF_ENDPOINT=\(hub.hub.address) HF_HUB_CACHE= HF_HUB_OFFLINE="
        let partial = "hf/hub/models--owner--tiny/blobs/\(hub.model.version("model.safetensors")).incomplete"
        // Once bytes are there, Ctrl-C.
        let finished = try program.shell(
            """
            export \(environment)
            (while [ ! -s \(partial) ]; do sleep 0.05; done; kill -INT $(cat pid)) &
            sh -c 'echo $$ > pid; exec "$0" fetch owner/tiny' "$INDUCT"
            echo $?
            """
        )
        #expect(finished.output == "130\n")
        let kept = try Data(contentsOf: program.directory.appending(path: partial))
        #expect(!kept.isEmpty && kept == Data(weights.prefix(kept.count)))
        #expect(
            !FileManager.default.fileExists(
                atPath: "\(program.directory.path)/hf/hub/models--owner--tiny/refs"
            )
        )
        #expect(try program.shell("\(environment) $INDUCT fetch owner/tiny").status == 0)
        #expect(hub.storage.seen.last?.header("Range") == "bytes=\(kept.count)-")
    }
}
