// Short questions to a model: which one, then the answer.
import JSON
import Lab

/// The models and their thread.
struct Engine: Sendable {
    /// Where models live.
    let thread: ModelThread
    /// Which may be named.
    let models: KnownModels

    /// Asks the model that a request names; what the model cannot answer is an error of the request.
    ///
    /// - Throws: `APIError`, `CancellationError`.
    func ask<Answer: Sendable>(
        _ fields: RequestFields,
        _ body: @escaping @Sendable (LoadedModel) throws -> Answer
    ) async throws -> Answer {
        let name = try models.check(fields.text("model"))
        return try await thread.run { shelf in
            do {
                return try body(shelf.model(name))
            } catch let error as APIError {
                throw error
            } catch {
                throw APIError.unusable(error)
            }
        }
    }
}
