// What each analysis asks where nothing is said: the same as its command without options.
import Formation
import HTTPTypes
import Induction
import Lab

enum QuestionDefaults {
    /// The question of a command without options.
    ///
    /// - Throws: `APIError` with the code `unknown_command`.
    static func question(of command: String) throws -> any Analysis {
        switch command {
        case Scan.command: Scan()
        case Ablate.command: Ablate(prompts: Comparison.madePrompts(corruption: nil))
        case Patch.command:
            Patch(comparison: Comparison(prompts: Comparison.madePrompts(corruption: .second)))
        case CircuitSurvey.command: CircuitSurvey()
        case Lens.command: Lens()
        case Paths.command: Paths()
        case Attribution.command: Attribution()
        case Hessian.command: hessian
        default:
            throw APIError(
                .badRequest,
                "unknown_command",
                """
                there is no analysis '\(command.prefix(80))'; there are: \
                \(analyses.map { $0.command }.joined(separator: ", ")).
                """
            )
        }
    }

    private static var hessian: Hessian {
        Hessian(
            settings: CurvatureSettings(
                lanczos: LanczosSettings(top: 10, bottom: 5),
                traceProbes: 16,
                density: SpectralDensity.Settings(probes: 4)
            )
        )
    }
}
