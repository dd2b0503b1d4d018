// What is reported of the curvature of the loss at one set of weights (`HessianOperator`): both ends of the spectrum, the
// trace, the density, and how the gradient lies to the top eigenvectors.
//
// Eigenvalues in nats a token per squared unit of a parameter. The squared cosine between gradient and an eigenvector is in
// 0..1; over the top k they sum to the share of the gradient's square that lies in the top subspace. The overlap of two
// subspaces of k and k' vectors is |V1 V2^T|_F^2 / min(k, k'): the mean squared cosine of their principal angles, 0..1, with
// min(k, k') / n or less for random ones. That top eigenvalues rise while induction heads form is a hypothesis, not a
// result.
import Torch

/// The curvature of the loss on a batch.
public struct Spectrum: Equatable, Sendable, Codable {
    /// One end's eigenvalue.
    public struct Eigenvalue: Equatable, Sendable, Codable {
        /// With its sign.
        public var value: Double
        /// An eigenvalue lies within this distance of `value`.
        public var residual: Double
        /// Squared cosine between the gradient and the eigenvector, 0..1; nil where the gradient is zero.
        public var gradientCosine2: Double?

        private enum CodingKeys: String, CodingKey {
            case value, residual
            case gradientCosine2 = "gradient_cosine2"
        }
    }

    /// The blocks whose parameters move; nil for all.
    public var blocks: [String]?
    /// How many parameters that are.
    public var parameters: Int
    /// Mean loss on the batch, nats a token.
    public var loss: Double
    /// Length of the gradient.
    public var gradientNorm: Double
    /// The largest magnitude of an eigenvalue.
    public var spectralNorm: Double
    /// The largest eigenvalues, the largest first.
    public var top: [Eigenvalue]
    /// The smallest eigenvalues, the smallest first.
    public var bottom: [Eigenvalue]
    /// Whether every residual is within the tolerance that was asked for.
    public var isConverged: Bool
    /// The sum of all eigenvalues; nil where it was not asked for.
    public var trace: TraceEstimate?
    /// nil where it was not asked for.
    public var density: SpectralDensity?
    /// Overlap of the top subspace with that of an earlier spectrum, 0..1; nil where there is none.
    public var overlap: Double?
    /// How many Hessian-vector products it took.
    public var products: Int

    private enum CodingKeys: String, CodingKey {
        case blocks, parameters, loss
        case gradientNorm = "gradient_norm"
        case spectralNorm = "spectral_norm"
        case top, bottom
        case isConverged = "converged"
        case trace, density, overlap, products
    }
}
