// From a model and a batch to a spectrum.
public import Torch
public import Transformers

/// What is asked about curvature.
public struct CurvatureSettings: Equatable, Sendable, Codable {
    /// The two ends.
    public var lanczos: LanczosSettings
    /// Random vectors for the trace, two or more, those of the density counted; 0 for no trace.
    public var traceProbes: Int
    /// The density; nil for none.
    public var density: SpectralDensity.Settings?
    /// Type to compute in; nil for the model's own.
    public var dtype: DType?

    /// All fields.
    public init(
        lanczos: LanczosSettings = LanczosSettings(),
        traceProbes: Int = 0,
        density: SpectralDensity.Settings? = nil,
        dtype: DType? = nil
    ) {
        self.lanczos = lanczos
        self.traceProbes = traceProbes
        self.density = density
        self.dtype = dtype
    }

    /// Products with the Hessian, at most.
    public var mostProducts: Int {
        let probes = density.map(\.probes) ?? 0
        return lanczos.maximumProducts + probes * (density.map(\.steps) ?? 0) + max(0, traceProbes - probes)
    }

    /// Vectors of all parameters that are kept at once, at most.
    public var mostVectors: Int { max(lanczos.maximumProducts, density.map(\.steps) ?? 0) }
}

/// A spectrum and the eigenvectors at its ends.
public struct Curvature {
    /// The numbers.
    public let spectrum: Spectrum
    /// Unit eigenvectors of `spectrum.top`, [k, n].
    public let topVectors: Tensor
    /// Unit eigenvectors of `spectrum.bottom`, [k, n].
    public let bottomVectors: Tensor
    /// Time it took, in seconds.
    public let seconds: Double

    /// Measures the Hessian of the mean next-token loss.
    ///
    /// - Parameters:
    ///   - tokens: the batch; each token but a prompt's first is predicted.
    ///   - blocks: whose parameters move; nil for all.
    ///   - previousTop: top eigenvectors [k, n] of the same parameters at an earlier set of weights: for the overlap, and
    ///     Lanczos' process starts near them, which saves products where the weights have not moved far.
    ///   - onProduct: called before each product with the Hessian.
    /// - Throws: `CurvatureError`, `TokensError`, and what `onProduct` throws.
    public init(
        of model: Transformer,
        on tokens: Tokens,
        blocks: [ParameterBlock]? = nil,
        settings: CurvatureSettings = CurvatureSettings(),
        previousTop: Tensor? = nil,
        onProduct: @escaping () throws -> Void = {}
    ) throws {
        let clock = ContinuousClock()
        let began = clock.now
        let hessian = try HessianOperator(
            model,
            on: tokens,
            blocks: blocks,
            dtype: settings.dtype,
            onProduct: onProduct
        )
        let ends = try ExtremeEigenpairs(
            of: hessian,
            settings: settings.lanczos,
            start: previousTop.map { start(near: $0, for: hessian, seed: settings.lanczos.seed) }
        )
        var products = ends.products
        // Another stream than the one that Lanczos' process starts from.
        let random = RandomSource(seed: settings.lanczos.seed &+ 1, device: hessian.device)
        var forms: [Double] = []
        let density = try settings.density.map { asked in
            let quadrature = try LanczosQuadrature(
                of: hessian,
                probes: asked.probes,
                steps: asked.steps,
                random: random
            )
            forms = quadrature.quadraticForms
            products += quadrature.products
            return SpectralDensity(quadrature, settings: asked)
        }
        if settings.traceProbes > forms.count {
            let more = settings.traceProbes - forms.count
            forms += try TraceEstimate.values(of: hessian, probes: more, random: random)
            products += more
        }
        topVectors = ends.topVectors
        bottomVectors = ends.bottomVectors
        spectrum = Spectrum(
            blocks: blocks.map { $0.map(\.description) },
            parameters: hessian.dimension,
            loss: hessian.loss,
            gradientNorm: hessian.gradient.norm().scalar,
            spectralNorm: ends.spectralNorm,
            top: eigenvalues(ends.top, ends.topVectors, gradient: hessian.gradient),
            bottom: eigenvalues(ends.bottom, ends.bottomVectors, gradient: hessian.gradient),
            isConverged: ends.isConverged,
            trace: settings.traceProbes > 0 ? TraceEstimate(forms) : nil,
            density: density,
            overlap: previousTop.map { overlap(ends.topVectors, $0) },
            products: products
        )
        seconds = (clock.now - began) / .seconds(1)
    }
}

/// Half the eigenvectors [k, n] of an earlier spectrum, in equal shares, half a random vector, in which what is new has its part.
private func start(near known: Tensor, for hessian: HessianOperator, seed: UInt64) -> Tensor {
    precondition(
        known.size(1) == hessian.dimension,
        "vectors of \(known.size(1)) parameters for \(hessian.dimension)"
    )
    let random = RandomSource(seed: seed, device: hessian.device)
    let noise = random.normal([hessian.dimension], dtype: hessian.dtype)
    return noise / noise.norm() + known.sum(0).to(hessian.dtype) / Double(known.size(0)).squareRoot()
}

/// Ritz values with the squared cosines between their vectors [k, n] and the gradient [n].
private func eigenvalues(_ values: [RitzValue], _ vectors: Tensor, gradient: Tensor) -> [Spectrum.Eigenvalue]
{
    let length = gradient.norm().scalar
    let cosines = length > 0 ? (vectors.matmul(gradient) / length).doubles.map { $0 * $0 } : nil
    return values.enumerated().map { index, ritz in
        Spectrum.Eigenvalue(value: ritz.value, residual: ritz.residual, gradientCosine2: cosines?[index])
    }
}

/// The mean squared cosine of the principal angles between the spans of unit vectors [k, n] and [k', n].
func overlap(_ a: Tensor, _ b: Tensor) -> Double {
    precondition(a.size(1) == b.size(1), "vectors \(a.shape) and \(b.shape)")
    let cosines = a.to(.float64).matmul(b.to(.float64).mT)
    return (cosines * cosines).sum().scalar / Double(min(a.size(0), b.size(0)))
}
