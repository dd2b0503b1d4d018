// Spectra of models: what is in them, and what cannot be had.
import Foundation
import Testing
import Torch
import Transformers

@testable import Formation

@Suite struct CurvatureTests {
    private func fixture() throws -> CurvatureFixture { try #require(CurvatureFixture.all.first) }

    private let settings = CurvatureSettings(
        lanczos: LanczosSettings(top: 4, bottom: 3, tolerance: 1e-9),
        traceProbes: 40,
        density: SpectralDensity.Settings(probes: 5, steps: 20)
    )

    @Test(arguments: CurvatureFixture.all)
    func aSpectrumIsThatOfTheDenseHessian(fixture: CurvatureFixture) throws {
        let curvature = try Curvature(of: fixture.model(), on: Tokens(fixture.prompts), settings: settings)
        let spectrum = curvature.spectrum
        let expected = CurvatureFixture.numbers(fixture.eigenvalues).doubles
        let gradient = CurvatureFixture.numbers(fixture.gradient)
        #expect(spectrum.parameters == expected.count && spectrum.blocks == nil && spectrum.isConverged)
        #expect((spectrum.loss - fixture.loss).magnitude < 1e-12)
        #expect((spectrum.gradientNorm - gradient.norm().scalar).magnitude < 1e-12)
        #expect(largestDifference(spectrum.top.map(\.value), Array(expected.reversed().prefix(4))) < 1e-8)
        #expect(largestDifference(spectrum.bottom.map(\.value), Array(expected.prefix(3))) < 1e-8)
        #expect((spectrum.spectralNorm - (expected.map(\.magnitude).max() ?? 0)).magnitude < 1e-8)
        let trace = try #require(spectrum.trace)
        #expect(trace.probes == 40)
        #expect((trace.mean - expected.reduce(0, +)).magnitude < 4 * trace.se)
        #expect(spectrum.density?.probes == 5 && spectrum.overlap == nil)
        #expect(spectrum.products >= 5 * 20 + 35 + 7)
        // Cosines against the vectors themselves.
        let vectors = DenseMatrix(of: try fixture.hessian()).matrix.eigh().vectors
        for (index, eigenvalue) in spectrum.top.enumerated() {
            let vector = vectors.select(1, expected.count - 1 - index)
            let cosine = (vector * gradient).sum().scalar / gradient.norm().scalar
            #expect((try #require(eigenvalue.gradientCosine2) - cosine * cosine).magnitude < 1e-7)
        }
    }

    @Test func theSameSeedGivesTheSameSpectrum() throws {
        let (model, tokens) = (try fixture().model(), try Tokens(fixture().prompts))
        let (a, b) = (
            try Curvature(of: model, on: tokens, settings: settings).spectrum,
            try Curvature(of: model, on: tokens, settings: settings).spectrum
        )
        #expect(a == b)
        var other = a
        other.loss += 1
        #expect(a != other)
    }

    @Test func onlyWhatIsAskedForIsThere() throws {
        let (model, tokens) = (try fixture().model(), try Tokens(fixture().prompts))
        let asked = CurvatureSettings(lanczos: LanczosSettings(top: 2, bottom: 0), dtype: .float32)
        let spectrum = try Curvature(of: model, on: tokens, blocks: [.attention(layer: 1)], settings: asked)
            .spectrum
        #expect(spectrum.trace == nil && spectrum.density == nil && spectrum.bottom.isEmpty)
        #expect(spectrum.blocks == ["attention.1"] && spectrum.parameters == 12 * 6 + 12 + 6 * 4 + 6)
    }

    @Test func overlapIsTheMeanSquaredCosineOfPrincipalAngles() throws {
        let basis = RandomSource(seed: 1).normal([9, 9], dtype: .float64).qr().q.mT.contiguous()
        let angle = 0.6
        let turned = Tensor.stack([basis[0] * cos(angle) + basis[5] * sin(angle), basis[1]])
        #expect((overlap(basis[0..<2], turned) - (cos(angle) * cos(angle) + 1) / 2).magnitude < 1e-12)
        #expect((overlap(basis[0..<2], basis[0..<5]) - 1).magnitude < 1e-12)
        #expect(overlap(basis[0..<2], basis[4..<6]).magnitude < 1e-12)
        // Of a spectrum with itself, and with that of other weights.
        let (model, tokens) = (try fixture().model(), try Tokens(fixture().prompts))
        let first = try Curvature(of: model, on: tokens, settings: settings)
        let again = try Curvature(of: model, on: tokens, settings: settings, previousTop: first.topVectors)
        #expect((try #require(again.spectrum.overlap) - 1).magnitude < 1e-8)
        model.parameters[0].multiplyInPlace(-1)
        let moved = try Curvature(of: model, on: tokens, settings: settings, previousTop: first.topVectors)
        #expect((0..<0.99).contains(try #require(moved.spectrum.overlap)))
    }

    @Test func anEarlierSpectrumSavesProducts() throws {
        let (model, tokens) = (try fixture().model(), try Tokens(fixture().prompts))
        let asked = CurvatureSettings(lanczos: LanczosSettings(top: 4, bottom: 0, tolerance: 1e-4))
        let first = try Curvature(of: model, on: tokens, settings: asked)
        for (index, parameter) in model.parameters.enumerated() {
            let noise = RandomSource(seed: UInt64(index)).normal(parameter.shape, dtype: .float64)
            parameter.addInPlace(noise, scale: 1e-4)
        }
        let cold = try Curvature(of: model, on: tokens, settings: asked).spectrum
        let warm = try Curvature(of: model, on: tokens, settings: asked, previousTop: first.topVectors)
            .spectrum
        #expect(warm.products < cold.products && warm.isConverged)
        let difference = largestDifference(warm.top.map(\.value), cold.top.map(\.value))
        #expect(difference < 1e-4 * cold.spectralNorm)
    }

    @Test func jsonHasTheDocumentedNamesAndIsReadBack() throws {
        let (model, tokens) = (try fixture().model(), try Tokens(fixture().prompts))
        let spectrum = try Curvature(of: model, on: tokens, settings: settings).spectrum
        let data = try JSONEncoder().encode(spectrum)
        #expect(try JSONDecoder().decode(Spectrum.self, from: data) == spectrum)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "parameters", "loss", "gradient_norm", "spectral_norm", "top", "bottom", "converged", "trace",
                "density", "products",
            ]
        )
        let top = try #require(object["top"] as? [[String: Any]])
        #expect(Set(top[0].keys) == ["value", "residual", "gradient_cosine2"])
        #expect(Set(try #require(object["trace"] as? [String: Any]).keys) == ["mean", "se", "probes"])
    }

    @Test func aBatchWithoutNextTokensIsRefused() throws {
        #expect(throws: CurvatureError.nothingToPredict) {
            try HessianOperator(fixture().model(), on: Tokens([[1], [2]]))
        }
    }

    @Test func aLossThatIsNotFiniteIsRefused() throws {
        let model = try fixture().model()
        let tokens = try Tokens(fixture().prompts)
        model.parameters[0].fill(.nan)
        do {
            _ = try HessianOperator(model, on: tokens)
            Issue.record("no error")
        } catch CurvatureError.nonFiniteLoss(let loss) {
            #expect(loss.isNaN)
        }
    }
}

@Suite struct CurvatureErrorTests {
    @Test func textsSayWhatToDo() {
        let texts: [(CurvatureError, String)] = [
            (
                .unknownBlock("mlp.7", available: ["embedding", "mlp.0"]),
                "the model has no parameters in a block \"mlp.7\"; its blocks are embedding, mlp.0."
            ),
            (
                .noBlocks(available: ["embedding", "mlp.0"]),
                "no block is named; name some of embedding, mlp.0, or leave the restriction out."
            ),
            (
                .tooManyEigenvalues(asked: 10, parameters: 6),
                "10 eigenvalues are asked for at one end, the Hessian of 6 parameters has 6; ask for at most 6, or for "
                    + "more blocks."
            ),
            (
                .tooManyEigenvalues(asked: 2, parameters: 1),
                "2 eigenvalues are asked for at one end, the Hessian of 1 parameter has 1; ask for at most 1, or for "
                    + "more blocks."
            ),
            (
                .tooFewProducts(limit: 5, asked: 10),
                "10 eigenvalues are asked for at one end, which takes at least 10 Hessian-vector products, and the "
                    + "limit is 5; raise the limit (two to four times the number of eigenvalues is usual), or ask for "
                    + "fewer."
            ),
            (
                .nothingToPredict,
                "no prompt has a second token, so there is no next token to predict; give prompts of two tokens or more."
            ),
            (
                .nonFiniteLoss(.infinity),
                "the loss on the batch is inf, and so there is no curvature; take a checkpoint from before training "
                    + "diverged, or train with a lower learning rate or gradient clipping."
            ),
            (
                .nonFiniteGradient(loss: 2.5),
                "the loss on the batch is 2.5, but its gradient has entries that are not finite; compute in float64, or "
                    + "take a checkpoint from before training diverged."
            ),
            (
                .nonFiniteProduct(after: 3),
                "a Hessian-vector product has entries that are not finite, after 3 that were; compute in float64, or "
                    + "take a checkpoint from before training diverged."
            ),
        ]
        for (error, text) in texts { #expect(error.description == text) }
    }
}
