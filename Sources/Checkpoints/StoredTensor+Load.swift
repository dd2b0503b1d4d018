// From the bytes of a file to a tensor: mapped, arranged, converted and copied once.
//
// Memory: pages are given back as they are read, so that beside the result only one piece of the file is resident
// where `arrange` keeps the order of the elements, and one tensor where it does not.
// Numbers: a NaN or an infinity is an error. Each piece is looked at right after it was copied, while it is in the
// processor's cache.

import Torch

extension StoredTensor {
    /// Copies the tensor.
    ///
    /// - Parameters:
    ///   - source: the file, as messages name it.
    ///   - arrange: turns a view of the file's layout into a view of the layout that is wanted.
    /// - Throws: `CheckpointError` where a number is not finite, in the file or in `dtype`.
    func load(
        source: String,
        dtype: DType,
        device: Device,
        arrange: (Tensor) -> Tensor
    ) throws -> Tensor {
        defer { release() }
        return try withView { view in
            let arranged = arrange(view)
            let result = Tensor.empty(arranged.shape, dtype: dtype, device: device)
            let inOrder = isContiguous && arranged.isContiguous && arranged.count == count
            // In the order of the file pieces may be cut anywhere, else along the first axis.
            let (target, origin) = inOrder ? (result.reshape(-1), arranged.reshape(-1)) : (result, arranged)
            guard device == .cpu, arranged.count > StoredTensor.piece else {
                result.assign(arranged)
                if !result.isAllFinite { throw notFinite(view, source: source, dtype: dtype) }
                return result
            }
            let rows = origin.size(0)
            let step = max(1, StoredTensor.piece / (origin.count / rows))
            for start in stride(from: 0, to: rows, by: step) {
                let range = start..<min(start + step, rows)
                let part = target[range]
                part.assign(origin[range])
                if !part.isAllFinite { throw notFinite(view, source: source, dtype: dtype) }
                if inOrder {
                    release(range.lowerBound * self.dtype.size..<range.upperBound * self.dtype.size)
                }
            }
            return result
        }
    }

    /// Elements that are copied at once: about as many as fit a processor's cache.
    private static let piece = 1 << 18

    /// Hands `body` a view of the mapped bytes (of a copy, where they are not aligned). No view may leave `body`.
    private func withView<Result>(_ body: (Tensor) throws -> Result) rethrows -> Result {
        try withUnsafeBytes { bytes in
            if isAligned {
                return try Tensor.withView(of: bytes, shape: shape, strides: strides, dtype: dtype, body)
            }
            return try Array(bytes).withUnsafeBytes {
                try Tensor.withView(of: $0, shape: shape, strides: strides, dtype: dtype, body)
            }
        }
    }

    /// The error that says where the first number is that is not finite: in the file, or only in `dtype`.
    private func notFinite(_ view: Tensor, source: String, dtype: DType) -> CheckpointError {
        let flat = view.reshape(-1)
        if let (place, value) = firstNotFinite(flat, in: self.dtype) {
            return .notFinite(source: source, name: name, index: index(place), value: "\(value)")
        }
        let (place, value) = firstNotFinite(flat, in: dtype) ?? (0, .nan)
        return .beyondRange(
            source: source,
            name: name,
            index: index(place),
            value: "\(value)",
            dtype: "\(dtype)"
        )
    }

    /// The place, and the value in the file, of the first element that is not finite in `dtype`.
    private func firstNotFinite(_ flat: Tensor, in dtype: DType) -> (Int, Double)? {
        for start in stride(from: 0, to: flat.count, by: StoredTensor.piece) {
            let part = flat[start..<min(start + StoredTensor.piece, flat.count)]
            let values = part.to(dtype).doubles
            if let place = values.firstIndex(where: { !$0.isFinite }) {
                return (start + place, part[place].scalar)
            }
        }
        return nil
    }

    /// The index along each axis of the element at a place in row-major order.
    private func index(_ place: Int) -> [Int] {
        var rest = place
        var index: [Int] = []
        for size in shape.reversed() {
            index.insert(rest % size, at: 0)
            rest /= size
        }
        return index
    }
}
