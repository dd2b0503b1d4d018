// What an analysis may ask for over the network: numbers that the command line's options refuse, which the analyses take as
// a programmer's mistake, and sizes that would keep the machine busy for hours.
import Formation
import Foundation
import Induction
import Lab
import Torch

enum QuestionLimits {
    /// Prompts of one question.
    static let prompts = 10_000
    /// Tokens of a made prompt.
    static let length = 8192
    /// Anything else that is counted.
    static let count = 10_000

    /// - Throws: `APIError` with the field and its range.
    static func check(_ question: any Analysis) throws {
        switch question {
        case let scan as Scan: try check(scan.prompts)
        case let ablate as Ablate: try check(ablate)
        case let patch as Patch: try check(patch)
        case let survey as CircuitSurvey: try check(survey)
        case let lens as Lens: try check(lens)
        case let paths as Paths: try check(paths)
        case let attribution as Attribution: try check(attribution)
        case let hessian as Hessian: try check(hessian)
        default: throw APIError.badRequest("\(type(of: question).command) cannot be asked for here.")
        }
    }

    private static func check(_ ablate: Ablate) throws {
        try check(ablate.prompts)
        try check(ablate.components)
        try require("top", ablate.top, in: 1...count)
        try require(
            ablate.components.kind != .residual,
            "components.kind: a residual stream cannot be ablated."
        )
        let keepsBias = ablate.zeroPoint != .raw
        let isZero = ablate.mode == .zero || ablate.mode == .patternPreserving
        try require(
            !keepsBias || (ablate.components.kind == .head && isZero),
            "zeroPoint says what zero is for a head: it goes with heads and the modes zero and pattern-preserving."
        )
    }

    private static func check(_ patch: Patch) throws {
        try check(patch.comparison)
        try check(patch.components)
        try require("top", patch.top, in: 1...count)
        try require(patch.threshold.isFinite, "threshold must be a number.")
        try require(
            !patch.isByPosition || patch.components.kind == .residual,
            "isByPosition goes with components.kind resid."
        )
        if case .at(let positions) = patch.positions {
            try require(!positions.isEmpty, "positions names none.")
            for position in positions { try require("positions", position, in: 0...length) }
        }
    }

    private static func check(_ survey: CircuitSurvey) throws {
        try require("draws", survey.draws, in: 1...count)
        try require("offsets", survey.offsets.count, in: 1...16, of: "offsets")
        for offset in survey.offsets { try require("offsets", offset, in: 0...1_000_000) }
        try require(isDistinct(survey.offsets), "offsets names one twice.")
        try require(
            !survey.kinds.isEmpty && isDistinct(survey.kinds),
            "kinds: each of q, k and v at most once, one at least."
        )
    }

    private static func check(_ lens: Lens) throws {
        try check(lens.prompts)
        try require("topCount", lens.topCount, in: 1...100)
        try require("example", lens.example, in: 0...prompts)
        try require((0...1).contains(lens.threshold), "threshold must be from 0 to 1.")
    }

    private static func check(_ paths: Paths) throws {
        try check(paths.comparison)
        try require(
            !paths.inputs.isEmpty && isDistinct(paths.inputs),
            "inputs: each of q, k and v at most once, one at least."
        )
        for (name, choice) in [("senders", paths.senders), ("receivers", paths.receivers)] {
            switch choice {
            case .all: break
            case .listed(let heads):
                try require(
                    !heads.isEmpty && isDistinct(heads),
                    "\(name): each head at most once, one at least."
                )
            case .highest(let number, _): try require(name, number, in: 1...count, of: "heads")
            }
        }
    }

    private static func check(_ attribution: Attribution) throws {
        try check(attribution.comparison)
        if let kinds = attribution.kinds {
            try require(
                !kinds.isEmpty && isDistinct(kinds) && !kinds.contains(.layer),
                "kinds: each of head, attn, mlp and resid at most once, one at least."
            )
        }
        if let top = attribution.checkTop {
            try require("checkTop", top, in: 0...count)
            try require(
                top + min(attribution.checkSample, 1) > 0,
                "checkTop 0 and checkSample 0 check nothing."
            )
        }
        try require("checkSample", attribution.checkSample, in: 0...count)
    }

    private static func check(_ hessian: Hessian) throws {
        try check(hessian.prompts)
        if case .recipe(let recipe) = hessian.prompts {
            // They are one batch, whose graph is kept.
            let tokens = recipe.count * (recipe.length ?? recipe.kind.defaultLength)
            try require("prompts", tokens, in: 1...16_384, of: "tokens in all")
        }
        let settings = hessian.settings
        try require("settings.lanczos.top", settings.lanczos.top, in: 1...1000)
        try require("settings.lanczos.bottom", settings.lanczos.bottom, in: 0...1000)
        try require("settings.lanczos.maximumProducts", settings.lanczos.maximumProducts, in: 1...1000)
        let tolerance = settings.lanczos.tolerance
        try require(tolerance > 0 && tolerance < 1, "settings.lanczos.tolerance must be above 0 and below 1.")
        try require("settings.traceProbes", settings.traceProbes, in: 0...1000)
        try require(
            settings.traceProbes != 1,
            "settings.traceProbes must be 0, or 2 or more for a standard error."
        )
        try require(
            [nil, .float32, .float64].contains(settings.dtype),
            "settings.dtype is float32 or float64."
        )
        try require("blocks", hessian.blocks.count, in: 0...1000, of: "blocks")
        guard let density = settings.density else { return }
        try require("settings.density.probes", density.probes, in: 1...100)
        try require("settings.density.steps", density.steps, in: 1...200)
        try require("settings.density.points", density.points, in: 2...10_000)
        if let width = density.width {
            try require(width > 0 && width.isFinite, "settings.density.width must be above 0.")
        }
    }
}

// Parts of questions
extension QuestionLimits {
    private static func check(_ comparison: Comparison) throws { try check(comparison.prompts) }

    private static func check(_ components: ComponentChoice) throws {
        try require(
            components.heads == nil || components.layers == nil,
            "components.heads and components.layers exclude each other."
        )
        try require(
            components.heads == nil || components.kind == .head,
            "components.heads goes with components.kind head."
        )
    }

    private static func check(_ source: CausalSource) throws {
        switch source.origin {
        case .recipe(let recipe): try check(recipe)
        case .natural: break
        case .files(let files):
            try check(files.clean)
            if let corrupted = files.corrupted { try check(corrupted) }
        }
    }

    private static func check(_ source: PromptSource) throws {
        switch source {
        case .recipe(let recipe): try check(recipe)
        case .mix(let recipes):
            try require("prompts.recipes", recipes.count, in: 1...16, of: "recipes")
            for recipe in recipes { try check(recipe) }
        case .texts(let texts): try require("prompts.texts", texts.count, in: 1...prompts, of: "texts")
        case .lines, .strings, .tokens: break
        }
    }

    /// Numbers that made prompts can have; what does not fit together is found when they are made.
    static func check(_ recipe: PromptRecipe) throws {
        try require("count", recipe.count, in: 1...prompts)
        if let length = recipe.length { try require("length", length, in: 1...self.length) }
        if let lag = recipe.lag { try require("lag", lag, in: 1...length) }
        if let copied = recipe.copied { try require("copied", copied, in: 1...length) }
        try require("lags", recipe.lags.count, in: 0...1000, of: "lags")
        try require(
            recipe.count * (recipe.length ?? recipe.kind.defaultLength) <= 4_000_000,
            "\(recipe.count) prompts of this length are too many for a page; use the command line."
        )
    }

    private static func isDistinct(_ items: [some Hashable]) -> Bool { Set(items).count == items.count }

    private static func require(_ holds: Bool, _ problem: String) throws {
        if !holds { throw APIError.badRequest(problem) }
    }

    private static func require(
        _ field: String,
        _ value: Int,
        in range: ClosedRange<Int>,
        of things: String = ""
    ) throws {
        try require(
            range.contains(value),
            "\(field): \(value)\(things.isEmpty ? "" : " " + things); here from \(range.lowerBound) to \(range.upperBound)."
        )
    }
}
