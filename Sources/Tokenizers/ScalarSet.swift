// Sets of Unicode scalars as the expressions of tokenizer files write them: `\p{L}`, `[^\s\p{N}]`, `a`.
// A set is a few words of bits, so that asking for a scalar costs a shift.

/// A set of scalars: ASCII by scalar, all others by category and by ranges.
struct ScalarSet: Sendable, Equatable {
    /// The scalars below 64, and those from 64 to 127.
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Categories by number (``ScalarClasses/categories``), of scalars from 128.
    private var categories: UInt32 = 0
    /// Single ranges of scalars from 128; more than these are in no expression in use.
    private var ranges: (first: Range<UInt32>, second: Range<UInt32>, third: Range<UInt32>) = (
        0..<0, 0..<0, 0..<0
    )
    private var isNegated = false

    static func == (first: ScalarSet, second: ScalarSet) -> Bool {
        first.low == second.low && first.high == second.high && first.categories == second.categories
            && first.ranges == second.ranges && first.isNegated == second.isNegated
    }

    /// The empty set.
    init() {}

    /// The scalars whose category satisfies a condition.
    init(categories isIncluded: (Int) -> Bool) {
        for number in ScalarClasses.categories.indices where isIncluded(number) { categories |= 1 << number }
        for scalar in UInt32(0)..<128 {
            let category = ScalarClasses.shared.table[Int(scalar)] & ScalarClasses.categoryMask
            if categories >> category & 1 == 1 { insert(ascii: scalar) }
        }
    }

    /// The scalars of a category or of a family of categories, such as `Lu` or `L`; nil if there is none.
    init?(category name: String) {
        let names = ScalarClasses.categories
        let isKnown = names.contains(name) || name.count == 1 && names.contains { $0.hasPrefix(name) }
        guard isKnown else { return nil }
        self.init { names[$0].hasPrefix(name) }
    }

    /// White space.
    static let space = ScalarSet { $0 >= Int(ScalarClasses.firstSpace) }
    /// Everything but white space.
    static let notSpace = ScalarSet { $0 < Int(ScalarClasses.firstSpace) }

    /// Every scalar outside this set.
    var inverted: ScalarSet {
        var set = self
        set.low = ~low
        set.high = ~high
        set.isNegated.toggle()
        return set
    }

    private mutating func insert(ascii scalar: UInt32) {
        if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
    }

    /// Adds scalars; false if there is no room for another range.
    mutating func insert(_ scalars: ClosedRange<UInt32>) -> Bool {
        for scalar in scalars where scalar < 128 { insert(ascii: scalar) }
        let others = max(128, scalars.lowerBound)..<max(128, scalars.upperBound + 1)
        if others.isEmpty { return true }
        if ranges.first.isEmpty {
            ranges.first = others
        } else if ranges.second.isEmpty {
            ranges.second = others
        } else if ranges.third.isEmpty {
            ranges.third = others
        } else {
            return false
        }
        return true
    }

    /// Adds the scalars of a set that is not inverted; false if there is no room for its ranges.
    mutating func formUnion(_ other: ScalarSet) -> Bool {
        precondition(!other.isNegated && !isNegated, "unions are made before they are inverted")
        low |= other.low
        high |= other.high
        categories |= other.categories
        return [other.ranges.first, other.ranges.second, other.ranges.third].allSatisfy {
            $0.isEmpty || insert($0.lowerBound...$0.upperBound - 1)
        }
    }

    /// Whether a scalar of this set may begin with a byte.
    func mayBegin(with byte: UInt8) -> Bool {
        if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
        if byte < 128 { return high >> UInt64(byte & 63) & 1 == 1 }
        return isNegated || categories != 0 || !ranges.first.isEmpty
    }

    /// The length of the scalar at a place if it is in the set, else 0.
    @inline(__always)
    func matchLength(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ index: Int,
        _ classes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let first = bytes[index]
        if first < 64 { return Int(low >> UInt64(first) & 1) }
        if first < 128 { return Int(high >> UInt64(first & 63) & 1) }
        let (scalar, length) = decodeScalar(bytes, at: index)
        var isIncluded = categories >> UInt32(classes[Int(scalar)] & ScalarClasses.categoryMask) & 1 == 1
        if !isIncluded, !ranges.first.isEmpty {
            isIncluded =
                ranges.first.contains(scalar) || ranges.second.contains(scalar)
                || ranges.third.contains(scalar)
        }
        return isIncluded == isNegated ? 0 : length
    }
}
