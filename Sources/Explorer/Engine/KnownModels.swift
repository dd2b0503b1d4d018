// Which models a page may name: bundled ones, those in the cache, and the one that the command line named. A name from a page is
// never taken as a path, and never starts a download.
import Foundation
import HTTPTypes
import Hub
import Lab
import Synchronization

/// The names that are models here.
final class KnownModels: Sendable {
    private let cache: HubCache
    private let given: String?
    private let names: Mutex<Set<String>>

    /// - Parameter given: the model of the command line: a name or a path.
    init(cache: HubCache, given: String?) {
        (self.cache, self.given) = (cache, given)
        names = Mutex(Set(ModelCatalog.bundled + [given].compactMap(\.self)))
    }

    /// What `induct models --json` prints.
    func json() throws -> Data {
        let all = try ModelSummary.all(in: cache)
        remember(all)
        return try ModelSummary.json(all)
    }

    /// The name, if it is known; looks into the cache again if it is not.
    ///
    /// - Throws: `APIError` with the code `unknown_model`.
    func check(_ name: String) throws -> String {
        if names.withLock({ $0.contains(name) }), isHere(name) { return name }
        remember(try ModelSummary.all(in: cache))
        guard names.withLock({ $0.contains(name) }), isHere(name) else {
            let known = names.withLock { $0.sorted() }.joined(separator: ", ")
            throw APIError(
                .badRequest,
                "unknown_model",
                """
                there is no model '\(name.prefix(80))' here; there are: \(known). Others come by 'induct fetch', or by \
                'induct explore --model'.
                """
            )
        }
        return name
    }

    /// Whether a model can be opened without a download: one in the cache may have been taken out of it.
    private func isHere(_ name: String) -> Bool {
        guard case .hub(let id)? = try? ModelCatalog.place(of: name) else { return true }
        return cache.snapshot(of: id)?.missing.isEmpty == true
    }

    private func remember(_ all: [ModelSummary]) {
        names.withLock { $0.formUnion(all.filter { $0.place != .hub }.map(\.name)) }
    }
}
