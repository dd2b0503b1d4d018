// What was probably meant by a misspelled word.

package enum Spelling {
    /// The word that is nearest to `word`, the first of several; nil if none is near. A longer word leaves room for more
    /// mistakes.
    package static func nearest(to word: String, among words: [String]) -> String? {
        let written = Array(word.lowercased().utf8)
        let most = max(1, written.count / 3)
        let distances = words.map { ($0, distance(written, Array($0.lowercased().utf8), most: most)) }
        return distances.filter { $0.1 <= most }.min { $0.1 < $1.1 }?.0
    }

    /// How many letters must be put in, taken out, replaced, or swapped with the next one to get from one text to the
    /// other; something above `most` where it is more than that.
    private static func distance(_ first: [UInt8], _ second: [UInt8], most: Int) -> Int {
        // Also keeps the work small where a text is very long.
        guard abs(first.count - second.count) <= most else { return most + 1 }
        var (beforeLast, last) = ([Int](), Array(0...second.count))
        for (i, a) in first.enumerated() {
            var row = [i + 1]
            for (j, b) in second.enumerated() {
                var least = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a == second[j - 1], first[i - 1] == b {
                    least = min(least, beforeLast[j - 1] + 1)
                }
                row.append(least)
            }
            (beforeLast, last) = (last, row)
        }
        return last[second.count]
    }
}
