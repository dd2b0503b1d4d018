// A state dict in a file of torch.save as a store of weights.

import Foundation
import JSON
import Torch

/// The tensors of one dictionary of a file, by their keys.
struct TorchWeights: WeightStore {
    let source: String
    let names: [String]
    let parameterCount: Int
    private let file: TorchFile
    var files: [URL] { [URL(filePath: file.path)] }
    private let fields: [ExactString: PickleField]

    /// The tensors among the values of `dictionary`, each checked; other values are left out. `prefix` is taken off
    /// the keys that have it.
    ///
    /// - Throws: ``TorchFileError``, ``PickleError``.
    init(_ dictionary: PickleField, of file: TorchFile, removing prefix: String = "") throws {
        source = file.path
        self.file = file
        var names: [String] = []
        var fields: [ExactString: PickleField] = [:]
        var count = 0
        var seen: Set<Range<Int>> = []
        for (key, field) in try dictionary.fields() where TorchFile.isTensor(field) {
            let name = key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : key
            let found = try file.description(of: field, name: key)
            guard fields.updateValue(field, forKey: ExactString(name)) == nil else {
                throw TorchFileError(
                    file: file.path,
                    place: TorchFileError.tensor(name),
                    problem: .tensor(
                        part: "key",
                        expected: "one tensor",
                        found: "one with and one without \(prefix)"
                    )
                )
            }
            names.append(name)
            // Tied weights: the same bytes under two names are one tensor.
            if seen.insert(found.range).inserted {
                count += min(found.shape.reduce(1, *), found.range.count / found.element.byteCount)
            }
        }
        self.names = names
        self.fields = fields
        parameterCount = count
    }

    func has(_ name: String) -> Bool { fields[ExactString(name)] != nil }

    func tensor(named name: String) throws -> StoredTensor {
        guard let field = fields[ExactString(name)] else {
            throw CheckpointError.missingTensor(source: source, name: name)
        }
        return try file.tensor(field, name: name)
    }
}
