// Nonlinearities of an MLP's hidden layer.
import CTorch

/// Nonlinearities, named by what they compute.
public enum Activation: String, Equatable, Sendable {
    /// x times the normal distribution function.
    case gelu
    /// The same by its tanh approximation.
    case geluTanh
    /// max(x, 0).
    case relu
    /// x times the logistic function.
    case silu

    /// The function, element by element.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.apply(operation, rawValue)
    }

    var operation: ct_unary {
        switch self {
        case .gelu: CT_GELU
        case .geluTanh: CT_GELU_TANH
        case .relu: CT_RELU
        case .silu: CT_SILU
        }
    }
}
