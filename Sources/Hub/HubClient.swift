// Downloads models into the cache.
//
// Promises: a link in a snapshot leads to a whole, checked file, at every moment. Two downloads of the same file, by
// this program or Python's `huggingface_hub`, do not write at the same time. Files whose links are there are not asked
// for again. A branch or tag means the new commit only once all files chosen are there.

import Files
import Foundation

/// Downloads from one hub into one cache.
public struct HubClient: Sendable {
    /// Where from and where to.
    public let settings: HubSettings
    let timing: HubTiming

    /// Files that arrive at the same time: enough to fill a line with small files between large ones.
    static let parallelFiles = 4

    /// A client with the usual patience.
    public init(settings: HubSettings) { self.init(settings: settings, timing: HubTiming()) }

    package init(settings: HubSettings, timing: HubTiming) {
        self.settings = settings
        self.timing = timing
    }

    /// Brings what is missing of a model, and says where it is. Without `include` these are the configuration, the
    /// tokenizer's files, and the weights in one form (safetensors before PyTorch files).
    ///
    /// Where downloads are switched off, or the hub does not answer, the cache must do.
    ///
    /// - Parameters:
    ///   - id: the model.
    ///   - revision: a branch, a tag or a commit.
    ///   - include: shell patterns of the files to bring instead of the usual ones; `*` also stands for `/`.
    ///   - progress: called as bytes arrive, from one thread at a time.
    ///   - notice: called with a line for the user that is neither result nor error.
    /// - Throws: ``HubError``, `FileError`, `JSONError` (of an index of weights), `CancellationError`.
    public func download(
        _ id: HubModelID,
        revision: String = HubRevision.main,
        include: [String] = [],
        progress: @escaping @Sendable (HubProgress) -> Void = { _ in },
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> HubSnapshot {
        guard HubNames.isRevision(revision) else { throw HubError.invalidRevision(revision) }
        let cached = HubCache(settings.cache).snapshot(of: id, revision: revision)
        let missing = Self.missing(in: cached, include: include)
        if settings.isOffline {
            guard let cached, missing.isEmpty else {
                throw HubError.offline(id: id, revision: revision, missing: missing)
            }
            return cached
        }
        let usable = missing.isEmpty ? cached : nil
        return try await Transport.with(settings, timing) { transport in
            let listing: HubListing
            do {
                listing = try await transport.patientListing(
                    of: id,
                    revision: revision,
                    isPatient: usable == nil
                )
            } catch let failure as TransientFailure {
                guard let usable else { throw failure.error }
                notice(
                    "\(settings.endpoint.origin.host) does not answer: using the copy of \(id) in the cache."
                )
                return usable
            }
            let job = DownloadJob(
                transport: transport,
                id: id,
                listing: listing,
                counter: ProgressCounter(progress),
                notice: notice
            )
            try await job.run(include: include)
            try HubCache(settings.cache).refer(from: revision, to: listing.commit, of: id)
            let directory = HubCache(settings.cache).snapshot(of: id, commit: listing.commit)
            return HubSnapshot(id: id, commit: listing.commit, directory: directory)
        }
    }

    /// What a cached snapshot lacks, as far as that can be told without the hub.
    private static func missing(in snapshot: HubSnapshot?, include: [String]) -> [String] {
        if include.isEmpty { return snapshot?.missing ?? [HubFiles.config, "model.safetensors"] }
        let names = snapshot?.files.map(\.name) ?? []
        return include.filter { pattern in !names.contains { HubFiles.matches($0, [pattern]) } }
    }
}

extension Transport {
    /// The listing; one attempt if there is something to fall back on, and only one where there is no connection at
    /// all: a user whose network is down wants to know now. Throws ``TransientFailure`` and ``HubError``.
    fileprivate func patientListing(
        of id: HubModelID,
        revision: String,
        isPatient: Bool
    ) async throws -> HubListing {
        var backoff = Backoff(timing)
        while true {
            do {
                return try await listing(of: id, revision: revision)
            } catch let failure as TransientFailure {
                guard isPatient, !failure.isNoConnection else { throw failure }
                try await backoff.wait(after: failure)
            }
        }
    }
}
