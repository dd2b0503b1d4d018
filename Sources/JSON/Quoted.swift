// Text from a file, made fit for a message: one line, no control characters, not too long.

package enum Quoted {
    private static let most = 80

    /// The text in quotes.
    package static func text(_ string: String) -> String {
        var result = "\""
        for scalar in shortened(string).unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.properties.generalCategory == .control,
                _ where scalar.properties.generalCategory == .format,
                _ where scalar.properties.generalCategory == .lineSeparator,
                _ where scalar.properties.generalCategory == .paragraphSeparator:
                result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// The text, cut where it is long.
    package static func shortened(_ string: String) -> String {
        // Scalars, not characters: one character can have any number of combining marks.
        let scalars = string.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: most, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return string }
        return String(scalars[..<end]) + "…"
    }
}
