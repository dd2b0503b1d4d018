// Sites by name: TransformerLens's names, with `*` for any run of characters.

extension TransformerConfig {
    /// The sites whose names match a pattern such as `blocks.*.attn.hook_z`, in the order of computation.
    ///
    /// - Throws: `SelectionError.noSuchName` when none does.
    public func sites(matching pattern: String) throws -> [Site] {
        let found = sites.filter { matches($0.name, pattern) }
        guard !found.isEmpty else { throw SelectionError.noSuchName(pattern, available: siteNames) }
        return found
    }
}

/// Whether `*` in the pattern can stand for something that makes it the name.
private func matches(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return name == pattern }
    guard name.hasPrefix(first) else { return false }
    var rest = name.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
        guard let range = rest.firstRange(of: piece) else { return false }
        rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(last)
}
