// Where the hub and its cache are, and who asks: what Python's `huggingface_hub` reads from the environment.

import Files
public import Foundation

/// Settings of the hub, read once.
public struct HubSettings: Sendable {
    /// The directory of all cached models.
    public var cache: URL
    /// The hub.
    public var endpoint: HubEndpoint
    /// Who asks; nil asks as nobody in particular.
    public var token: HubToken?
    /// Whether only the cache may be used.
    public var isOffline: Bool

    /// Settings of one's own.
    public init(cache: URL, endpoint: HubEndpoint, token: HubToken? = nil, isOffline: Bool = false) {
        self.cache = cache
        self.endpoint = endpoint
        self.token = token
        self.isOffline = isOffline
    }

    /// Reads `HF_HUB_CACHE` (or the older `HUGGINGFACE_HUB_CACHE`), else `hub` in `HF_HOME`, else in
    /// `huggingface` in `XDG_CACHE_HOME` or `~/.cache`; `HF_ENDPOINT`; `HF_TOKEN` (or the older
    /// `HUGGING_FACE_HUB_TOKEN`), else the file `HF_TOKEN_PATH` or `token` in `HF_HOME`, none of which is read where
    /// `HF_HUB_DISABLE_IMPLICIT_TOKEN` is set; `HF_HUB_OFFLINE` (or `TRANSFORMERS_OFFLINE`). Empty variables count as
    /// unset. Throws ``HubError/invalidSetting(name:problem:)`` and `FileError`.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let variables = Variables(environment)
        let home =
            variables.path("HF_HOME")
            ?? (variables.path("XDG_CACHE_HOME") ?? variables.home.appending(path: ".cache"))
            .appending(path: "huggingface")
        cache =
            variables.path("HF_HUB_CACHE") ?? variables.path("HUGGINGFACE_HUB_CACHE")
            ?? home.appending(path: "hub")
        endpoint = try HubEndpoint(variables["HF_ENDPOINT"] ?? "https://huggingface.co")
        isOffline = variables.isSet("HF_HUB_OFFLINE") || variables.isSet("TRANSFORMERS_OFFLINE")
        guard !variables.isSet("HF_HUB_DISABLE_IMPLICIT_TOKEN") else { return }
        for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"] where token == nil {
            token = try variables[name].flatMap { text throws(HubError) in try HubToken(text, source: name) }
        }
        if token == nil {
            let file = variables.path("HF_TOKEN_PATH") ?? home.appending(path: "token")
            token = try Self.token(in: file)
        }
    }

    private static func token(in file: URL) throws -> HubToken? {
        do {
            let bytes = try FileContents.read(file, limit: 1 << 16)
            return try HubToken(String(decoding: bytes, as: UTF8.self), source: file.path)
        } catch let error as FileError where [.notFound, .parentIsNotDirectory].contains(error.problem) {
            return nil
        }
    }
}

/// The environment, with the habits of `huggingface_hub`.
private struct Variables {
    private let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    subscript(name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    func isSet(_ name: String) -> Bool {
        ["1", "ON", "YES", "TRUE"].contains(self[name]?.uppercased() ?? "")
    }

    var home: URL {
        self["HOME"].map { URL(filePath: $0) } ?? FileManager.default.homeDirectoryForCurrentUser
    }

    /// A path in which `~` and `$NAME` stand for what they do in a shell.
    func path(_ name: String) -> URL? {
        guard var text = self[name] else { return nil }
        if text == "~" || text.hasPrefix("~/") { text = home.path + text.dropFirst() }
        text = text.replacing(/\$(?:(\w+)|\{(\w+)\})/) { match in
            let variable = match.output.1 ?? match.output.2 ?? ""
            return values[String(variable)] ?? String(match.output.0)
        }
        return URL(filePath: text, directoryHint: .isDirectory).standardizedFileURL
    }
}
