// A training run as a stream: its evaluations so far, those that come, the transition, the end.
import Files
import Formation
import Foundation
import Lab

/// Reads metrics.jsonl on and on.
struct TrainingFeed {
    private let run: StoredFiles
    /// Evaluations a second; nil as fast as they are there.
    private let pace: Double?
    private var offset = 0
    private var lastStep = -1
    private var watch = TransitionWatch()

    /// How often a file is looked at, in seconds.
    private static let interval = 0.25

    /// The events of a run, until it is finished or nobody reads any more.
    static func events(of run: StoredFiles, pace: Double?) -> AsyncStream<ServerEvent> {
        AsyncStream { continuation in
            let task = Task {
                var feed = TrainingFeed(run: run, pace: pace)
                await feed.follow { continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private init(run: StoredFiles, pace: Double?) { (self.run, self.pace) = (run, pace) }

    private mutating func follow(_ tell: (ServerEvent) -> Void) async {
        while !Task.isCancelled {
            // Asked first: a run that is finished has written all its evaluations.
            let results = try? FileContents.read(run.results, limit: 16 << 20)
            for line in newLines() {
                guard hear(line, tell) else { continue }
                if let pace {
                    try? await Task.sleep(for: .seconds(1 / pace))
                    if Task.isCancelled { return }
                }
            }
            if let results {
                return tell(
                    ServerEvent(name: "finished", data: String(decoding: results, as: UTF8.self).trimmed)
                )
            }
            try? await Task.sleep(for: .seconds(Self.interval))
        }
    }

    /// Takes one evaluation; false for a line that is none, or that has been told.
    private mutating func hear(_ line: Data, _ tell: (ServerEvent) -> Void) -> Bool {
        guard let evaluation = try? JSONDecoder().decode(Evaluation.self, from: line),
            evaluation.step > lastStep
        else { return false }
        lastStep = evaluation.step
        tell(ServerEvent(name: "evaluation", data: String(decoding: line, as: UTF8.self)))
        if let point = evaluation.scorePoint, let found = watch.add(point),
            let data = try? JSONEncoder().encode(found)
        {
            tell(ServerEvent(name: "transition", data: String(decoding: data, as: UTF8.self)))
        }
        return true
    }

    /// Whole lines since the last time. A resumed run has cut its file: it is read again, and what was told is left out.
    private mutating func newLines() -> [Data] {
        guard let file = try? FileHandle(forReadingFrom: run.metrics) else { return [] }
        defer { try? file.close() }
        guard let end = try? file.seekToEnd() else { return [] }
        if end < UInt64(offset) { offset = 0 }
        guard end > UInt64(offset), (try? file.seek(toOffset: UInt64(offset))) != nil,
            let data = try? file.read(upToCount: 64 << 20),
            let last = data.lastIndex(of: UInt8(ascii: "\n"))
        else { return [] }
        let whole = data[data.startIndex...last]
        offset += whole.count
        return whole.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }
}

extension String {
    /// Without the line's end.
    fileprivate var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
