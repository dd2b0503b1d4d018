// The table as text for people, as JSON and as CSV for programs.

import Foundation
public import JSON

extension ProfileTable {
    private static let columns = [
        "model", "peak_layer", "peak_rel", "bandwidth", "score", "when", "path",
    ]

    /// An array of objects; times in UTC.
    public var json: JSONValue {
        .array(
            rows.map { row in
                [
                    "model": .string(row.model), "peak_layer": .int(row.peakLayer),
                    "peak_rel": .double(row.peakRelative), "bandwidth": .double(row.bandwidth),
                    "score": .string(row.score), "when": .string(UTCTime.text(row.when)),
                    "path": .string(row.path),
                ]
            }
        )
    }

    /// A line of names, then one a profile; numbers with all digits, times in UTC.
    public var csv: String {
        CSV.text(
            [ProfileTable.columns]
                + rows.map { row in
                    [
                        row.model, "\(row.peakLayer)", "\(row.peakRelative)", "\(row.bandwidth)", row.score,
                        UTCTime.text(row.when), row.path,
                    ]
                }
        )
    }

    /// Columns side by side, numbers to three places, times as on the user's clock.
    public var text: String {
        if rows.isEmpty { return "No profiles.\n" }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
        let cells =
            [["model", "peak layer", "relative", "bandwidth", "score", "when", "path"]]
            + rows.map { row in
                [
                    oneLine(row.model), "\(row.peakLayer)", threePlaces(row.peakRelative),
                    threePlaces(row.bandwidth), oneLine(row.score), formatter.string(from: row.when),
                    oneLine(row.path),
                ]
            }
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            let padded = row.indices.map { column in
                let gap = String(repeating: " ", count: widths[column] - row[column].count)
                if (1...3).contains(column) { return gap + row[column] }
                // No spaces at the end of a line.
                return column == row.count - 1 ? row[column] : row[column] + gap
            }
            return padded.joined(separator: "  ") + "\n"
        }.joined()
    }

    /// Names come from files: a line break in one must not break the table.
    private func oneLine(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(result)
    }

    private func threePlaces(_ value: Double) -> String { String(format: "%.3f", value) }
}
