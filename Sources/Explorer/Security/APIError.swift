// What the API answers where it cannot do what was asked.
import Foundation
import HTTPTypes
import JSON

/// A status, a code for programs, a paragraph for people.
struct APIError: Error, Equatable, CustomStringConvertible {
    /// 4xx, or 503 where it is this machine's fault.
    let status: HTTPResponse.Status
    /// A word in lower case.
    let code: String
    /// What was found, what to do.
    let message: String

    /// All fields.
    init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The message.
    var description: String { message }

    /// A request that is not as the API describes it.
    static func badRequest(_ message: String) -> APIError { APIError(.badRequest, "bad_request", message) }

    /// A request that is well-formed, but cannot be answered by this model.
    static func unusable(_ error: any Error) -> APIError {
        APIError(.unprocessableContent, "unusable", "\(error)")
    }

    /// No room in a queue.
    static let busy = APIError(
        .serviceUnavailable,
        "busy",
        "so much is asked for already that there is no room for more; wait for something to end, or cancel it."
    )

    /// `{"error": {"code": "...", "message": "..."}}` on one line.
    var json: JSONValue { ["error": ["code": .string(code), "message": .string(message)]] }
}
