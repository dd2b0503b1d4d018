// The seeds' spelling of flags: `--memory_saver` means `--memory-saver`.

enum Arguments {
    /// Underscores in the names of long flags become hyphens; values, and everything behind `--`, stay.
    static func hyphenated(_ arguments: some Sequence<String>) -> [String] {
        var isPastFlags = false
        return arguments.map { argument in
            if argument == "--" { isPastFlags = true }
            guard !isPastFlags, argument.hasPrefix("--") else { return argument }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].replacing("_", with: "-")
            return parts.count == 2 ? "\(name)=\(parts[1])" : String(name)
        }
    }
}
