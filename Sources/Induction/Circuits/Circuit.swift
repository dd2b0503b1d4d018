// A circuit of one head, by its eigenvalues and its norm.
//
// Quantities: the eigenvalues l of the whole vocab x vocab circuit, from a d_head x d_head product that has the same
// non-zero ones, by a general solver (circuits are not symmetric); score = sum(Re l) / sum(|l|), -1..1; the Frobenius
// norm of the d_model x d_model map inside. Of W_E W_OV W_U the score is the copying score (Elhage et al. 2021); of W_E
// W_QK W_E^T it says whether tokens are looked at by equal tokens (1) or by all others (-1). Eigenvalues show which
// tokens act on themselves, not on which others.
import Torch

/// A complex number.
public struct ComplexValue: Sendable, Equatable, Codable {
    /// Real part.
    public var real: Double
    /// Imaginary part.
    public var imaginary: Double

    /// Both parts.
    public init(real: Double, imaginary: Double) {
        self.real = real
        self.imaginary = imaginary
    }

    /// Distance from zero.
    public var magnitude: Double { (real * real + imaginary * imaginary).squareRoot() }
}

/// The eigenvalues and the norm of a head's OV or QK circuit.
public struct Circuit: Sendable, Equatable, Codable {
    /// d_head eigenvalues, largest magnitude first, that hold all non-zero ones of the whole circuit.
    public var eigenvalues: [ComplexValue]
    /// Sum of real parts over sum of magnitudes, -1..1; nil where the circuit is zero.
    public var score: Double?
    /// Frobenius norm of W_OV or W_QK.
    public var norm: Double

    /// What follows from the eigenvalues.
    init(eigenvalues: [ComplexValue], norm: Double) {
        self.eigenvalues = eigenvalues.sorted {
            ($0.magnitude, $0.real, $0.imaginary) > ($1.magnitude, $1.real, $1.imaginary)
        }
        let total = eigenvalues.reduce(0) { $0 + $1.magnitude }
        score = total > 0 ? eigenvalues.reduce(0) { $0 + $1.real } / total : nil
        self.norm = norm
    }
}

extension HeadFactors {
    /// Each head's OV circuit; `product` is W_U W_E, [d_model, d_model].
    func ov(through product: Tensor) -> [Circuit] {
        circuits(o.matmul(product).matmul(v), squares: v.mT.matmul(v) * o.matmul(o.mT))
    }

    /// Each head's QK circuit with a rotation [d_head, d_head] between the two maps; `product` is W_E^T W_E,
    /// [d_model, d_model].
    func qk(through product: Tensor, rotation: Tensor?) -> [Circuit] {
        let q = rotation.map { self.q.matmul($0) } ?? self.q
        return circuits(k.mT.matmul(product).matmul(q), squares: q.mT.matmul(q) * k.mT.matmul(k))
    }

    /// - Parameters:
    ///   - small: [head, d_head, d_head], with the eigenvalues of the circuits.
    ///   - squares: what adds up to the squared norm of each.
    private func circuits(_ small: Tensor, squares: Tensor) -> [Circuit] {
        let parts = small.eigenvalues().viewAsReal()  // [head, d_head, 2]
        let norms = squares.sum(1, 2).doubles.map { max($0, 0).squareRoot() }
        return norms.enumerated().map { head, norm in
            let values = parts[head].doubles
            let eigenvalues = stride(from: 0, to: values.count, by: 2)
                .map { ComplexValue(real: values[$0], imaginary: values[$0 + 1]) }
            return Circuit(eigenvalues: eigenvalues, norm: norm)
        }
    }
}
