// Eigenvalues and eigenvectors at both ends of the spectrum of a symmetric matrix, by Lanczos' process.
//
// A Ritz value is an eigenvalue of the matrix on the vectors of the process. Its residual is |b_m y_m|, with b_m what
// leads out of the vectors and y_m the last entry of the eigenvector on them: the norm of H x - value x for its Ritz vector
// x. There is an eigenvalue within one residual of the value (to rounding); near the ends the value itself is off by
// about the residual squared over the gap to the next. Units are the matrix's.
//
// What it does not show: that no eigenvalue was missed. A single random start finds one copy of a multiple eigenvalue,
// unless the process breaks down and starts again; and a start without any component along an eigenvector misses it.
public import Torch

/// An estimate of an eigenvalue, with its sign.
public struct RitzValue: Equatable, Sendable, Codable {
    /// The estimate.
    public var value: Double
    /// An eigenvalue lies within this distance.
    public var residual: Double
}

/// What is asked of Lanczos' process.
public struct LanczosSettings: Equatable, Sendable, Codable {
    /// How many of the largest eigenvalues.
    public var top: Int
    /// How many of the smallest eigenvalues; negative ones are at this end.
    public var bottom: Int
    /// The process ends when no residual is above this share of the spectral norm.
    public var tolerance: Double
    /// The process ends after this many products.
    public var maximumProducts: Int
    /// Fixes the start.
    public var seed: UInt64

    /// All fields.
    public init(
        top: Int = 10,
        bottom: Int = 10,
        tolerance: Double = 1e-3,
        maximumProducts: Int = 200,
        seed: UInt64 = 0
    ) {
        self.top = top
        self.bottom = bottom
        self.tolerance = tolerance
        self.maximumProducts = maximumProducts
        self.seed = seed
    }
}

/// Both ends of a spectrum.
public struct ExtremeEigenpairs {
    /// The largest eigenvalues, the largest first.
    public let top: [RitzValue]
    /// The smallest eigenvalues, the smallest first.
    public let bottom: [RitzValue]
    /// Unit eigenvectors of `top`, [k, n].
    public let topVectors: Tensor
    /// Unit eigenvectors of `bottom`, [k, n].
    public let bottomVectors: Tensor
    /// The largest magnitude of a Ritz value, asked for or not.
    public let spectralNorm: Double
    /// How many products it took.
    public let products: Int
    /// Whether every residual is within the tolerance.
    public let isConverged: Bool

    /// Runs the process.
    ///
    /// - Parameter start: a vector [n] to start with, not zero; nil for a random one.
    /// - Throws: `CurvatureError`.
    public init(
        of matrix: any SymmetricOperator,
        settings: LanczosSettings = LanczosSettings(),
        start: Tensor? = nil
    ) throws {
        let asked = max(settings.top, settings.bottom)
        precondition(min(settings.top, settings.bottom) >= 0 && asked > 0, "no eigenvalue is asked for")
        if asked > matrix.dimension {
            throw CurvatureError.tooManyEigenvalues(asked: asked, parameters: matrix.dimension)
        }
        if asked > settings.maximumProducts {
            throw CurvatureError.tooFewProducts(limit: settings.maximumProducts, asked: asked)
        }
        let random = RandomSource(seed: settings.seed, device: matrix.device)
        var basis = KrylovBasis(
            of: matrix,
            capacity: settings.maximumProducts,
            start: start ?? random.normal([matrix.dimension], dtype: matrix.dtype),
            random: random
        )
        var ends = SpectrumEnds(settings)
        var check = asked
        repeat {
            try basis.advance()
            guard basis.count >= check || basis.isFull else { continue }
            ends.update(basis)
            // Now and then is enough: for large bases the small eigenproblem is no longer small.
            check = basis.count + max(1, basis.count / 20)
        } while !basis.isFull && !ends.isConverged
        top = ends.top.map(\.ritz)
        bottom = ends.bottom.map(\.ritz)
        topVectors = basis.vectors(of: ends.top)
        bottomVectors = basis.vectors(of: ends.bottom)
        spectralNorm = ends.spectralNorm
        products = basis.count
        isConverged = ends.isConverged
    }
}

/// A Ritz value and its vector on the basis: a column of one sequence's eigenvectors.
private struct RitzPair {
    let ritz: RitzValue
    let first: Int
    let coefficients: Tensor  // [m]
}

extension KrylovBasis {
    /// Ritz vectors, [k, n], of length 1.
    fileprivate func vectors(of pairs: [RitzPair]) -> Tensor {
        let coefficients = Tensor.zeros([pairs.count, count], dtype: .float64)
        for (row, pair) in pairs.enumerated() {
            coefficients[row][pair.first..<pair.first + pair.coefficients.size(0)].assign(pair.coefficients)
        }
        let vectors = combined(coefficients)
        return vectors / vectors.norm(1, keep: true)
    }
}

/// The Ritz values at both ends, and whether they are good enough.
private struct SpectrumEnds {
    private(set) var top: [RitzPair] = []
    private(set) var bottom: [RitzPair] = []
    private(set) var spectralNorm = 0.0
    private(set) var isConverged = false
    private let settings: LanczosSettings
    /// Pairs of the sequences that have ended.
    private var ended: [RitzPair] = []
    private var endedSequences = 0

    init(_ settings: LanczosSettings) {
        self.settings = settings
    }

    mutating func update(_ basis: KrylovBasis) {
        let filled = basis.sequences.filter { !$0.diagonal.isEmpty }
        for sequence in filled.dropLast().dropFirst(endedSequences) { ended += Self.pairs(sequence) }
        endedSequences = filled.count - 1
        let current = filled.last.map(Self.pairs) ?? []
        let all = ended + current
        top = Array(all.sorted { $0.ritz.value > $1.ritz.value }.prefix(settings.top))
        bottom = Array(all.sorted { $0.ritz.value < $1.ritz.value }.prefix(settings.bottom))
        spectralNorm = all.map(\.ritz.value.magnitude).max() ?? 0
        let slack = settings.tolerance * spectralNorm
        let isThere = top.count == settings.top && bottom.count == settings.bottom
        let isExact = (top + bottom).allSatisfy { $0.ritz.residual <= slack }
        isConverged =
            basis.isComplete || isThere && isExact && (ended.isEmpty || !adds(current, to: ended, slack))
    }

    /// Whether the sequence after a breakdown may have more to give: copies of a multiple eigenvalue come one a sequence, so
    /// the process goes on until a sequence has brought none.
    private func adds(_ current: [RitzPair], to ended: [RitzPair], _ slack: Double) -> Bool {
        let values = ended.map(\.ritz.value).sorted()
        guard let low = current.first?.ritz, let high = current.last?.ritz,
            low.residual <= slack, high.residual <= slack,
            values.count >= max(settings.top, settings.bottom)
        else { return true }
        let addsAbove = settings.top > 0 && high.value > values[values.count - settings.top] + slack
        let addsBelow = settings.bottom > 0 && low.value < values[settings.bottom - 1] - slack
        return addsAbove || addsBelow
    }

    /// All pairs of one sequence, values ascending.
    private static func pairs(_ sequence: Tridiagonal) -> [RitzPair] {
        let (values, vectors) = sequence.eigh()
        let last = vectors[values.count - 1].doubles
        let coupling = sequence.couplings.last ?? 0
        return values.indices.map { index in
            RitzPair(
                ritz: RitzValue(value: values[index], residual: (coupling * last[index]).magnitude),
                first: sequence.first,
                coefficients: vectors.select(1, index)
            )
        }
    }
}
