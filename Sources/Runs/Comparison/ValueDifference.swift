// How far the numbers of two files lie apart.

import Foundation

/// The largest differences between two sets of numbers that belong together one by one.
public struct ValueDifference: Equatable, Sendable {
    /// A difference and the place where it is.
    public struct Largest: Equatable, Sendable {
        /// Not negative; infinite if one of the numbers is not finite and the other is something else.
        public var value: Double
        /// Like `heads[3].mean`, `row 2, column mean` or `[1, 4]`.
        public var place: String
    }

    /// Numbers that were compared.
    public private(set) var count = 0
    /// Of them, those that differ.
    public private(set) var differing = 0
    /// Of |a - b|.
    public private(set) var absolute = Largest(value: 0, place: "")
    /// Of |a - b| / max(|a|, |b|).
    public private(set) var relative = Largest(value: 0, place: "")

    /// Takes up one pair. Two numbers that are not numbers (NaN) are equal.
    mutating func compare(_ first: Double, _ second: Double, at place: @autoclosure () -> String) {
        count += 1
        if first == second || (first.isNaN && second.isNaN) { return }
        differing += 1
        let isFinite = first.isFinite && second.isFinite
        let difference = isFinite ? abs(first - second) : .infinity
        let share = isFinite ? difference / max(abs(first), abs(second)) : .infinity
        if difference > absolute.value { absolute = Largest(value: difference, place: place()) }
        if share > relative.value { relative = Largest(value: share, place: place()) }
    }
}

extension ValueDifference: CustomStringConvertible {
    /// One line.
    public var description: String {
        """
        \(differing) of \(count) numbers differ: by at most \(digits(absolute.value)) at \(absolute.place), and by at \
        most \(digits(relative.value)) of the larger one at \(relative.place)
        """
    }

    /// Three digits tell the size of a difference.
    private func digits(_ value: Double) -> String {
        value.isFinite ? String(format: "%.3g", value) : "\(value)"
    }
}
