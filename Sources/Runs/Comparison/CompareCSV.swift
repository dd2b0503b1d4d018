// Two tables of comma-separated values, field by field. The first row has the names of the columns.

import Files

extension FileComparison {
    /// The verdict on two files whose bytes differ; nil if one of them is not such a table.
    static func compareCSV(_ first: MappedFile, _ second: MappedFile) -> Verdict? {
        guard let first = rows(first), let second = rows(second) else { return nil }
        guard first.count == second.count else {
            return .other("\(first.count) rows in the first and \(second.count) in the second")
        }
        var numbers = ValueDifference()
        for (row, (a, b)) in zip(first, second).enumerated() {
            guard a.count == b.count else {
                return .other("row \(row) has \(a.count) fields in the first and \(b.count) in the second")
            }
            for column in a.indices {
                let name = first[0].indices.contains(column) ? first[0][column] : "\(column)"
                if let x = Double(a[column]), let y = Double(b[column]) {
                    numbers.compare(x, y, at: "row \(row), column \(name)")
                } else if a[column] != b[column] {
                    return .other("row \(row), column \(name) has other text")
                }
            }
        }
        return numbers.differing > 0 ? .numbers(numbers) : .other("all values are equal, their text is not")
    }

    private static func rows(_ file: MappedFile) -> [[String]]? {
        file.withUnsafeBytes { String(validating: $0, as: UTF8.self) }.flatMap { CSV.rows($0) }
    }
}
