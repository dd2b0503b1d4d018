// Where two receipts ask for something else.

import JSON

/// One thing that differs between two questions.
public struct ReceiptDifference: Equatable, Sendable, CustomStringConvertible {
    /// The way to it, like `environment / threads`.
    public let place: String
    /// What the first has; nil if it has nothing there.
    public let first: String?
    /// What the second has; nil if it has nothing there.
    public let second: String?

    /// One line.
    public var description: String { "\(place): \(first ?? "nothing") and \(second ?? "nothing")" }
}

extension Receipt.Question {
    /// What differs in `other`, sorted by place; empty if both must have the same results.
    public func differences(from other: Receipt.Question) -> [ReceiptDifference] {
        comparable.differences(from: other.comparable, at: [])
    }

    /// With inputs by name, so that a place says which one.
    private var comparable: JSONValue {
        let inputs = inputs.map { input in
            let files = input.files.map {
                ($0.name, JSONValue.string("\($0.size) bytes, SHA-256 \($0.sha256)"))
            }
            var fields = Dictionary(files, uniquingKeysWith: { _, last in last })
            if let hub = input.hub {
                fields["hub"] = .string("\(hub.id) at \(hub.commit ?? "no known commit")")
            }
            return ("\(input.role) \(input.name)", JSONValue.object(fields))
        }
        return [
            "command": .string(command), "experiment": experiment, "seed": .int(seed),
            "inputs": .object(Dictionary(inputs, uniquingKeysWith: { _, last in last })),
            "environment": environment.json,
        ]
    }
}

extension JSONValue {
    fileprivate func differences(from other: JSONValue, at place: [String]) -> [ReceiptDifference] {
        if self == other { return [] }
        switch (self, other) {
        case (.object(let first), .object(let second)):
            return Set(first.keys).union(second.keys).sorted().flatMap { name in
                JSONValue.differences(first[name], second[name], at: place + [name])
            }
        case (.array(let first), .array(let second)) where first.count == second.count:
            return first.indices.flatMap { index in
                JSONValue.differences(first[index], second[index], at: place + ["\(index)"])
            }
        default: return JSONValue.differences(self, other, at: place, areLeaves: true)
        }
    }

    private static func differences(
        _ first: JSONValue?,
        _ second: JSONValue?,
        at place: [String],
        areLeaves: Bool = false
    ) -> [ReceiptDifference] {
        if !areLeaves, let first, let second { return first.differences(from: second, at: place) }
        func shown(_ value: JSONValue) -> String {
            if case .string(let text) = value { Quoted.text(text) } else { Quoted.shortened(value.line) }
        }
        return [
            ReceiptDifference(
                place: place.joined(separator: " / "),
                first: first.map(shown),
                second: second.map(shown)
            )
        ]
    }
}
