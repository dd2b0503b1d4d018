// One model's files: which, and in what order.

import Files
import Foundation
import JSON

/// Brings the files of one commit.
struct DownloadJob: Sendable {
    let transport: Transport
    let id: HubModelID
    let listing: HubListing
    let counter: ProgressCounter
    let notice: @Sendable (String) -> Void

    private var cache: HubCache { HubCache(transport.settings.cache) }

    /// Brings all files that match, or those that are needed to load the model.
    func run(include: [String]) async throws {
        guard include.isEmpty else { return try await fetch(matching(include)) }
        let config = listing.file(HubFiles.config)
        guard let config else { throw HubError.notLoadable(id: id, problem: "has no config.json") }
        let others = HubFiles.tokenizer.compactMap(listing.file)
        switch HubFiles.weights(where: { listing.file($0) != nil }) {
        case nil:
            throw HubError.notLoadable(id: id, problem: "has no weights as safetensors or PyTorch files")
        case .single(let name):
            try await fetch([config] + others + [listing.file(name)].compactMap(\.self))
        case .indexed(let name):
            // Which files the weights are in stands in the index.
            try await fetch([config] + others + [listing.file(name)].compactMap(\.self))
            try await fetch(shards(named: name))
        }
    }

    private func matching(_ patterns: [String]) throws -> [HubListing.File] {
        let files = listing.files.filter { HubFiles.matches($0.name, patterns) }
        guard !files.isEmpty else {
            throw HubError.nothingMatches(id: id, patterns: patterns, files: listing.files.map(\.name))
        }
        guard files.allSatisfy({ HubNames.isFile($0.name) }) else {
            throw HubError.badAnswer(
                host: transport.settings.endpoint.origin.host,
                what: "the list of files of \(id)",
                problem: "a file name that is not a path inside the model"
            )
        }
        return files
    }

    private func shards(named index: String) throws -> [HubListing.File] {
        let place = cache.snapshot(of: id, commit: listing.commit).appending(path: index)
        return try HubFiles.shards(of: place).map { name in
            guard let file = listing.file(name) else {
                throw HubError.fileNotFound(id: id, commit: listing.commit, file: name)
            }
            return file
        }
    }

    /// Brings files, a few at the same time. The first failure ends all.
    private func fetch(_ files: [HubListing.File]) async throws {
        for file in files { counter.expect(file.size ?? 0, of: file.name) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, file) in files.enumerated() {
                if index >= HubClient.parallelFiles { try await group.next() }
                group.addTask { try await fetch(file) }
            }
            try await group.waitForAll()
        }
    }

    private func fetch(_ file: HubListing.File) async throws {
        let place = cache.snapshot(of: id, commit: listing.commit).appending(path: file.name)
        if let size = sizeOfFile(at: place), file.size == nil || file.size == size {
            counter.expect(size, of: file.name)
            counter.set(size, of: file.name)
            return
        }
        let metadata = try await retrying(transport.timing) {
            try await transport.metadata(of: file, of: id, at: listing.commit)
        }
        counter.expect(metadata.size, of: file.name)
        try cache.prepare(for: id)
        let lock = try await FileLock.acquire(cache.lock(metadata.version, of: id)) {
            notice("waiting for another download of \(file.name) of \(id)")
        }
        // Somebody else may have brought it meanwhile, or another file may have the same contents.
        if sizeOfFile(at: cache.blob(metadata.version, of: id)) != metadata.size {
            try await BlobDownload(
                transport: transport,
                cache: cache,
                request: .file(id, commit: listing.commit, name: file.name),
                name: file.name,
                metadata: metadata,
                counter: counter
            ).run()
        }
        try cache.link(file.name, at: listing.commit, of: id, to: metadata.version)
        counter.set(metadata.size, of: file.name)
        withExtendedLifetime(lock) {}
    }
}
