// What was probably meant by a misspelled word.

package enum Spelling {
    /// The words that are near `word`, the nearest first, equally near ones in their order. A longer word leaves room for
    /// more mistakes: one in `letters`.
    package static func near(_ word: String, among words: [String], oneMistakeIn letters: Int = 3) -> [String]
    {
        let written = Array(word.lowercased().utf8)
        let most = max(1, written.count / letters)
        let distances = words.map { ($0, distance(written, Array($0.lowercased().utf8), most: most)) }
        return (0...most).flatMap { near in distances.filter { $0.1 == near }.map(\.0) }
    }

    /// How many letters must be put in, taken out, replaced, or swapped with the next one to get from one text to the
    /// other; `most + 1` where it is more than that.
    package static func distance(_ first: [UInt8], _ second: [UInt8], most: Int) -> Int {
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
        return min(last[second.count], most + 1)
    }
}
