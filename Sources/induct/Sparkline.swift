// A quantity's course in one line of a terminal: the dashboard of a training run draws its loss with it.
//
// It stands with the other things of the terminal and not in Figures, whose figures are Vega-Lite specifications that are
// drawn to files and pages.

enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let gap: Character = "·"

    /// The values as `width` characters, the last at the right end: eight heights from the least value to the
    /// greatest. Where there are more values than characters, each stands for an equal share of them by their
    /// mean; where there are fewer, the line is filled with spaces on the left. A share without a value that is finite is
    /// a `·`; where all values are equal, they stand at half height.
    ///
    /// - Precondition: `width` is positive.
    static func text(_ values: [Double?], width: Int) -> String {
        precondition(width > 0, "A sparkline is at least one character wide; found \(width).")
        let columns = columns(values, width: width)
        let defined = columns.compactMap(\.self)
        let (low, high) = (defined.min() ?? 0, defined.max() ?? 0)
        let line = columns.map { value -> Character in
            guard let value else { return gap }
            // Halved, since the difference of two finite numbers may not be.
            let span = high / 2 - low / 2
            let share = span > 0 ? (value / 2 - low / 2) / span : 0.45
            return blocks[min(Int(share * Double(blocks.count)), blocks.count - 1)]
        }
        return String(repeating: " ", count: width - line.count) + String(line)
    }

    /// At most `width` values: means over equal shares of the given ones.
    private static func columns(_ values: [Double?], width: Int) -> [Double?] {
        let count = min(values.count, width)
        return (0..<count).map { column in
            let share = values[column * values.count / count..<(column + 1) * values.count / count]
            let defined = share.compactMap { $0.flatMap { $0.isFinite ? $0 : nil } }
            guard !defined.isEmpty else { return nil }
            return defined.reduce(0) { $0 + $1 / Double(defined.count) }
        }
    }
}
