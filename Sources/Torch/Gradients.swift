// Automatic differentiation. Off everywhere, on only inside `withGradients`.
import CTorch

/// Records operations for differentiation while `body` runs, on this thread.
public func withGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    try withGradMode(true, body)
}

/// Records nothing while `body` runs, on this thread; for evaluations inside `withGradients`.
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    try withGradMode(false, body)
}

private func withGradMode<Result>(_ enabled: Bool, _ body: () throws -> Result) rethrows -> Result {
    var before = false
    check(ct_grad_mode(&before), "gradMode")
    check(ct_set_grad_mode(enabled), "gradMode")
    defer { check(ct_set_grad_mode(before), "gradMode") }
    return try body()
}

extension Tensor {
    /// Whether operations on this tensor are recorded inside `withGradients`.
    public var requiresGradient: Bool {
        var result = false
        check(ct_requires_grad(&result, raw), "requiresGradient")
        return result
    }

    /// This tensor, marked in place as one that gradients are taken with respect to.
    public func requiringGradient(_ required: Bool = true) -> Tensor {
        check(ct_set_requires_grad(raw, required), "requiringGradient", [self])
        return self
    }

    /// The same storage without its history.
    public func detached() -> Tensor {
        make("detached", [self]) { ct_detach($0, raw) }
    }
}

/// d(outputs . weights)/d(inputs), one tensor an input, of the input's shape. Inputs that the outputs do not depend
/// on get zeros.
///
/// - Parameters:
///   - outputs: recorded tensors; without `weights` each is one number.
///   - weights: of the outputs' shapes.
///   - createGraph: record the gradients too, for second derivatives.
///   - retainGraph: keep the recording for another call; by default as `createGraph`.
public func gradients(
    of outputs: [Tensor],
    weights: [Tensor]? = nil,
    withRespectTo inputs: [Tensor],
    createGraph: Bool = false,
    retainGraph: Bool? = nil
) -> [Tensor] {
    var raws = [ct_tensor?](repeating: nil, count: inputs.count)
    let status = withHandles(outputs) { outputHandles, outputCount in
        withHandles(inputs) { inputHandles, inputCount in
            withHandles(weights ?? []) { weightHandles, _ in
                ct_grad(
                    &raws,
                    outputHandles,
                    weights == nil ? nil : weightHandles,
                    outputCount,
                    inputHandles,
                    inputCount,
                    retainGraph ?? createGraph,
                    createGraph
                )
            }
        }
    }
    check(status, "gradients", outputs)
    return raws.map { Tensor(TensorHandle(unwrap($0))) }
}

/// Many tensors as one vector.
extension [Tensor] {
    /// The Euclidean norm of all their elements.
    public var commonNorm: Double {
        var norm = 0.0
        check(withHandles(self) { ct_common_norm(&norm, $0, $1) }, "commonNorm", self)
        return norm
    }

    /// Multiplies all of them, in place.
    public func multiplyInPlace(_ factor: Double) {
        check(withHandles(self) { ct_scale_($0, $1, factor) }, "multiplyInPlace", self)
    }
}
