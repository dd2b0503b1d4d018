// Reading NumPy's .npy files of floating-point numbers.
//
// Takes format versions 1 to 3, little endian, row-major, `<f4` and `<f8`: what this project writes, and what NumPy writes
// of such arrays. Source: NumPy, `numpy.lib.format`.

/// A view of a file in memory.
struct NumpyArray {
    enum Element: String {
        case float32 = "<f4"
        case float64 = "<f8"

        var size: Int { self == .float32 ? 4 : 8 }
    }

    let element: Element
    let shape: [Int]
    /// Number of elements.
    let count: Int
    private let data: UnsafeRawBufferPointer

    /// Nil if the bytes are not such a file, or not all of it.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12, 1...3 ~= bytes[6] else {
            return nil
        }
        // Version 1 has a length of 2 bytes, later ones of 4.
        let lengthBytes = bytes[6] == 1 ? 2 : 4
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = 8 + lengthBytes
        guard length <= bytes.count - start else { return nil }
        let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
        guard header.contains("'fortran_order': False"),
            let element = NumpyArray.between("'descr': '", "'", in: header).flatMap(Element.init),
            let axes = NumpyArray.between("'shape': (", ")", in: header)
        else { return nil }
        var shape: [Int] = []
        var count = 1
        for axis in axes.split(separator: ",") {
            let digits = axis.drop { $0 == " " }
            // The comma after a single axis may have a space behind it.
            if digits.isEmpty { continue }
            guard let size = Int(digits), size >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            shape.append(size)
            count = product
        }
        data = UnsafeRawBufferPointer(rebasing: bytes[(start + length)...])
        guard count <= data.count / element.size, count * element.size == data.count else { return nil }
        (self.element, self.shape, self.count) = (element, shape, count)
    }

    /// The element at a row-major index.
    subscript(index: Int) -> Double {
        switch element {
        case .float32: Double(data.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
        case .float64: data.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
        }
    }

    /// The index along each axis.
    func position(_ index: Int) -> [Int] {
        var rest = index
        return Array(
            shape.reversed().map { size in
                defer { rest /= size }
                return rest % size
            }.reversed()
        )
    }

    private static func between(_ start: String, _ end: String, in text: String) -> String? {
        guard let begin = text.firstRange(of: start)?.upperBound,
            let stop = text[begin...].firstRange(of: end)?.lowerBound
        else { return nil }
        return String(text[begin..<stop])
    }
}
