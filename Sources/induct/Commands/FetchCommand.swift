// induct fetch: a model from the hub to the cache.
import ArgumentParser
import Foundation
import Hub
import Synchronization

struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Download a model from the Hugging Face hub.",
        discussion: """
            Brings config.json, the tokenizer's files and the weights (safetensors where there are some) into the cache \
            that Python's huggingface_hub uses too, and prints the directory. Files that are there are not downloaded \
            again; a download that was cut goes on where it stopped. HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and \
            HF_HUB_OFFLINE mean what they mean for huggingface_hub.
            """
    )

    @Argument(help: "An id on the hub (EleutherAI/pythia-70m) or a short name (pythia-70m).")
    var id: String

    @Option(help: ArgumentHelp("A branch, a tag or a commit.", valueName: "name"))
    var revision = HubRevision.main

    @Option(
        help: ArgumentHelp(
            "Download the files like this instead, such as '*.json'; may be given several times.",
            valueName: "pattern"
        )
    )
    var include: [String] = []

    @Flag(help: "Print what is there as JSON.")
    var json = false

    @OptionGroup var quiet: QuietFlag

    func run() throws {
        let client = HubClient(settings: try HubSettings())
        let model = try KnownModel.id(named: id)
        let (revision, include, quiet) = (self.revision, self.include, self.quiet.quiet)
        let bar = SharedBar(quiet: quiet)
        defer { bar.finish() }
        let snapshot = try waiting {
            try await client.download(
                model,
                revision: revision,
                include: include,
                progress: { bar.show($0) },
                notice: { text in if !quiet { Terminal.writeError(text + "\n") } }
            )
        }
        bar.finish()
        try print(snapshot)
    }

    private func print(_ snapshot: HubSnapshot) throws {
        guard json else { return Swift.print(snapshot.directory.path) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let answer = Answer(
            id: snapshot.id.description,
            revision: revision,
            commit: snapshot.commit,
            path: snapshot.directory.path,
            files: snapshot.files.map { Answer.File(name: $0.name, size: $0.size) }
        )
        Terminal.write(try encoder.encode(answer) + Data("\n".utf8))
    }

    private struct Answer: Encodable {
        struct File: Encodable {
            let name: String
            let size: Int
        }
        let id: String
        let revision: String
        let commit: String
        let path: String
        let files: [File]
    }
}

/// The bar, for the threads that files arrive on.
private final class SharedBar: Sendable {
    private let bar: Mutex<ProgressBar>

    init(quiet: Bool) { bar = Mutex(ProgressBar("fetch", unit: .bytes, quiet: quiet)) }

    func show(_ progress: HubProgress) { bar.withLock { $0.show(progress.done, progress.total) } }

    func finish() { bar.withLock { $0.finish() } }
}
