// Tables for a terminal.

/// Rows of cells in columns, each as wide as its widest cell, the text on the left; without a line break at the end.
func textColumns(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
        rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        var line = ""
        for (cell, width) in zip(row, widths) {
            line += (line.isEmpty ? "" : "   ") + cell + String(repeating: " ", count: width - cell.count)
        }
        while line.last == " " { line.removeLast() }
        return line
    }.joined(separator: "\n")
}
