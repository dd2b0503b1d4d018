// Two runs, file by file: whether one repeats the other.
//
// What is compared are the result files of both receipts; the receipts themselves say what was different to begin with.
// Byte-equal files are the same; of other JSON, CSV and .npy files the numbers are compared one by one.

public import Foundation

/// What differs between two runs.
public struct RunComparison: Equatable, Sendable {
    /// The first run's directory.
    public let first: URL
    /// The second run's directory.
    public let second: URL
    /// What the runs were asked or saw differently: then their results may differ, too.
    public let causes: [ReceiptDifference]
    /// Result files, sorted by name.
    public let files: [FileComparison]
    /// Files that are not as their own run wrote them: changed or removed later.
    public let altered: [String]

    /// Whether every result of one run is in the other, byte by byte.
    public var isEqual: Bool {
        files.allSatisfy { $0.verdict == .same || $0.verdict == .notCompared }
    }

    /// Compares two run directories.
    ///
    /// - Throws: ``RunError/noReceipt(path:)``, `FileError`, `JSONError`.
    public init(_ first: URL, _ second: URL) throws {
        self.first = first
        self.second = second
        let runs = (try RunStore.run(at: first).receipt, try RunStore.run(at: second).receipt)
        causes = runs.0.question.differences(from: runs.1.question)
        let (a, b) = (RunComparison.files(of: runs.0, in: first), RunComparison.files(of: runs.1, in: second))
        files = try Set(a.keys).union(b.keys).sorted().map { name in
            let verdict: FileComparison.Verdict
            switch (a[name], b[name]) {
            case (let x?, let y?) where x.holdsTimes && y.holdsTimes: verdict = .notCompared
            case (.some, .some):
                verdict = try FileComparison.verdict(
                    first.appending(path: name),
                    second.appending(path: name)
                )
            case (.some, nil): verdict = .missingInSecond
            default: verdict = .missingInFirst
            }
            return FileComparison(name: name, verdict: verdict)
        }
        altered = [(runs.0, first), (runs.1, second)].flatMap { receipt, url in
            receipt.files.filter { !$0.isUnchanged(in: url) }.map {
                url.appending(path: $0.digest.name).relativePath
            }.sorted()
        }
    }

    /// What a receipt lists and the directory still has.
    private static func files(of receipt: Receipt, in url: URL) -> [String: Receipt.ResultFile] {
        let pairs = receipt.files.map { ($0.digest.name, $0) }.filter { name, _ in
            FileManager.default.fileExists(atPath: url.appending(path: name).path)
        }
        return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }
}
