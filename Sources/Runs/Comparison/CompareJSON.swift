// Two JSON files, value by value.

import Foundation
import JSON

extension FileComparison {
    /// The verdict on two files whose bytes differ; nil if one of them is not JSON.
    static func compareJSON(_ first: URL, _ second: URL) -> Verdict? {
        var limits = JSONLimits.python
        limits.values = 20_000_000
        guard let first = try? JSONField(reading: first, size: 1 << 30, limits: limits),
            let second = try? JSONField(reading: second, size: 1 << 30, limits: limits)
        else { return nil }
        var walk = JSONWalk()
        walk.compare(JSONValue(first), JSONValue(second))
        if let mismatch = walk.mismatch { return .other(mismatch) }
        if walk.numbers.differing > 0 { return .numbers(walk.numbers) }
        return .other("all values are equal, their text is not")
    }
}

private struct JSONWalk {
    var numbers = ValueDifference()
    /// The first difference that is none of numbers.
    var mismatch: String?
    private var path: [Step] = []

    private enum Step {
        case name(String)
        case index(Int)
    }

    mutating func compare(_ first: JSONValue, _ second: JSONValue) {
        if mismatch != nil { return }
        switch (first, second) {
        case (.number(let a), .number(let b)):
            let path = path
            if let a = Double(a), let b = Double(b) { numbers.compare(a, b, at: JSONWalk.place(path)) }
        case (.array(let a), .array(let b)):
            guard a.count == b.count else {
                mismatch = "\(place) has \(a.count) values in the first and \(b.count) in the second"
                return
            }
            for index in a.indices { step(.index(index)) { $0.compare(a[index], b[index]) } }
        case (.object(let a), .object(let b)):
            for name in Set(a.keys).union(b.keys).sorted() {
                step(.name(name)) { walk in
                    if let first = a[name], let second = b[name] {
                        walk.compare(first, second)
                    } else if walk.mismatch == nil {
                        walk.mismatch = "\(walk.place) is only in the \(a[name] == nil ? "second" : "first")"
                    }
                }
            }
        case _ where first == second: break
        default:
            let (a, b) = (Quoted.shortened(first.line), Quoted.shortened(second.line))
            mismatch = "\(place) is \(a) in the first and \(b) in the second"
        }
    }

    private mutating func step(_ step: Step, _ body: (inout JSONWalk) -> Void) {
        path.append(step)
        body(&self)
        path.removeLast()
    }

    private var place: String { JSONWalk.place(path) }

    private static func place(_ path: [Step]) -> String {
        let text = path.reduce("") { text, step in
            switch step {
            case .name(let name): text.isEmpty ? name : "\(text).\(name)"
            case .index(let index): "\(text)[\(index)]"
            }
        }
        return text.isEmpty ? "the whole" : text
    }
}
