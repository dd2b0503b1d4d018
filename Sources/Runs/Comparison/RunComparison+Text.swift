// The comparison in words.

import Foundation

extension RunComparison: CustomStringConvertible {
    /// Causes first, then a line a file, then the sum.
    public var description: String {
        var lines: [String] = []
        if !causes.isEmpty {
            lines.append("Asked or made differently (first and second):")
            lines += causes.map { "  \($0)" }
        }
        lines += altered.map { "\($0) is not as its run wrote it: it was changed or removed later." }
        let width = files.map(\.name.count).max() ?? 0
        lines += files.map { file in
            file.name + String(repeating: " ", count: width - file.name.count) + "  " + words(file.verdict)
        }
        lines.append(summary)
        return lines.joined(separator: "\n") + "\n"
    }

    private var summary: String {
        let compared = files.filter { $0.verdict != .notCompared }
        let differing = compared.count { $0.verdict != .same }
        if compared.isEmpty { return "There is no result file to compare." }
        return differing == 0
            ? "Every result file is the same, byte by byte: \(compared.count)."
            : "\(differing) of \(compared.count) result files differ."
    }

    private func words(_ verdict: FileComparison.Verdict) -> String {
        switch verdict {
        case .same: "same"
        case .numbers(let difference): "\(difference)"
        case .other(let what): "differs: \(what)"
        case .missingInSecond: "only in the first: \(first.relativePath)"
        case .missingInFirst: "only in the second: \(second.relativePath)"
        case .notCompared: "not compared (holds times)"
        }
    }
}
