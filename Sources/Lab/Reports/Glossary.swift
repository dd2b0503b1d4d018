// What the words of a report mean: short forms of the definitions that the code holds itself to. Where each number is computed,
// its file says more.

/// Definitions, by the command that uses them.
enum Glossary {
    /// A word and its meaning.
    struct Term: Equatable, Sendable {
        /// As tables and figures write it.
        let name: String
        /// A sentence or two.
        let meaning: String
    }

    /// The words of one command's results, in the order in which they matter.
    static func terms(of command: String) -> [Term] {
        switch command {
        case "scan": [head, induction, duplicate, previous, first, interval]
        case "profile", "crosssize", "multisize", "profiles": [induction, profile, stability]
        case "lagbuckets": [induction, profile, lag, stability]
        case "nulls": [induction, profile, shuffled, permutation, discovery]
        case "causal": [copyAccuracy, randomHeads, interval]
        case "ablate": [head, ablation, deltaLoss, logitDifference, discovery, interval]
        case "patch": [head, corrupted, patching, recovery, logitDifference, interval]
        case "paths": [corrupted, pathPatching, recovery, interval]
        case "attribute": [corrupted, attribution, correlation, interval]
        case "circuits": [ovCircuit, copying, qkCircuit, composition]
        case "lens": [lens, directAttribution, logitDifference, interval]
        case "hessian": [hessian, eigenvalue, trace, density]
        case "train": [induction, patternAccuracy, inContext, transition, hessian]
        default: []
        }
    }

    private static let head = Term(
        name: "L1H2",
        meaning: "Layer 1, head 2; both are counted from 0."
    )
    private static let induction = Term(
        name: "induction score",
        meaning:
            "Mean attention A[t, s+1] from a token at t to what followed its nearest earlier copy at s; pairs with s + 1 = t "
            + "are left out. 0 to 1."
    )
    private static let duplicate = Term(
        name: "duplicate score",
        meaning:
            "Mean attention A[t, s] to the earlier copy itself. Some tools call this the induction score."
    )
    private static let previous = Term(
        name: "previous score",
        meaning: "Mean attention A[t, t−1] to the token before."
    )
    private static let first = Term(
        name: "first score",
        meaning: "Mean attention A[t, 0] to the first token, where heads look that have nothing to do."
    )
    private static let interval = Term(
        name: "interval",
        meaning:
            "95% BCa bootstrap over prompts, 1000 resamples: how much the value depends on which prompts were drawn. It does "
            + "not cover other kinds of prompts or other models."
    )
    private static let profile = Term(
        name: "profile",
        meaning:
            "A value a layer: the mean of its highest heads (topq). The peak is the layer with the highest, the bandwidth the "
            + "share of layers that hold the central 68%."
    )
    private static let stability = Term(
        name: "stability",
        meaning: "95% percentile spread over resampled prompts. For maxima this is no confidence interval."
    )
    private static let lag = Term(
        name: "lag",
        meaning: "Distance in tokens between a token and its nearest earlier copy."
    )
    private static let shuffled = Term(
        name: "shuffled antecedent",
        meaning:
            "The null of the induction score: the same queries read at keys of other lags, drawn among those whose token has "
            + "occurred as often. p = (1 + draws at least as high) / (1 + draws)."
    )
    private static let permutation = Term(
        name: "head permutation",
        meaning:
            "The null of a layer's number of high heads: the scores dealt out to all heads anew (hypergeometric, exact)."
    )
    private static let discovery = Term(
        name: "p, q",
        meaning:
            "p: how often chance alone does as much; q: corrected for the number of parts (Benjamini-Hochberg), so that a list "
            + "at q < 0.05 has 5% false discoveries on average."
    )
    private static let copyAccuracy = Term(
        name: "copy accuracy",
        meaning:
            "Share of predictions whose most probable token is the one that followed the earlier copy, where it follows again."
    )
    private static let randomHeads = Term(
        name: "random heads",
        meaning:
            "Sets of other heads of the same layers, cut in the same way; p counts those that harm copying as much."
    )
    private static let ablation = Term(
        name: "ablation",
        meaning:
            "What a head writes (z) is replaced, by zero unless the table names another mode; everything after it is computed "
            + "anew."
    )
    private static let deltaLoss = Term(
        name: "delta loss",
        meaning:
            "Cross-entropy of the right token without the part minus that of the whole model, in nats. Positive: it helped."
    )
    private static let logitDifference = Term(
        name: "logit difference",
        meaning:
            "Logit of the right token minus that of its foil: the corrupted prompt's answer, else the most probable other "
            + "token."
    )
    private static let corrupted = Term(
        name: "corrupted prompt",
        meaning:
            "The same prompt with one token replaced, so that the answer is another or none; as long and as natural as the "
            + "clean one."
    )
    private static let patching = Term(
        name: "patching",
        meaning:
            "One activation of a run is replaced by that of another run. Denoising: from the clean run into the corrupted one; "
            + "noising: the other way."
    )
    private static let recovery = Term(
        name: "recovery",
        meaning:
            "(patched − before) / (other run − before) of the metric, a ratio of means over prompts: 1 goes all the way to "
            + "the other run, 0 nowhere; below 0 and above 1 are possible."
    )
    private static let pathPatching = Term(
        name: "path patching",
        meaning:
            "The sender's output of the other run reaches one input (q, k or v) of the receiver and nothing else; other heads "
            + "stay as they were."
    )
    private static let attribution = Term(
        name: "attribution",
        meaning:
            "Change of an activation times the gradient of the metric: patching as if the model were linear, for all nodes at "
            + "once."
    )
    private static let correlation = Term(
        name: "agreement",
        meaning:
            "Correlation of attributions with exact patching of the same nodes: Pearson's r of values, Spearman's rho of ranks."
    )
    private static let ovCircuit = Term(
        name: "OV circuit",
        meaning: "W_E W_V W_O W_U: what looking at a token does to each logit."
    )
    private static let copying = Term(
        name: "copying score",
        meaning:
            "Sum of the real parts of the OV circuit's eigenvalues over the sum of their sizes: 1 if every token is raised by "
            + "looking at it, −1 if lowered."
    )
    private static let qkCircuit = Term(
        name: "QK circuit",
        meaning:
            "W_E W_Q W_Kᵀ W_Eᵀ: which token looks at which. Its matching score is the same ratio: 1 if tokens look at "
            + "themselves."
    )
    private static let composition = Term(
        name: "composition",
        meaning:
            "|W_OV W_QK| and the like over the norms of their factors: how much of what one head writes a later one reads, "
            + "through queries, keys or values, minus the mean of heads with Gaussian weights."
    )
    private static let lens = Term(
        name: "logit lens",
        meaning: "The residual stream after each block, read by the model's own last norm and unembedding."
    )
    private static let directAttribution = Term(
        name: "direct logit attribution",
        meaning:
            "The logit difference as a sum of what each component wrote, with the last norm's divisor held fixed. The terms "
            + "add up to it."
    )
    private static let hessian = Term(
        name: "Hessian",
        meaning: "Second derivatives of the mean loss on a fixed batch with respect to the parameters."
    )
    private static let eigenvalue = Term(
        name: "eigenvalue",
        meaning:
            "Curvature along a direction (Lanczos with full reorthogonalisation); the residual bounds its error."
    )
    private static let trace = Term(
        name: "trace",
        meaning: "Sum of all eigenvalues, estimated by random probes (Hutchinson), with its standard error."
    )
    private static let density = Term(
        name: "spectral density",
        meaning: "How the eigenvalues are spread, by stochastic Lanczos quadrature."
    )
    private static let patternAccuracy = Term(
        name: "accuracy on pattern tokens",
        meaning:
            "Share of right predictions among tokens that the sequence determines; random tokens are those it does not."
    )
    private static let inContext = Term(
        name: "in-context-learning score",
        meaning:
            "Loss on pattern tokens minus loss on random ones; on text, loss late in the context minus loss early."
    )
    private static let transition = Term(
        name: "transition",
        meaning:
            "The ramp that fits the best induction score over steps better than a constant and a straight line (BIC) and ends "
            + "above 0.3. From low to high it rises; the onset is the first evaluation above 0.1."
    )
}
