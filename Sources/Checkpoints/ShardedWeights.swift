// Weights in several files, with an index that says which tensor is in which (Hugging Face's `*.index.json`).
//
// Promises: every shard is a file in the index's own directory; every shard is opened and checked, and has what the
// index says, before the first tensor is read.

import Files
import Foundation
import JSON

/// The shards of one index as one store.
struct ShardedWeights: WeightStore {
    let source: String
    let files: [URL]
    let names: [String]
    let parameterCount: Int
    private let shards: [any WeightStore]
    private let places: [ExactString: Int]

    /// More shards than any real model has.
    static let mostShards = 1000

    /// Opens an index and its shards.
    ///
    /// - Throws: `CheckpointError`, `JSONError`, `FileError`, and what is wrong with a shard.
    init(index: URL) throws {
        source = index.path
        var names: [String] = []
        var places: [ExactString: Int] = [:]
        var shards: [any WeightStore] = []
        var opened: [ExactString: Int] = [:]
        for (name, field) in try JSONField(reading: index).require("weight_map").fields() {
            let file = try field.string()
            if opened[ExactString(file)] == nil {
                try ShardedWeights.check(file, field, index: index, count: shards.count)
                let url = index.deletingLastPathComponent().appending(path: file)
                guard isPresent(url) else {
                    throw CheckpointError.missingShard(source: index.path, field: field.path, file: file)
                }
                opened[ExactString(file)] = shards.count
                shards.append(try openWeights(url))
            }
            guard let place = opened[ExactString(file)], shards[place].has(name) else {
                throw CheckpointError.notInShard(source: index.path, field: field.path, file: file)
            }
            names.append(name)
            places[ExactString(name)] = place
        }
        self.names = names
        self.places = places
        self.shards = shards
        files = [index] + shards.flatMap(\.files)
        parameterCount = shards.reduce(0) { $0 + $1.parameterCount }
    }

    /// Throws unless the name of a shard is that of a file in the same directory, of the index's kind.
    private static func check(_ file: String, _ field: JSONField, index: URL, count: Int) throws {
        func error(_ expected: String) -> CheckpointError {
            .index(source: index.path, field: field.path, expected: expected, found: Quoted.text(file))
        }
        guard count < mostShards else { throw error("at most \(mostShards) different files") }
        let ending = index.path.hasSuffix(".safetensors.index.json") ? ".safetensors" : ".bin"
        guard file.hasSuffix(ending), !file.contains("/"), !file.utf8.contains(0) else {
            throw error("the plain name of a \(ending) file in the same directory")
        }
    }

    func has(_ name: String) -> Bool { places[ExactString(name)] != nil }

    func tensor(named name: String) throws -> StoredTensor {
        guard let place = places[ExactString(name)] else {
            throw CheckpointError.missingTensor(source: source, name: name)
        }
        return try shards[place].tensor(named: name)
    }
}
