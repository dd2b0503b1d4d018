// What the network layer's errors mean for a user.

import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

enum ConnectionFailure {
    /// The error to throw instead: transient, except where the server does not speak HTTP.
    static func map(_ error: any Error, host: String) -> any Error {
        switch error {
        case is CancellationError: return error
        case let error as HTTPClientError where error == .cancelled: return CancellationError()
        case HTTPParserError.headerOverflow:
            return HubError.badAnswer(
                host: host,
                what: "a request",
                problem: "more headers than any hub sends"
            )
        case let error as HTTPParserError where error != .invalidEOFState:
            return HubError.badAnswer(host: host, what: "a request", problem: "something that is not HTTP")
        default:
            return TransientFailure(
                error: .unreachable(host: host, reason: reason(error)),
                isNoConnection: error is NIOConnectionError || (error as? HTTPClientError) == .connectTimeout
            )
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout:
            "it did not take the connection in time"
        case let error as HTTPClientError where error == .readTimeout || error == .deadlineExceeded:
            "it stopped sending"
        case let error as HTTPClientError where error == .remoteConnectionClosed: "it cut the connection"
        // The end of the connection came before the end of the message.
        case is HTTPParserError: "it cut the connection"
        case let error as NIOConnectionError where error.dnsAError != nil || error.dnsAAAAError != nil:
            "its name is not known to the name server"
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "no connection"
        case let error as IOError: reason(error.errnoCode)
        default: Quoted.shortened("\(error)")
        }
    }
    private static func reason(_ code: Int32) -> String {
        switch code {
        case ECONNREFUSED: "it refused the connection"
        case ECONNRESET, EPIPE: "it cut the connection"
        case ENETUNREACH, EHOSTUNREACH: "there is no way to it"
        case ETIMEDOUT: "it did not take the connection in time"
        default: "error \(code) of the connection"
        }
    }
}
