// One result file of two runs.

import Files
import Foundation

/// What became of a file from one run to the other.
public struct FileComparison: Equatable, Sendable {
    /// The outcome of a comparison.
    public enum Verdict: Equatable, Sendable {
        /// Every byte is the same.
        case same
        /// Only numbers differ.
        case numbers(ValueDifference)
        /// Something else differs: one phrase that says what and where.
        case other(String)
        /// Only in the first run.
        case missingInSecond
        /// Only in the second run.
        case missingInFirst
        /// It holds times, which differ from run to run.
        case notCompared
    }

    /// Path below the run's directory.
    public let name: String
    /// The outcome.
    public let verdict: Verdict

    /// Compares two files by the kind that their name says.
    ///
    /// - Throws: `FileError`.
    static func verdict(_ first: URL, _ second: URL) throws -> Verdict {
        let maps = (try MappedFile(first), try MappedFile(second))
        guard let place = firstDifference(maps.0, maps.1) else { return .same }
        let found: Verdict? =
            switch first.pathExtension {
            case "json": compareJSON(first, second)
            case "csv": compareCSV(maps.0, maps.1)
            case "npy": compareNumpy(maps.0, maps.1)
            default: nil
            }
        if let found { return found }
        let sizes = "\(maps.0.count) and \(maps.1.count) bytes"
        return .other(
            place < min(maps.0.count, maps.1.count)
                ? "the first difference is at byte \(place) of \(sizes)" : sizes
        )
    }

    /// The offset of the first byte that differs, or that only one has; nil if there is none.
    private static func firstDifference(_ first: MappedFile, _ second: MappedFile) -> Int? {
        first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                let shared = min(first.count, second.count)
                if let a = first.baseAddress, let b = second.baseAddress, memcmp(a, b, shared) != 0 {
                    return (0..<shared).first { first[$0] != second[$0] }
                }
                return first.count == second.count ? nil : shared
            }
        }
    }
}
