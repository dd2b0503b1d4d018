// The density of a symmetric matrix's spectrum, by stochastic Lanczos quadrature (Ubaru, Chen and Saad 2017; Ghorbani,
// Krishnan and Xiao 2019, section 2).
//
// For a random unit vector u the measure sum_i (u . x_i)^2 at eigenvalue i has the spectrum's density as its mean. m
// products of Lanczos' process give m nodes and weights (its Ritz values and the squares of their vectors' first entries)
// that integrate polynomials up to degree 2 m - 1 as that measure does. Here it is the mean over probes of random signs, each
// node spread to a normal density of standard deviation `width`. Density per unit of eigenvalue; its integral is 1.
//
// What it does not show: anything finer than `width`, and single eigenvalues of large matrices: one of n weighs 1/n.
import Foundation
import Torch

/// A density on a grid.
public struct SpectralDensity: Equatable, Sendable, Codable {
    /// Eigenvalues, evenly spaced, from four widths below the lowest node to four above the highest.
    public var grid: [Double]
    /// Density at each, per unit of eigenvalue.
    public var values: [Double]
    /// Standard deviation that a node is spread by.
    public var width: Double
    /// Number of random vectors.
    public var probes: Int
    /// Products of each.
    public var steps: Int

    /// What the density is asked with.
    public struct Settings: Equatable, Sendable, Codable {
        /// Number of random vectors.
        public var probes: Int
        /// Products of each, at most.
        public var steps: Int
        /// Standard deviation that a node is spread by; nil for a hundredth of the nodes' range.
        public var width: Double?
        /// Points of the grid.
        public var points: Int

        /// All fields.
        public init(probes: Int = 4, steps: Int = 40, width: Double? = nil, points: Int = 257) {
            self.probes = probes
            self.steps = steps
            self.width = width
            self.points = points
        }
    }

    init(_ quadrature: LanczosQuadrature, settings: Settings) {
        precondition(settings.points > 1, "a grid of \(settings.points) points")
        let nodes = quadrature.nodes
        let (low, high) = (nodes.min() ?? 0, nodes.max() ?? 0)
        // A spectrum of one value has no range; any width shows it.
        let width =
            settings.width ?? max(0.01 * (high - low), 1e-3 * max(low.magnitude, high.magnitude), 1e-12)
        let (start, end) = (low - 4 * width, high + 4 * width)
        let step = (end - start) / Double(settings.points - 1)
        let grid = (0..<settings.points).map { start + step * Double($0) }
        let peak = 1 / (width * (2 * Double.pi).squareRoot())
        values = grid.map { point in
            zip(nodes, quadrature.weights).reduce(0) { sum, node in
                let distance = (point - node.0) / width
                return sum + node.1 * peak * exp(-distance * distance / 2)
            }
        }
        self.grid = grid
        self.width = width
        probes = settings.probes
        steps = settings.steps
    }
}

/// Nodes and weights whose sums stand for means over the spectrum.
struct LanczosQuadrature {
    /// Eigenvalues.
    private(set) var nodes: [Double] = []
    /// Their shares; the sum is 1.
    private(set) var weights: [Double] = []
    /// z . H z of each probe z of signs: what the trace is estimated from.
    private(set) var quadraticForms: [Double] = []
    /// How many products it took.
    private(set) var products = 0

    /// - Throws: `CurvatureError.nonFiniteProduct`.
    init(of matrix: any SymmetricOperator, probes: Int, steps: Int, random: RandomSource) throws {
        precondition(probes > 0 && steps > 0, "\(probes) probes, \(steps) products")
        for _ in 0..<probes {
            var basis = KrylovBasis(
                of: matrix,
                capacity: steps,
                start: random.signs(matrix.dimension, dtype: matrix.dtype),
                random: random
            )
            repeat { try basis.advance() } while !basis.isFull && !basis.isBroken
            let sequence = basis.sequences[0]
            let (values, vectors) = sequence.eigh()
            nodes += values
            weights += vectors[0].doubles.map { $0 * $0 / Double(probes) }
            quadraticForms.append(sequence.diagonal[0] * Double(matrix.dimension))
            products += basis.count
        }
    }
}
