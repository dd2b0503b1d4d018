// Linear algebra on the last two axes.
import CTorch

extension Tensor {
    /// General square matrices [..., n, n]: complex eigenvalues [..., n], right eigenvectors in columns.
    public func eig() -> (values: Tensor, vectors: Tensor) {
        makePair("eig", [self]) { ct_eig($0, $1, raw) }
    }

    /// Complex eigenvalues [..., n] of general square matrices.
    public func eigenvalues() -> Tensor {
        make("eigenvalues", [self]) { ct_eigenvalues($0, raw) }
    }

    /// Symmetric matrices: real eigenvalues, ascending, eigenvectors in columns. Reads the lower triangle.
    public func eigh() -> (values: Tensor, vectors: Tensor) {
        makePair("eigh", [self]) { ct_eigh($0, $1, raw) }
    }

    /// Reduced singular value decomposition: self = u diag(s) vh, s descending.
    public func svd() -> (u: Tensor, s: Tensor, vh: Tensor) {
        var u: ct_tensor?
        var s: ct_tensor?
        var vh: ct_tensor?
        check(ct_svd(&u, &s, &vh, raw), "svd", [self])
        return (
            Tensor(TensorHandle(unwrap(u))), Tensor(TensorHandle(unwrap(s))), Tensor(TensorHandle(unwrap(vh)))
        )
    }

    /// Reduced QR decomposition: self = q r.
    public func qr() -> (q: Tensor, r: Tensor) {
        makePair("qr", [self]) { ct_qr($0, $1, raw) }
    }
}
