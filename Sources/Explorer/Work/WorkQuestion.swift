// An analysis that a page asks for, of any type: checked, complete, ready to be run.
import Crypto
import Foundation
import HTTPTypes
import JSON
import Lab

/// What comes out of work.
struct WorkResult: Sendable {
    /// The bytes of the command's `--json`.
    var json: Data
    /// `{"figures": [{"name": "...", "spec": {...}}]}`
    var figures: Data
}

/// A command, a model, and all that the analysis asks.
struct WorkQuestion: Sendable {
    /// Of the analysis.
    let command: String
    /// A model that is known here.
    let model: String
    /// The whole question, defaults included.
    let fields: JSONValue
    /// Does the work on a loaded model.
    let run: @Sendable (LoadedModel, StepProgress) throws -> WorkResult

    /// Takes a command's defaults and the fields that differ from them.
    ///
    /// - Throws: `APIError`: an unknown command, a field that is unknown, of a wrong type or out of range.
    init(command: String, model: String, changes: JSONValue) throws {
        let standard = try QuestionDefaults.question(of: command)
        self = try WorkQuestion(standard, model: model, changes: changes)
    }

    private init<Question: Analysis>(_ standard: Question, model: String, changes: JSONValue) throws {
        guard case .object = changes else {
            throw APIError.badRequest(
                "question is an object: the fields that differ from the command's defaults."
            )
        }
        let defaults = try JSONValue(encoding: standard)
        let question: Question
        do {
            question = try defaults.merging(changes).decoded()
        } catch let error as DecodingError {
            throw APIError.badRequest("question: \(error.problem)")
        } catch {
            throw APIError.badRequest("question: \(error)")
        }
        let fields = try JSONValue(encoding: question)
        if let path = changes.path(missingIn: fields) {
            throw APIError.badRequest("question: \(Question.command) has no field '\(path)' here.")
        }
        // A page must not read files: their names come with these fields, and with no others.
        if fields.holds(["path", "corpus"]) {
            throw APIError(
                .badRequest,
                "no_files",
                "question: prompts of files are for the command line; give texts, or have prompts made."
            )
        }
        try QuestionLimits.check(question)
        (command, self.model, self.fields) = (Question.command, model, fields)
        run = { loaded, progress in
            let result = try question.run(on: loaded, progress: progress)
            return WorkResult(
                json: try result.json(),
                figures: try NamedFigure.json(result.figures(of: loaded))
            )
        }
    }

    /// The same for the same command, model and question.
    var key: String { "\(command)\n\(model)\n\(fields.line)" }

    /// A name for addresses, made of the key.
    var id: String {
        SHA256.hash(data: Data(key.utf8)).prefix(10)
            .map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}

extension DecodingError {
    /// Where, and what.
    fileprivate var problem: String {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch self {
        case .keyNotFound(let key, let context): return "\(place(context.codingPath + [key])) is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let text = context.debugDescription
            return "\(place(context.codingPath)): \(text)\(text.hasSuffix(".") ? "" : ".")"
        @unknown default: return "\(self)"
        }
    }
}
