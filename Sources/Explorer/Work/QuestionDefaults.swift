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
        case Ablate.command: Ablate(prompts: bigrams)
        case Patch.command: Patch(comparison: Comparison(prompts: bigrams(broken: .second)))
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

    private static var bigrams: CausalSource {
        CausalSource(.recipe(PromptRecipe(kind: .bigram, count: 64, seed: 42)))
    }

    private static func bigrams(broken corruption: Corruption) -> CausalSource {
        var source = bigrams
        source.corruption = corruption
        return source
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
