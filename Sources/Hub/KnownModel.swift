// Models that are known by name without asking a hub, and their short names.
//
// Short names and the ids that they stand for are TransformerLens's (3.9), found without regard to case as there, with a
// few of our own for families that it has no short name for. Its names of the first Llama ("llama-7b") are left out: no
// model on the hub has the id that they stand for.

/// A model whose shape is known.
public struct KnownModel: Sendable, Equatable {
    /// Its id on the hub.
    public let id: String
    /// Other names, the usual one first.
    public let aliases: [String]
    /// Blocks.
    public let layers: Int
    /// Query heads in a block.
    public let heads: Int
    /// Width of the residual stream.
    public let width: Int
    /// Numbers in the weights, tied ones counted once.
    public let parameters: Int

    /// What users call it.
    public var name: String { aliases.first ?? id }

    /// All, family by family.
    public static let all: [KnownModel] = knownShapes.flatMap(\.models)

    /// The model of that id or short name, without regard to case; nil if it is not known.
    public static func named(_ name: String) -> KnownModel? { byName[name.lowercased()] }

    /// What `name` means on the hub: the id that a short name stands for, else `name` itself, known or not. Throws
    /// ``HubError/invalidID(_:)`` if it cannot be an id.
    public static func id(named name: String) throws(HubError) -> HubModelID {
        try HubModelID(named(name)?.id ?? name)
    }

    /// Names that were probably meant where `name` was written, the likeliest first; at most three.
    public static func suggestions(for name: String) -> [String] {
        let written = Array(name.lowercased().utf8)
        // A longer name leaves room for more mistakes.
        let most = max(1, written.count / 5)
        let near = all.flatMap { [$0.id] + $0.aliases }.compactMap { known in
            let distance = editDistance(written, Array(known.lowercased().utf8), most: most)
            return distance <= most ? (distance, known) : nil
        }
        return near.sorted { $0 < $1 }.prefix(3).map(\.1)
    }

    private static let byName = Dictionary(
        all.flatMap { model in ([model.id] + model.aliases).map { ($0.lowercased(), model) } },
        uniquingKeysWith: { first, _ in first }
    )
}

/// How many letters must be put in, taken out, replaced, or swapped with the next one to get from one text to the
/// other; `most + 1` where it is more than `most`.
func editDistance(_ first: [UInt8], _ second: [UInt8], most: Int) -> Int {
    guard abs(first.count - second.count) <= most else { return most + 1 }
    var rows = [Array(0...second.count)]
    for (i, a) in first.enumerated() {
        var row = [i + 1]
        for (j, b) in second.enumerated() {
            var least = min(rows[i][j] + (a == b ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a == second[j - 1], first[i - 1] == b {
                least = min(least, rows[i - 1][j - 1] + 1)
            }
            row.append(least)
        }
        if row.allSatisfy({ $0 > most }) { return most + 1 }
        rows.append(row)
    }
    return min(rows[first.count][second.count], most + 1)
}
