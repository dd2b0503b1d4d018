// A symmetric matrix that is known by its products with vectors.
public import Torch

/// A real symmetric matrix [n, n].
public protocol SymmetricOperator {
    /// n.
    var dimension: Int { get }
    /// Type of the vectors.
    var dtype: DType { get }
    /// Where the vectors are.
    var device: Device { get }
    /// The matrix times a vector [n]: [n].
    func callAsFunction(_ vector: Tensor) -> Tensor
    /// Called before each product of a long process; what it throws ends the process.
    func beforeProduct() throws
}

extension SymmetricOperator {
    /// Nothing.
    public func beforeProduct() {}

    /// The matrix times each row of [m, n]: [m, n].
    public func products(_ rows: Tensor) -> Tensor {
        .stack((0..<rows.size(0)).map { self(rows[$0]) })
    }
}
