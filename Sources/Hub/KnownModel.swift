// Models that are known by name without asking a hub, and their short names.
//
// Short names and the ids that they stand for are TransformerLens's (3.9), found without regard to case as there, with a
// few of our own for families that it has no short name for. Its names of the first Llama ("llama-7b") are left out: no
// model on the hub has the id that they stand for.

import JSON

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
        let names = all.flatMap { [$0.id] + $0.aliases }.sorted()
        return Array(Spelling.near(name, among: names, oneMistakeIn: 5).prefix(3))
    }

    private static let byName = Dictionary(
        all.flatMap { model in ([model.id] + model.aliases).map { ($0.lowercased(), model) } },
        uniquingKeysWith: { first, _ in first }
    )
}
