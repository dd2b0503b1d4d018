// A tensor as it lies in a mapped file: the one idea of all containers.
//
// Promises: every element lies in `fileRange`, which lies in the file; whoever makes one has checked that.

import Files
public import Torch

/// One tensor of an open file; keeps the file mapped while it lives.
public struct StoredTensor: Sendable {
    /// The tensor's name.
    public let name: String
    /// The element type. Stored little endian.
    public let dtype: DType
    /// The sizes of the axes; empty for a scalar.
    public let shape: [Int]
    /// Elements between neighbours along each axis.
    public let strides: [Int]
    /// Where its bytes are, from the first element to the last, counted from the start of the file. Where it has
    /// gaps, they may hold other tensors.
    public let fileRange: Range<Int>
    private let map: MappedFile

    /// A tensor whose elements lie in `fileRange` of `map`; without strides, row-major.
    init(
        name: String,
        dtype: DType,
        shape: [Int],
        strides: [Int]? = nil,
        fileRange: Range<Int>,
        map: MappedFile
    ) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.strides = strides ?? StoredTensor.rowMajor(shape)
        self.fileRange = fileRange
        self.map = map
    }

    /// How many bytes ``fileRange`` has.
    public var byteCount: Int { fileRange.count }

    /// How many elements it has.
    public var count: Int { shape.reduce(1, *) }

    /// Whether the elements lie row-major without gaps.
    public var isContiguous: Bool {
        // An axis of one element has no neighbours; its stride may be anything.
        count == 0
            || zip(zip(shape, strides), StoredTensor.rowMajor(shape)).allSatisfy { $0.0 == 1 || $0.1 == $1 }
    }

    /// Whether ``withUnsafeBytes(_:)`` gives an address that fits the element type. Most writers see to it,
    /// but no format demands it: copy the bytes where this is false.
    public var isAligned: Bool { fileRange.lowerBound % dtype.size == 0 }

    /// Calls `body` with the bytes of ``fileRange``: little endian, perhaps not aligned (``isAligned``), row-major if
    /// the tensor is contiguous.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try map.withUnsafeBytes(in: fileRange, body)
    }

    /// Calls `body` with one piece of the bytes of a contiguous tensor after the other, and where in the tensor each
    /// begins, and gives its memory back before the next, so that a tensor of any size is read with little
    /// resident memory.
    ///
    /// - Parameter size: bytes of a piece; the last may have fewer. Choose a multiple of the element size.
    public func forEachPiece<Failure: Error>(
        of size: Int = 8 << 20,
        _ body: (UnsafeRawBufferPointer, Int) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(isContiguous, "pieces of tensor \(name), which has gaps")
        precondition(size > 0 && size % dtype.size == 0, "pieces of \(size) bytes of \(dtype)")
        for start in stride(from: fileRange.lowerBound, to: fileRange.upperBound, by: size) {
            let range = start..<min(start + size, fileRange.upperBound)
            try map.withUnsafeBytes(in: range) { (bytes) throws(Failure) in
                try body(bytes, start - fileRange.lowerBound)
            }
            map.release(range)
        }
    }

    /// Gives back the memory of the pages that only this tensor lies on. Call it when the bytes have been
    /// copied.
    public func release() { map.release(fileRange) }

    /// Gives back the pages of some of its bytes, counted from its first.
    func release(_ range: Range<Int>) {
        map.release(fileRange.lowerBound + range.lowerBound..<fileRange.lowerBound + range.upperBound)
    }

    private static func rowMajor(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        return strides
    }
}
