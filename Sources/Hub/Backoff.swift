// When to try again, and when to give up.

import Foundation

/// How long to wait for what.
package struct HubTiming: Sendable {
    /// For a connection.
    package var connect = Duration.seconds(10)
    /// For the next bytes.
    package var silence = Duration.seconds(20)
    /// Failures in a row before giving up.
    package var attempts = 6
    /// Before the second attempt; doubled for each one after.
    package var firstWait = Duration.seconds(1)
    /// Between attempts, at most.
    package var longestWait = Duration.seconds(8)
    /// What a server may ask for (`Retry-After`), at most.
    package var longestRetryAfter = Duration.seconds(60)

    package init() {}
}

/// A failure that may go away by itself.
struct TransientFailure: Error {
    /// What to say if it does not.
    let error: HubError
    /// What the server asked for.
    var retryAfter: Duration?
    /// Whether the server was not even reached.
    var isNoConnection = false
}

/// Counts failures in a row and waits between them.
struct Backoff {
    private let timing: HubTiming
    private var failures = 0

    init(_ timing: HubTiming) { self.timing = timing }

    /// Forgets the failures: something got on.
    mutating func reset() { failures = 0 }

    /// Waits before the next attempt; throws the failure's error if there have been enough.
    mutating func wait(after failure: TransientFailure) async throws {
        failures += 1
        guard failures < timing.attempts else { throw failure.error }
        let doubled = timing.firstWait * (1 << min(failures - 1, 20))
        let wait =
            failure.retryAfter.map { min($0, timing.longestRetryAfter) } ?? min(doubled, timing.longestWait)
        // Many clients that fail together should not come back together.
        try await Task.sleep(for: wait * Double.random(in: 1...1.25))
    }
}

/// Runs `body` until it succeeds, fails for good, or has failed too often.
func retrying<Result: Sendable>(
    _ timing: HubTiming,
    _ body: () async throws -> Result
) async throws -> Result {
    var backoff = Backoff(timing)
    while true {
        do {
            return try await body()
        } catch let failure as TransientFailure {
            try await backoff.wait(after: failure)
        }
    }
}
