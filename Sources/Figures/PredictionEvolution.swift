// How a prediction forms: the probability that the logit lens gives a few tokens at each row of the residual
// stream, from the embedding to the last block.
//
// Rows 0..L: row 0 the embedding, row l the residual stream after block l; row L is the model's own
// prediction. Range: probabilities, from zero. The convergence row is the caller's. The lens reads early rows
// with the final norm and unembedding, which were not trained on them: a token that is low there may be
// present in another form.

import Foundation

/// Probabilities of tokens over the rows of the logit lens, a named line each.
public struct PredictionEvolution: Figure, Equatable {
    /// One token's line.
    public struct Token: Equatable, Sendable {
        /// The token's text.
        public var token: String
        /// What the token is, after its text: `answer`. Empty for none.
        public var role: String
        /// `probabilities[row]`; nil (or not finite) where undefined.
        public var probabilities: [Double?]

        /// The probabilities of one token.
        ///
        /// - Precondition: at least one row.
        public init(token: String, role: String = "", probabilities: [Double?]) {
            precondition(!probabilities.isEmpty, "A token's line has at least one row.")
            self.token = token
            self.role = role
            self.probabilities = probabilities
        }

        var label: String {
            let role = role.isEmpty ? "" : " (\(TokenLabel.shortened(role, limit: 16)))"
            let last = probabilities.last.flatMap(\.self).flatMap { $0.isFinite ? $0 : nil }
            let shown = last.map { ", " + Self.text($0) } ?? ""
            return TokenLabel.visible(token) + role + shown
        }

        /// What is above zero is not printed as zero.
        private static func text(_ probability: Double) -> String {
            probability > 0 && probability < 0.005 ? "< 0.01" : ValueScale.text(probability, decimals: 2)
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// The tokens, the most important first.
    public var tokens: [Token]
    /// The first row from which the prediction stays; nil where there is none.
    public var convergence: Int?

    /// Lines of tokens over rows 0..L.
    ///
    /// - Precondition: at least one token; all have the same number of rows; `convergence` is one of them.
    public init(title: FigureTitle, tokens: [Token], convergence: Int?) {
        precondition(!tokens.isEmpty, "A prediction's evolution needs at least one token.")
        let rows = tokens[0].probabilities.count
        precondition(
            tokens.allSatisfy { $0.probabilities.count == rows },
            "Every token has a probability a row; found \(tokens.map(\.probabilities.count))."
        )
        precondition(
            convergence.map { (0..<rows).contains($0) } ?? true,
            "The row of convergence is one of \(rows); found \(convergence ?? 0)."
        )
        self.title = title
        self.tokens = tokens
        self.convergence = convergence
    }

    /// The specification of the picture.
    public var spec: Spec {
        let labels = tokens.map(\.label)
        let plot = CurvePlot(
            valueName: "probability",
            curves: tokens.map { LayerCurve(name: $0.label, means: $0.probabilities) },
            labels: labels,
            depth: .block,
            peaks: .unmarked,
            marked: convergence.map { .init(place: $0, text: "converged: \(CurvePlot.blockName($0))") },
            width: CurvePlot.width(besideLabels: labels),
            height: CurvePlot.height(besideLabels: labels)
        )
        var view = plot.view
        let notes = TokenLabel.notes(on: tokens.map(\.token))
        view.title = title.view(
            width: plot.totalWidth,
            notes: [
                "Beside the names: the probability at the end"
                    + (convergence == nil ? ". No row of convergence" : "")
            ]
                + (notes.isEmpty ? [] : ["In the names, " + notes.joined(separator: "; ")]) + plot.notes
        )
        let rows = tokens[0].probabilities.count
        return Spec(
            description: title.description(
                "Probability of \(tokens.count) tokens over \(rows) rows of the logit lens"
            ),
            view: view
        )
    }
}
