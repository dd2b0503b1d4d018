// How much memory a sweep may take.
import ArgumentParser
import Foundation

struct MemoryBudgetOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Memory for the activations of variations, such as 512MB or 2GB: how many run at once follows from it, not from \
            --batch-size (default: a quarter of what is free).
            """,
            valueName: "size"
        ),
        transform: byteCount
    )
    var memoryBudget: Int?
}

/// Bytes from `1000000`, `512MB`, `1.5 GB`: decimal units, large or small letters.
///
/// - Throws: `ValidationError`.
private func byteCount(_ text: String) throws -> Int {
    let units = ["": 1.0, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12]
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(digits.count).trimmingCharacters(in: .whitespaces).lowercased()
    guard let number = Double(digits), let factor = units[unit],
        let bytes = Int(exactly: (number * factor).rounded()),
        bytes > 0
    else {
        throw ValidationError("a size is a number of bytes, or a number with KB, MB, GB or TB: 512MB, 1.5GB.")
    }
    return bytes
}
