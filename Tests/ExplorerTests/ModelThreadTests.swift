import Foundation
import Synchronization
import Testing

@testable import Explorer

@Suite struct ModelThreadTests {
    @Test func shortWorkPassesLongWork() async throws {
        let thread = ModelThread()
        let log = Shared<[String]>([])
        let isBegun = DispatchSemaphore(value: 0)
        let isQueued = DispatchSemaphore(value: 0)
        async let long: Void = thread.runLong { _, letOthersPass in
            isBegun.signal()
            isQueued.wait()
            letOthersPass()
            log.value.withLock { $0.append("long") }
        }
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                isBegun.wait()
                continuation.resume()
            }
        }
        async let short: Void = thread.run { _ in log.value.withLock { $0.append("short") } }
        try await Task.sleep(for: .milliseconds(100))
        isQueued.signal()
        _ = try await (long, short)
        #expect(log.value.withLock { $0 } == ["short", "long"])
    }

    @Test func moreThanTheLimitIsRefused() async throws {
        let thread = ModelThread(waiting: 2)
        let gate = DispatchSemaphore(value: 0)
        async let first: Void = thread.run { _ in gate.wait() }
        try await Task.sleep(for: .milliseconds(100))
        let waiting = (0..<2).map { _ in Task { try await thread.run { _ in } } }
        try await Task.sleep(for: .milliseconds(100))
        await #expect(throws: APIError.busy) { try await thread.run { _ in } }
        gate.signal()
        try await first
        for task in waiting { try await task.value }
        try await thread.run { _ in }
    }

    @Test func cancelledBeforeItsTurn() async throws {
        let thread = ModelThread()
        let gate = DispatchSemaphore(value: 0)
        async let first: Void = thread.run { _ in gate.wait() }
        try await Task.sleep(for: .milliseconds(100))
        let hasRun = Shared(false)
        let task = Task { try await thread.run { _ in hasRun.value.withLock { $0 = true } } }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.signal()
        try await first
        try await thread.run { _ in }
        #expect(!hasRun.value.withLock { $0 })
    }

    @Test func errorsComeBack() async throws {
        let thread = ModelThread()
        await #expect(throws: APIError.busy) { try await thread.run { _ in throw APIError.busy } }
    }

    @Test func twoModelsStay() async throws {
        let thread = ModelThread(models: 2)
        let names = try await thread.run { shelf in
            _ = try shelf.model("induct-2l")
            _ = try shelf.model("induct-4l")
            _ = try shelf.model("induct-2l")
            _ = try shelf.model("shakespeare-char")
            return shelf.names
        }
        #expect(names == ["induct-2l", "shakespeare-char"])
    }

    @Test func aModelInUseStays() async throws {
        let thread = ModelThread(models: 2)
        let names = try await thread.run { shelf in
            try shelf.holding("induct-2l") { _ in
                _ = try shelf.model("induct-4l")
                _ = try shelf.model("shakespeare-char")
                return shelf.names
            }
        }
        #expect(names == ["induct-2l", "shakespeare-char"])
    }
}

/// A value that several threads share.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }
}
