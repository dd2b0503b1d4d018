// meta.pkl: the characters of a nanoGPT model's vocabulary, as its prepare.py writes them for character-level data.
// Source: karpathy/nanoGPT, data/shakespeare_char/prepare.py.

import Files
public import Foundation

/// The characters of a vocabulary.
public struct CharacterMeta: Equatable, Sendable {
    /// One text an id, in the order of the ids.
    public let characters: [String]

    /// Reads `itos`, and checks `stoi` and `vocab_size` against it.
    ///
    /// - Throws: `FileError`, ``PickleError``, `CheckpointError` where the parts contradict each other.
    public init(_ url: URL) throws {
        let bytes = try FileContents.read(url, limit: Pickle.longest)
        let root = try Pickle(bytes, source: url.path).value
        let itos = try root.require("itos").pairs()
        func error(_ field: String, _ expected: String, _ found: String) -> CheckpointError {
            .vocabulary(source: url.path, field: field, expected: expected, found: found)
        }
        var characters = [String?](repeating: nil, count: itos.count)
        for (key, value) in itos {
            guard case .int(let id) = key.node, characters.indices.contains(id), characters[id] == nil else {
                throw error("itos", "each id from 0 to \(itos.count - 1) once", key.summary)
            }
            characters[id] = try value.string()
        }
        self.characters = characters.compactMap(\.self)
        let stoi = try root.require("stoi").fields()
        for (name, field) in stoi {
            let id = try field.int()
            let found = characters.indices.contains(id) ? characters[id] : nil
            guard let found, found.unicodeScalars.elementsEqual(name.unicodeScalars) else {
                throw error(field.path, "the id that itos gives it", "\(id)")
            }
        }
        guard stoi.count == characters.count else {
            throw error("stoi", "\(characters.count) characters, as itos has", "\(stoi.count)")
        }
        if let size = try root.member("vocab_size"), try size.int() != characters.count {
            throw error("vocab_size", "\(characters.count), as itos has", size.summary)
        }
    }

    /// Where the characters of a checkpoint's data are: meta.pkl beside the checkpoint, or where nanoGPT has it,
    /// `data/<dataset>/meta.pkl` beside the checkpoint's directory; nil if neither is there.
    public static func url(beside checkpoint: URL, dataset: String?) -> URL? {
        let directory = checkpoint.standardizedFileURL.deletingLastPathComponent()
        var places = [directory.appending(path: "meta.pkl")]
        // The name is from the checkpoint: it must not lead elsewhere.
        if let dataset, !dataset.isEmpty, dataset != "..", !dataset.contains("/"), !dataset.utf8.contains(0) {
            places.append(directory.deletingLastPathComponent().appending(path: "data/\(dataset)/meta.pkl"))
        }
        return places.first(where: isPresent)
    }
}
