// Curvature in words.
import Formation
import Foundation

extension HessianResult {
    /// Both ends of the spectrum.
    public var findings: [String] {
        func number(_ value: Double) -> String { String(format: "%.4g", value) }
        guard let top = whole.top.first else { return ["No eigenvalue of \(model)'s Hessian was asked for."] }
        var findings = [
            "The loss of \(model) curves most along one direction with \(number(top.value)) (largest eigenvalue of the Hessian "
                + "over \(whole.parameters) parameters)."
        ]
        if let bottom = whole.bottom.first {
            findings.append(
                bottom.value < 0
                    ? "The smallest eigenvalue is \(number(bottom.value)): the model is not at a minimum of this batch's loss."
                    : "The smallest eigenvalue that was found is \(number(bottom.value))."
            )
        }
        if let trace = whole.trace {
            findings.append("The trace is \(number(trace.mean)) ± \(number(trace.se)) (standard error).")
        }
        return findings
    }
}
