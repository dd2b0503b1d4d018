// What a training run found: results.json.
public import Formation
import Foundation
import JSON

/// The end of a run.
public struct TrainingResults: Codable, Equatable, Sendable {
    /// When induction heads formed, or why not.
    public var transition: Transition
    /// The last evaluation.
    public var final: Evaluation
    /// Steps done.
    public var steps: Int
    /// Parameters of the model.
    public var parameters: Int

    /// All fields.
    public init(
        transition: Transition,
        final: Evaluation,
        steps: Int,
        parameters: Int
    ) {
        self.transition = transition
        self.final = final
        self.steps = steps
        self.parameters = parameters
    }

    /// The last evaluation in a few words.
    public var summary: String { final.summary }

    /// One object, its line ended.
    public func json() throws -> String { try JSONValue(encoding: self).text }
}

extension Evaluation {
    /// Loss, accuracies and the best head in a few words.
    var summary: String {
        func percent(_ share: Double?) -> String {
            share.map { String(format: "%.1f%%", 100 * $0) } ?? "none"
        }
        let scored = heads.compactMap { head in head.induction.map { (head, $0) } }
        let best = scored.max { $0.1 < $1.1 }.map {
            String(format: "; best induction score %.3f (L\($0.0.layer)H\($0.0.head))", $0.1)
        }
        let tokens = accuracy.pattern.map { ", on pattern tokens \(percent($0))" } ?? ""
        return String(format: "After %d steps: loss %.4f, accuracy ", step, loss)
            + percent(accuracy.all) + tokens + (best ?? "") + "."
    }
}
