// What the sections of a report are called.

extension Report.Section {
    /// What the command is about.
    var title: String {
        switch command {
        case "scan": "Which heads look like induction heads"
        case "ablate": "What breaks without a head"
        case "patch": "What a head brings back"
        case "paths": "Which head feeds which"
        case "attribute": "Every effect at once, by gradients"
        case "circuits": "What the weights say"
        case "lens": "Where the answer appears"
        case "hessian": "How the loss curves"
        case "train": "How induction heads form"
        case "profile": "Where in depth the heads sit"
        case "crosssize", "multisize": "Where in depth the heads sit, across sizes"
        case "nulls": "What stands out from chance"
        case "lagbuckets": "How far back heads look"
        case "causal": "What the highest heads do to copying"
        default: command
        }
    }
}
