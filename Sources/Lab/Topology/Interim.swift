// What a run has of a part that is not finished: a hidden file in its directory, from which the part goes on when the run is
// resumed, and which is gone when the part is done. A run is resumed only if its question is the same, so the file fits.
import Files
import Foundation

/// A value that is kept while long work goes on.
struct Interim<Value: Codable> {
    private let url: URL
    private let leastPause: Duration
    private var pause: Duration
    private var last = ContinuousClock.now

    init(_ name: String, in directory: URL, pause: Duration = .seconds(2)) {
        url = directory.appending(path: ".\(name).interim")
        leastPause = pause
        self.pause = pause
    }

    /// What an earlier process left; nil if that is nothing, or nothing whole.
    var value: Value? {
        guard let data = try? Data(contentsOf: url) else { return nil }
        return try? JSONDecoder().decode(Value.self, from: data)
    }

    /// Keeps a value, unless one was kept a moment ago: writing takes a twentieth of the time at most.
    mutating func keep(_ value: Value) throws {
        let start = ContinuousClock.now
        guard start - last >= pause else { return }
        try AtomicFile.write(JSONEncoder().encode(value), to: url)
        last = .now
        pause = leastPause == .zero ? .zero : max(leastPause, (last - start) * 20)
    }

    /// Removes what was kept.
    func remove() { try? FileManager.default.removeItem(at: url) }
}
