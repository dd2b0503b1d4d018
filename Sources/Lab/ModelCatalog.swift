// Which models there are: bundled ones by name, others by path, by id on the hub, or by a short name for one.
public import Foundation
public import Hub

/// Where a model is.
public enum ModelPlace: Equatable, Sendable {
    /// Comes with the program.
    case bundled(URL)
    /// A directory or a file that was named.
    case path(URL)
    /// On the hub, perhaps in the cache.
    case hub(HubModelID)
}

/// Finds models by what a user calls them.
public enum ModelCatalog {
    /// Names of the bundled models, the default first.
    public static let bundled = ["induct-2l", "induct-4l", "shakespeare-char"]

    /// Where a model is; asks neither hub nor cache.
    ///
    /// - Parameter name: a bundled model's name, the path of a directory or file, `owner/name` on the hub, or a short name
    ///   of a known model.
    /// - Throws: `ModelError.unknown`.
    public static func place(of name: String) throws -> ModelPlace {
        if bundled.contains(name) {
            return .bundled(Bundle.module.bundleURL.appending(path: "Models/\(name)"))
        }
        if FileManager.default.fileExists(atPath: name) { return .path(URL(filePath: name)) }
        if let known = KnownModel.named(name) { return .hub(try HubModelID(known.id)) }
        // Other names of one word are more often misspelled than on the hub.
        if name.split(separator: "/", omittingEmptySubsequences: false).count == 2,
            let id = try? HubModelID(name)
        {
            return .hub(id)
        }
        throw ModelError.unknown(name, suggestions: KnownModel.suggestions(for: name))
    }

    /// The files of a model, downloaded if they are on the hub and not in the cache.
    ///
    /// - Throws: `ModelError.unknown`, `HubError`.
    static func files(at place: ModelPlace, reporting report: FetchReport) throws -> URL {
        switch place {
        case .bundled(let url), .path(let url): return url
        case .hub(let id):
            let settings = try HubSettings()
            if let snapshot = HubCache(settings.cache).snapshot(of: id), snapshot.missing.isEmpty {
                return snapshot.directory
            }
            return try waiting {
                try await HubClient(settings: settings).download(
                    id,
                    progress: report.progress,
                    notice: report.notice
                ).directory
            }
        }
    }
}

/// Who hears of a download.
public struct FetchReport: Sendable {
    /// Called as bytes arrive, from one thread at a time.
    public var progress: @Sendable (HubProgress) -> Void
    /// Called with a line for the user that is neither result nor error.
    public var notice: @Sendable (String) -> Void

    /// Both; nobody hears where nothing is given.
    public init(
        progress: @escaping @Sendable (HubProgress) -> Void = { _ in },
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.progress = progress
        self.notice = notice
    }
}

/// What can be wrong with a model that was asked for.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Neither a bundled model, nor a path, nor an id; `suggestions` are known names that are spelled alike.
    case unknown(String, suggestions: [String])
    /// The tokenizer has ids that the model does not.
    case vocabularyMismatch(source: String, tokenizer: Int, model: Int)
    /// A device that this machine or this libtorch does not have.
    case noDevice(String)

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .unknown(let name, let suggestions):
            """
            there is no model '\(name)': no bundled model has this name, no directory or file, no known model \
            ('induct models' lists them). \
            \(suggestions.isEmpty ? "" : "Did you mean \(suggestions.joined(separator: ", or "))? ")\
            Give a path, or an id of the hub like EleutherAI/pythia-70m.
            """
        case .vocabularyMismatch(let source, let tokenizer, let model):
            """
            \(source): the tokenizer has ids up to \(tokenizer - 1), the model's embedding ends at \(model - 1); \
            the files do not belong together.
            """
        case .noDevice(let name):
            "device \(name) is not available here; use --device cpu or auto."
        }
    }
}
