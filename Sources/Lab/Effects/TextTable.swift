// Tables for a terminal and for Markdown: the same cells, aligned by spaces or between bars.

/// Rows of cells under a heading.
struct TextTable {
    /// Names of the columns; those in `isText` stand at the left of theirs, numbers at the right.
    var heading: [String]
    /// Columns of words.
    var isText: Set<Int> = []
    var rows: [[String]] = []

    /// With spaces between columns; every line ended.
    var text: String {
        let all = [heading] + rows
        let widths = heading.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return isText.contains(column) ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// As Markdown; every line ended.
    var markdown: String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        let rule = heading.indices.map { isText.contains($0) ? "---" : "---:" }
        return line(heading) + line(rule) + rows.map(line).joined()
    }
}
