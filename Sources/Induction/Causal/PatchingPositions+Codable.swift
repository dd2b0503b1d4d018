// Where activations are patched, as text and in a receipt: "last", "all", or a list of positions.

extension PatchingPositions: Codable {
    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let positions = try? container.decode([Int].self) {
            self = .at(positions)
            return
        }
        switch try container.decode(String.self) {
        case "last": self = .last
        case "all": self = .all
        case let name:
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(name)' is none of last, all and a list of positions"
            )
        }
    }

    /// Writes a word or a list.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .last: try container.encode("last")
        case .all: try container.encode("all")
        case .at(let positions): try container.encode(positions)
        }
    }
}

extension PatchingPositions: CustomStringConvertible {
    /// Such as `the last position read`.
    public var description: String {
        switch self {
        case .last: "the last position read"
        case .all: "all positions"
        case .at(let positions):
            (positions.count == 1 ? "position " : "positions ")
                + positions.map(String.init).joined(separator: ", ")
        }
    }
}
