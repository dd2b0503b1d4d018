// Arithmetic and comparison, element by element, with NumPy's broadcasting.
import CTorch

extension Tensor {
    /// Sum.
    public static func + (a: Tensor, b: Tensor) -> Tensor { make("+", [a, b]) { ct_add($0, a.raw, b.raw) } }
    /// Difference.
    public static func - (a: Tensor, b: Tensor) -> Tensor {
        make("-", [a, b]) { ct_subtract($0, a.raw, b.raw) }
    }
    /// Product, element by element.
    public static func * (a: Tensor, b: Tensor) -> Tensor {
        make("*", [a, b]) { ct_multiply($0, a.raw, b.raw) }
    }
    /// Quotient; integers are divided as floating-point numbers.
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        make("/", [a, b]) { ct_divide($0, a.raw, b.raw) }
    }

    // With a number. A whole number keeps an integer tensor an integer tensor.

    /// Sum.
    public static func + (a: Tensor, b: Double) -> Tensor { make("+", [a]) { ct_add_scalar($0, a.raw, b) } }
    /// Difference.
    public static func - (a: Tensor, b: Double) -> Tensor { make("-", [a]) { ct_add_scalar($0, a.raw, -b) } }
    /// Product.
    public static func * (a: Tensor, b: Double) -> Tensor {
        make("*", [a]) { ct_multiply_scalar($0, a.raw, b) }
    }
    /// Quotient.
    public static func / (a: Tensor, b: Double) -> Tensor {
        make("/", [a]) { ct_divide_scalar($0, a.raw, b) }
    }
    /// Sum.
    public static func + (a: Double, b: Tensor) -> Tensor { b + a }
    /// Difference.
    public static func - (a: Double, b: Tensor) -> Tensor { -b + a }
    /// Product.
    public static func * (a: Double, b: Tensor) -> Tensor { b * a }

    /// Negation.
    public static prefix func - (a: Tensor) -> Tensor { a.apply(CT_NEGATE, "-") }

    /// Power.
    public func pow(_ exponent: Double) -> Tensor {
        make("pow(\(exponent))", [self]) { ct_power_scalar($0, raw, exponent) }
    }

    /// Power, element by element.
    public func pow(_ exponent: Tensor) -> Tensor {
        make("pow", [self, exponent]) { ct_power($0, raw, exponent.raw) }
    }

    /// The larger of two, element by element.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
        make("maximum", [a, b]) { ct_maximum($0, a.raw, b.raw) }
    }

    /// The smaller of two, element by element.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
        make("minimum", [a, b]) { ct_minimum($0, a.raw, b.raw) }
    }

    /// Each element held inside a range.
    public func clamp(_ range: ClosedRange<Double>) -> Tensor {
        make("clamp(\(range))", [self]) { ct_clamp($0, raw, range.lowerBound, range.upperBound) }
    }

    /// Absolute value.
    public func abs() -> Tensor { apply(CT_ABS, "abs") }
    /// e to the power of each element.
    public func exp() -> Tensor { apply(CT_EXP, "exp") }
    /// Natural logarithm.
    public func log() -> Tensor { apply(CT_LOG, "log") }
    /// Square root.
    public func sqrt() -> Tensor { apply(CT_SQRT, "sqrt") }
    /// One over the square root.
    public func rsqrt() -> Tensor { apply(CT_RSQRT, "rsqrt") }
    /// Sine, of radians.
    public func sin() -> Tensor { apply(CT_SIN, "sin") }
    /// Cosine, of radians.
    public func cos() -> Tensor { apply(CT_COS, "cos") }
    /// Hyperbolic tangent.
    public func tanh() -> Tensor { apply(CT_TANH, "tanh") }
    /// Logistic function.
    public func sigmoid() -> Tensor { apply(CT_SIGMOID, "sigmoid") }
    /// Error function.
    public func erf() -> Tensor { apply(CT_ERF, "erf") }
    /// -1, 0 or 1.
    public func sign() -> Tensor { apply(CT_SIGN, "sign") }
    /// Largest whole number not above.
    public func floor() -> Tensor { apply(CT_FLOOR, "floor") }
    /// Nearest whole number, halves to even.
    public func round() -> Tensor { apply(CT_ROUND, "round") }

    func apply(_ operation: ct_unary, _ name: String) -> Tensor {
        make(name, [self]) { ct_apply($0, operation, raw) }
    }
}

extension Tensor {
    /// bool: a = b.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { a.compare(CT_EQUAL, ".==", b) }
    /// bool: a ≠ b.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { a.compare(CT_NOT_EQUAL, ".!=", b) }
    /// bool: a < b.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { a.compare(CT_LESS, ".<", b) }
    /// bool: a ≤ b.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { a.compare(CT_LESS_EQUAL, ".<=", b) }
    /// bool: a > b.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { a.compare(CT_GREATER, ".>", b) }
    /// bool: a ≥ b.
    public static func .>= (a: Tensor, b: Tensor) -> Tensor { a.compare(CT_GREATER_EQUAL, ".>=", b) }

    /// bool: a = b.
    public static func .== (a: Tensor, b: Double) -> Tensor { a.compare(CT_EQUAL, ".==", b) }
    /// bool: a ≠ b.
    public static func .!= (a: Tensor, b: Double) -> Tensor { a.compare(CT_NOT_EQUAL, ".!=", b) }
    /// bool: a < b.
    public static func .< (a: Tensor, b: Double) -> Tensor { a.compare(CT_LESS, ".<", b) }
    /// bool: a > b.
    public static func .> (a: Tensor, b: Double) -> Tensor { a.compare(CT_GREATER, ".>", b) }

    /// bool: both.
    public static func .& (a: Tensor, b: Tensor) -> Tensor {
        make(".&", [a, b]) { ct_logical_and($0, a.raw, b.raw) }
    }
    /// bool: either.
    public static func .| (a: Tensor, b: Tensor) -> Tensor {
        make(".|", [a, b]) { ct_logical_or($0, a.raw, b.raw) }
    }
    /// bool: not.
    public static prefix func .! (a: Tensor) -> Tensor { a.apply(CT_LOGICAL_NOT, ".!") }

    /// bool: neither NaN nor infinite.
    public func isFinite() -> Tensor { apply(CT_ISFINITE, "isFinite") }

    /// Whether shape, type and every element are the same; NaN differs from itself.
    public func isEqual(to other: Tensor) -> Bool {
        var result = false
        check(ct_all_equal(&result, raw, other.raw), "isEqual", [self, other])
        return result
    }

    private func compare(_ comparison: ct_comparison, _ name: String, _ other: Tensor) -> Tensor {
        make(name, [self, other]) { ct_compare($0, comparison, raw, other.raw) }
    }

    private func compare(_ comparison: ct_comparison, _ name: String, _ other: Double) -> Tensor {
        make(name, [self]) { ct_compare_scalar($0, comparison, raw, other) }
    }
}

prefix operator .!
