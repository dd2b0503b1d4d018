// From code that waits to code that does not.

import Dispatch
import Synchronization

/// Runs `body` to its end while this thread waits: for `main` and other threads that are nobody's workers. Must not be
/// called from async code.
public func waiting<Result: Sendable>(
    for body: @escaping @Sendable () async throws -> Result
) throws -> Result {
    let box = Box<Result>()
    Task.detached {
        do { box.put(.success(try await body())) } catch { box.put(.failure(error)) }
    }
    return try box.take().get()
}

/// What one thread hands to another.
private final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Result<Value, any Error>?>(nil)
    private let isFull = DispatchSemaphore(value: 0)

    func put(_ result: Result<Value, any Error>) {
        value.withLock { $0 = result }
        isFull.signal()
    }

    func take() -> Result<Value, any Error> {
        isFull.wait()
        guard let result = value.withLock({ $0 }) else { preconditionFailure("signalled without a value") }
        return result
    }
}
