// Tables as comma-separated values.
//
// Source: RFC 4180: lines end with CR LF, a field with a comma, a quote or a line break stands in quotes, a quote in it is
// doubled.

/// Comma-separated values.
public enum CSV {
    /// The text of rows of fields.
    public static func text(_ rows: [[String]]) -> String {
        rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func field(_ field: String) -> String {
        // Scalars, since a line feed after a carriage return is one character.
        guard field.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return field
        }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    /// The rows of a text, whose lines may also end with LF alone; nil where a quote is out of place.
    public static func rows(_ text: String) -> [[String]]? {
        var reader = Reader(text)
        return reader.rows()
    }

    private struct Reader {
        private var rest: Substring.UnicodeScalarView

        init(_ text: String) { rest = Substring(text).unicodeScalars }

        mutating func rows() -> [[String]]? {
            var rows: [[String]] = []
            while !rest.isEmpty {
                guard let row = row() else { return nil }
                rows.append(row)
            }
            return rows
        }

        private mutating func row() -> [String]? {
            var fields: [String] = []
            while true {
                guard let field = rest.first == "\"" ? quoted() : plain() else { return nil }
                fields.append(field)
                if rest.first == "," {
                    rest.removeFirst()
                } else {
                    if rest.first == "\r" { rest.removeFirst() }
                    guard rest.isEmpty || rest.removeFirst() == "\n" else { return nil }
                    return fields
                }
            }
        }

        private mutating func plain() -> String? {
            let end = rest.firstIndex { ",\r\n\"".unicodeScalars.contains($0) } ?? rest.endIndex
            defer { rest = rest[end...] }
            return String(rest[..<end])
        }

        private mutating func quoted() -> String? {
            var field = String.UnicodeScalarView()
            rest.removeFirst()
            while let end = rest.firstIndex(of: "\"") {
                field.append(contentsOf: rest[..<end])
                rest = rest[rest.index(after: end)...]
                guard rest.first == "\"" else { return String(field) }
                field.append("\"")
                rest.removeFirst()
            }
            return nil
        }
    }
}
