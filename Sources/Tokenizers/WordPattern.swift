// The expressions that tokenizer files split text with, as a small backtracking machine. It knows what
// these files use: alternatives, sets of scalars with greedy or possessive repetition, `(?!\S)`, groups
// that stand once or not at all. That is little enough for each construct to mean the same here as in the
// reference (Oniguruma), where other engines differ in case folding, in the version of Unicode, or in what
// `\s` is; and unlike a scanner for each expression it grows no code with the next family of models.

/// A compiled expression that finds words in text.
struct WordPattern: Sendable, Equatable {
    /// One instruction of the machine.
    enum Step: Sendable, Equatable {
        /// From `min` to `max` scalars of a set, as many as possible; a possessive repetition gives none
        /// of them back.
        case scalars(ScalarSet, min: Int, max: Int, isPossessive: Bool)
        /// Not before a scalar of the set.
        case notBefore(ScalarSet)
        /// Goes on at the next step; if nothing there matches, that many steps further.
        case either(skip: Int)
        /// Goes on that many steps further.
        case jump(skip: Int)
        /// A whole alternative has matched.
        case match
    }

    let steps: [Step]
    /// For each first byte the step of the first alternative that can begin with it; bytes from 128 share
    /// the last place. Most alternatives of most expressions are never tried.
    private let entries: [Int]

    /// Makes a pattern of steps of which the last one is a match.
    init(steps: [Step]) {
        var steps = steps
        // A jump to the end is the end, which is known sooner.
        for index in steps.indices {
            if case .jump(let skip) = steps[index], steps[index + skip] == .match { steps[index] = .match }
        }
        self.steps = steps
        entries = (0...128).map { [steps] in Self.entry(steps, UInt8($0)) }
    }

    private static func entry(_ steps: [Step], _ byte: UInt8) -> Int {
        var index = 0
        while case .either(let skip) = steps[index], !canBegin(steps, index + 1, byte) { index += skip }
        return index
    }

    /// Whether what matches from a step on may begin with a byte; true where that is hard to say.
    private static func canBegin(_ steps: [Step], _ first: Int, _ byte: UInt8) -> Bool {
        guard case .scalars(let set, let min, _, _) = steps[first] else { return true }
        return set.mayBegin(with: byte) || min == 0 && canBegin(steps, first + 1, byte)
    }

    /// Calls `body` with each part of `range`, which must hold valid UTF-8, in order: the matches, and
    /// the text between them.
    @inline(__always)
    func forEachPart(
        _ bytes: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        _ body: (_ part: Range<Int>, _ isMatch: Bool) throws -> Void
    ) rethrows {
        try withMachine(bytes, limit: range.upperBound) { machine in
            var unmatched = range.lowerBound
            var index = range.lowerBound
            while index < range.upperBound {
                guard let end = machine.matchEnd(index) else {
                    index += decodeScalar(bytes, at: index).length
                    continue
                }
                if unmatched < index { try body(unmatched..<index, false) }
                try body(index..<end, true)
                index = end
                unmatched = end
            }
            if unmatched < range.upperBound { try body(unmatched..<range.upperBound, false) }
        }
    }

    @inline(__always)
    private func withMachine(
        _ bytes: UnsafeBufferPointer<UInt8>,
        limit: Int,
        _ body: (Machine) throws -> Void
    ) rethrows {
        try ScalarClasses.shared.table.withUnsafeBufferPointer { classes in
            try steps.withUnsafeBufferPointer { steps in
                try entries.withUnsafeBufferPointer { entries in
                    try body(
                        Machine(steps: steps, entries: entries, bytes: bytes, limit: limit, classes: classes)
                    )
                }
            }
        }
    }
}

/// One text to match in.
private struct Machine {
    let steps: UnsafeBufferPointer<WordPattern.Step>
    let entries: UnsafeBufferPointer<Int>
    let bytes: UnsafeBufferPointer<UInt8>
    let limit: Int
    let classes: UnsafeBufferPointer<UInt8>

    /// The end of the match that begins at a place, if there is one.
    @inline(__always)
    func matchEnd(_ start: Int) -> Int? { run(entries[Int(min(bytes[start], 128))], start) }

    /// The end of the match that begins with a step at a place, if there is one. Recursion is no deeper
    /// than there are steps.
    private func run(_ first: Int, _ start: Int) -> Int? {
        var step = first
        var index = start
        while true {
            switch steps[step] {
            case .match: return index
            case .jump(let skip): step += skip
            case .notBefore(let set):
                if index < limit, set.matchLength(bytes, index, classes) > 0 { return nil }
                step += 1
            case .either(let skip):
                if let end = run(step + 1, index) { return end }
                step += skip
            case .scalars(let set, let min, let max, let isPossessive):
                var count = 0
                var end = index
                while count < max, end < limit {
                    let length = set.matchLength(bytes, end, classes)
                    if length == 0 { break }
                    end += length
                    count += 1
                }
                if count < min { return nil }
                step += 1
                if case .match = steps[step] { return end }
                if !isPossessive {
                    while count > min {
                        if let end = run(step, end) { return end }
                        end = scalarStart(bytes, before: end)
                        count -= 1
                    }
                }
                index = end
            }
        }
    }
}
