// A spectrum as JSON, as text and as a figure.
import Figures
import Formation
public import Foundation
import Induction
import JSON
import Transformers

extension HessianResult {
    /// hessian.json.
    public func files() throws -> [NamedFile] { [NamedFile("hessian.json", try json())] }

    /// The spectrum of all parameters, those of single blocks in `parts`.
    public func json() throws -> Data {
        guard case .object(var report) = try JSONValue(encoding: whole) else {
            preconditionFailure("a spectrum is an object")
        }
        report["model"] = .string(model)
        report["prompts"] = [
            "source": .string(hessian.prompts.description), "count": .int(tokens.count),
            "tokens": .int(tokens.lengths.reduce(0, +)),
        ]
        report["parts"] = .array(try parts.map { try JSONValue(encoding: $0) })
        report["notes"] = .array(notes.map { .string($0) })
        return Data(JSONValue.object(report).text.utf8)
    }

    /// The ends of the spectrum, trace and loss.
    public var text: String {
        let heading = "\(model), \(tokens.count) \(hessian.prompts.description)\n"
        let spectra = [whole.text(of: "all parameters")] + parts.map { $0.text(of: $0.blocks?.first ?? "") }
        return heading + spectra.map { "\n" + $0 }.joined() + notes.map { "\n\($0)\n" }.joined()
    }

    /// The density, where there is one.
    public func figures(of model: LoadedModel) -> [NamedFigure] {
        guard let ridge = whole.ridge(at: 0) else { return [] }
        return [
            NamedFigure(
                name: "spectral_density",
                figure: Figures.SpectralDensity(
                    title: FigureTitle(
                        "Density of the Hessian's spectrum",
                        subtitle: [
                            "\(self.model), \(tokens.count) \(hessian.prompts.description)",
                            "stochastic Lanczos quadrature",
                        ]
                    ),
                    ridges: [ridge],
                    transition: nil
                )
            )
        ]
    }
}

extension Spectrum {
    /// What a reader must know about these.
    static func notes(on spectra: [Spectrum]) -> [String] {
        if spectra.allSatisfy(\.isConverged) { return [] }
        return [
            """
            Lanczos' process stopped at its limit of products before every residual was below the tolerance: eigenvalues hold \
            within their residuals only. Raise --max-products.
            """
        ]
    }

    /// Loss, trace and both ends; every line ended.
    func text(of name: String) -> String {
        var lines = [
            "\(name): \(parameters) parameters, loss \(number(loss)) nats a token, gradient \(number(gradientNorm))"
        ]
        if let trace { lines.append("trace \(number(trace.mean)) ± \(number(trace.se)) (standard error)") }
        let ends = [("top", top), ("bottom", bottom)].flatMap { end, values in
            values.enumerated().map { index, eigenvalue in
                [
                    "\(end) \(index + 1)", number(eigenvalue.value), number(eigenvalue.residual),
                    eigenvalue.gradientCosine2.map { String(format: "%.4f", $0) } ?? "undefined",
                ]
            }
        }
        let table = TextTable(
            heading: ["", "eigenvalue", "residual", "gradient cos²"],
            isText: [0],
            rows: ends
        )
        return lines.map { $0 + "\n" }.joined() + table.text
    }

    private func number(_ value: Double) -> String { String(format: "%.5g", value) }

    /// As a figure shows it at a step; nil without a density.
    func ridge(at step: Int) -> Figures.SpectralDensity.Ridge? {
        density.map { density in
            Figures.SpectralDensity.Ridge(
                step: step,
                eigenvalues: density.grid,
                density: density.values,
                outliers: top.map(\.value) + bottom.map(\.value)
            )
        }
    }
}
