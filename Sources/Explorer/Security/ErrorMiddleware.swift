// The one place where errors become responses.
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Every error as `{"error": {"code", "message"}}`.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let error = apiError(error, for: request)
            return .json(error.json, status: error.status)
        }
    }

    private func apiError(_ error: any Error, for request: Request) -> APIError {
        switch error {
        case let error as APIError: return error
        case is NIOTooManyBytesError:
            return APIError(
                .contentTooLarge,
                "too_large",
                "the body has more than \(RequestFields.limit) bytes; give shorter prompts, or fewer."
            )
        case let error as any HTTPResponseError where error.status == .notFound:
            return APIError(
                .notFound,
                "not_found",
                "nothing answers \(request.method.rawValue) \(request.uri.path.prefix(200)); see /api/openapi.json."
            )
        case let error as any HTTPResponseError where error.status.code < 500:
            return APIError(error.status, "bad_request", "\(error)")
        case is CancellationError: return .busy
        default: return APIError(.internalServerError, "failed", "\(error)")
        }
    }
}
