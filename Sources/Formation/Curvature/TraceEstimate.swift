// The trace of a symmetric matrix from random vectors (Hutchinson 1990).
//
// For z of independent signs the expectation of z . H z is the trace; its spread is sqrt(2 (|H|_F^2 - sum H_ii^2)). The
// estimate is the mean over probes, its standard error their standard deviation over the root of their number. Where a few
// eigenvalues are far larger than the others, the values z . H z are skewed, and intervals from few probes too short.
public import Torch

/// A trace with its uncertainty.
public struct TraceEstimate: Equatable, Sendable, Codable {
    /// Mean over the probes.
    public var mean: Double
    /// Standard error of the mean.
    public var se: Double
    /// Number of random vectors.
    public var probes: Int

    /// From the values z . H z of two probes or more.
    init(_ values: [Double]) {
        precondition(values.count > 1, "\(values.count) probes")
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        se = (squares / (count - 1) / count).squareRoot()
        probes = values.count
    }

    /// Asks a matrix.
    ///
    /// - Throws: `CurvatureError.nonFiniteProduct`.
    public init(of matrix: any SymmetricOperator, probes: Int, random: RandomSource) throws {
        self.init(try Self.values(of: matrix, probes: probes, random: random))
    }

    /// z . H z for random z.
    static func values(of matrix: any SymmetricOperator, probes: Int, random: RandomSource) throws -> [Double]
    {
        try (0..<probes).map { index in
            try matrix.beforeProduct()
            let probe = random.signs(matrix.dimension, dtype: matrix.dtype)
            let value = (probe * matrix(probe)).sum().scalar
            guard value.isFinite else { throw CurvatureError.nonFiniteProduct(after: index) }
            return value
        }
    }

    /// Where the trace is with a probability of 95%, if the probes' values are about normal: mean and Student's
    /// distribution with probes - 1 degrees of freedom.
    public var interval: ClosedRange<Double> {
        let reach = se * Self.studentQuantile(degreesOfFreedom: Double(probes - 1))
        return mean - reach...mean + reach
    }

    /// The 97.5% quantile of Student's distribution, by the expansion around the normal one (Abramowitz and Stegun 26.7.5);
    /// within 1% from four degrees of freedom on.
    static func studentQuantile(degreesOfFreedom n: Double) -> Double {
        let x = 1.959963984540054
        let square = x * x
        let first = x * (square + 1) / 4
        let second = x * ((5 * square + 16) * square + 3) / 96
        let third = x * (((3 * square + 19) * square + 17) * square - 15) / 384
        let fourth = x * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160
        return x + (first + (second + (third + fourth / n) / n) / n) / n
    }
}

extension RandomSource {
    /// -1 or 1, each with the same probability: [count].
    func signs(_ count: Int, dtype: DType) -> Tensor {
        integers(0..<2, [count]).to(dtype) * 2 - 1
    }
}
