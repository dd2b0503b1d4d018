// Two NumPy arrays, element by element.

import Files

extension FileComparison {
    /// The verdict on two files whose bytes differ; nil if one of them is not an array of floating-point numbers.
    static func compareNumpy(_ first: MappedFile, _ second: MappedFile) -> Verdict? {
        first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                guard let a = NumpyArray(first), let b = NumpyArray(second) else { return nil }
                guard a.shape == b.shape else {
                    return .other("the shape is \(a.shape) in the first and \(b.shape) in the second")
                }
                guard a.element == b.element else {
                    return .other(
                        "the type is \(a.element.rawValue) in the first and \(b.element.rawValue) in the second"
                    )
                }
                var numbers = ValueDifference()
                for index in 0..<a.count { numbers.compare(a[index], b[index], at: "\(a.position(index))") }
                return numbers.differing > 0
                    ? .numbers(numbers) : .other("all values are equal, their bytes are not")
            }
        }
    }
}
