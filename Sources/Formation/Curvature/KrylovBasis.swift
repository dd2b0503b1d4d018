// Lanczos' process: orthonormal vectors on which a symmetric matrix is tridiagonal.
//
// H q_j = b_{j-1} q_{j-1} + a_j q_j + b_j q_{j+1} (Lanczos 1950; Golub and Van Loan, Matrix Computations, 10.1). In
// finite precision the vectors lose their orthogonality as soon as an eigenvector is found, and eigenvalues come out more
// than once; so each new vector is made orthogonal to all others, twice, as two matrix products with all of them.
//
// Where b_j vanishes, the vectors span a space that H does not lead out of, and the process starts again with a random
// vector orthogonal to all: copies of a multiple eigenvalue lie there, of which the first sequence sees one.
import Torch

/// A tridiagonal matrix, and where its vectors are in the basis.
struct Tridiagonal {
    /// Row of the basis that holds its first vector.
    let first: Int
    /// a
    var diagonal: [Double] = []
    /// b; the last one leads out of the vectors there are.
    var couplings: [Double] = []

    /// Eigenvalues, ascending, and eigenvectors in columns, [m] and [m, m], float64.
    func eigh() -> (values: [Double], vectors: Tensor) {
        let size = diagonal.count
        var entries = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            entries[i * size + i] = diagonal[i]
            if i > 0 { entries[i * size + i - 1] = couplings[i - 1] }
        }
        let (values, vectors) = Tensor(entries, [size, size]).eigh()
        return (values.doubles, vectors)
    }
}

/// The vectors and what the matrix is on them.
struct KrylovBasis {
    /// One entry a sequence; the last may be empty.
    private(set) var sequences = [Tridiagonal(first: 0)]
    /// Vectors that have been multiplied.
    private(set) var count = 0
    private let matrix: any SymmetricOperator
    private let random: RandomSource
    private let rows: Tensor  // [capacity, n]
    /// The vector that is multiplied next; nil when there are n.
    private var next: Tensor?
    /// About the size of the matrix, from what has been seen.
    private var scale = 0.0

    /// - Parameters:
    ///   - capacity: vectors at most.
    ///   - start: any vector but zero, [n].
    init(of matrix: any SymmetricOperator, capacity: Int, start: Tensor, random: RandomSource) {
        self.matrix = matrix
        self.random = random
        rows = .empty(
            [min(capacity, matrix.dimension), matrix.dimension],
            dtype: matrix.dtype,
            device: matrix.device
        )
        next = start / start.norm()
    }

    /// Whether there is no vector to multiply, or no room for it.
    var isFull: Bool { next == nil || count == rows.size(0) }

    /// Whether the vectors span the whole space.
    var isComplete: Bool { count == matrix.dimension }

    /// Whether the last product ended a sequence.
    var isBroken: Bool { isComplete || sequences.last?.diagonal.isEmpty == true }

    /// Multiplies by the next vector.
    ///
    /// - Throws: `CurvatureError.nonFiniteProduct`, and what the matrix ends the process with.
    mutating func advance() throws {
        guard let vector = next else { preconditionFailure("the vectors span the whole space") }
        try matrix.beforeProduct()
        let product = matrix(vector)
        guard product.isAllFinite else { throw CurvatureError.nonFiniteProduct(after: count) }
        rows[count].assign(vector)
        count += 1
        let (once, first) = withoutComponents(product)
        let (rest, second) = withoutComponents(once)
        let along = (first + second)[count - 1].scalar
        let coupling = rest.norm().scalar
        scale = max(scale, along.magnitude, coupling)
        let last = sequences.count - 1
        sequences[last].diagonal.append(along)
        sequences[last].couplings.append(coupling)
        // What a product's rounding alone may leave.
        let rounding = 100 * (matrix.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
        if isComplete {
            next = nil
        } else if coupling > rounding * scale {
            next = rest / coupling
        } else {
            next = fresh()
            sequences.append(Tridiagonal(first: count))
        }
    }

    /// A vector less what it has in common with all vectors there are, and how much of each that was, [count].
    private func withoutComponents(_ vector: Tensor) -> (rest: Tensor, components: Tensor) {
        let known = rows[0..<count]
        let components = known.matmul(vector)
        return (vector - known.mT.matmul(components), components)
    }

    /// A random unit vector orthogonal to all there are.
    private func fresh() -> Tensor {
        var vector = random.normal([matrix.dimension], dtype: matrix.dtype)
        // Where few directions are left, most of a random vector goes: once more than else.
        for _ in 0..<3 {
            vector = withoutComponents(vector).rest
            vector = vector / vector.norm()
        }
        return vector
    }

    /// Combinations of the vectors: coefficients [k, count], float64, to [k, n].
    func combined(_ coefficients: Tensor) -> Tensor {
        coefficients.to(matrix.dtype, device: matrix.device).matmul(rows[0..<count])
    }
}
