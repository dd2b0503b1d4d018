// One version of a model in the cache, whole or not.

public import Foundation

/// The files of a model at one commit.
public struct HubSnapshot: Sendable, Equatable {
    /// Whose.
    public let id: HubModelID
    /// Which version, in full.
    public let commit: String
    /// Where its files are.
    public let directory: URL

    /// A file of it.
    public struct File: Sendable, Equatable {
        /// Its path in the directory.
        public let name: String
        /// In bytes.
        public let size: Int
    }

    /// What is there, sorted by name; a link whose file is gone does not count.
    public var files: [File] {
        let paths = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted().compactMap { name in
            sizeOfFile(at: directory.appending(path: name)).map { File(name: name, size: $0) }
        }
    }

    /// What a model needs to be loaded and is not there: the configuration, weights, shards that an index names.
    /// Empty if it can be loaded. (Tokenizers are not looked for: some models have none.)
    public var missing: [String] {
        func isThere(_ name: String) -> Bool { sizeOfFile(at: directory.appending(path: name)) != nil }
        let config = isThere(HubFiles.config) ? [] : [HubFiles.config]
        switch HubFiles.weights(where: isThere) {
        case nil: return config + ["model.safetensors"]
        case .single: return config
        case .indexed(let index):
            guard let shards = try? HubFiles.shards(of: directory.appending(path: index)) else {
                return config + [index]
            }
            return config + shards.filter { !isThere($0) }
        }
    }
}

/// The size of a regular file, links followed; nil if there is none.
func sizeOfFile(at url: URL) -> Int? {
    var status = stat()
    guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
}
