// The thread that owns all models: libtorch's tensors are not `Sendable`, so all that touches one happens here.
//
// Promises: one piece of work at a time; long work lets short work pass wherever it says how far it is, so that a prompt's
// attention need not wait for a sweep; work beyond a limit is refused, not piled up.
import Foundation
import Torch

/// One thread, and what waits for it.
final class ModelThread: Sendable {
    private let queue: ModelQueue

    /// - Parameters:
    ///   - models: how many stay loaded.
    ///   - waiting: how many pieces of short work may wait.
    init(models: Int = 2, waiting: Int = 256) {
        let queue = ModelQueue(limit: waiting)
        self.queue = queue
        let thread = Thread { [queue] in
            let shelf = ModelShelf(capacity: models)
            while let entry = queue.next() { entry.perform(shelf) }
        }
        thread.name = "induct models"
        // As much as a main thread has: patterns and JSON are read recursively.
        thread.stackSize = 8 << 20
        thread.start()
    }

    deinit { queue.stop() }

    /// Does short work on the thread; if the task is cancelled before its turn, the work is not done.
    ///
    /// - Throws: `APIError` with the code `busy`, `CancellationError`, and what `body` throws.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (ModelShelf) throws -> Value
    ) async throws -> Value {
        try await enter(isLong: false) { shelf in try body(shelf) }
    }

    /// Does long work on the thread; `body` calls its second argument where short work may pass.
    ///
    /// - Throws: `CancellationError`, and what `body` throws.
    func runLong<Value: Sendable>(
        _ body: @escaping @Sendable (ModelShelf, () -> Void) throws -> Value
    ) async throws -> Value {
        try await enter(isLong: true) { [queue] shelf in
            try body(shelf) {
                // Long work may be recording gradients; who passes has nothing to do with them.
                for entry in queue.takeShort() { withoutGradients { entry.perform(shelf) } }
            }
        }
    }

    private func enter<Value: Sendable>(
        isLong: Bool,
        _ body: @escaping @Sendable (ModelShelf) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let id = UUID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let entry = ModelQueue.Entry(
                    id: id,
                    perform: { shelf in continuation.resume(with: Result { try body(shelf) }) },
                    drop: { error in continuation.resume(throwing: error) }
                )
                if !queue.add(entry, isLong: isLong) { entry.drop(APIError.busy) }
            }
        } onCancel: {
            queue.remove(id)?.drop(CancellationError())
        }
    }
}

/// What waits for the thread, short and long work each in the order in which it came.
final class ModelQueue: @unchecked Sendable {
    /// A piece of work: it is performed or dropped, once.
    struct Entry {
        let id: UUID
        let perform: (ModelShelf) -> Void
        let drop: (any Error) -> Void
    }

    private let condition = NSCondition()
    private let limit: Int
    private var short: [Entry] = []
    private var long: [Entry] = []
    private var isStopped = false
    /// Short pieces that have been done while long work waited.
    private var passed = 0
    /// As many pass before long work has its turn.
    private static let mostPassed = 32

    init(limit: Int) { self.limit = limit }

    /// Whether there was room.
    func add(_ entry: Entry, isLong: Bool) -> Bool {
        condition.withLock {
            if isLong {
                long.append(entry)
            } else {
                guard short.count < limit else { return false }
                short.append(entry)
            }
            condition.signal()
            return true
        }
    }

    /// Takes an entry out, if it still waits.
    func remove(_ id: UUID) -> Entry? {
        condition.withLock {
            if let index = short.firstIndex(where: { $0.id == id }) { return short.remove(at: index) }
            return long.firstIndex { $0.id == id }.map { long.remove(at: $0) }
        }
    }

    /// Waits for work, short work first, but long work in the end; nil after `stop`.
    func next() -> Entry? {
        condition.withLock {
            while short.isEmpty && long.isEmpty && !isStopped { condition.wait() }
            if !short.isEmpty, long.isEmpty || passed < Self.mostPassed {
                passed += long.isEmpty ? 0 : 1
                return short.removeFirst()
            }
            passed = 0
            return long.isEmpty ? nil : long.removeFirst()
        }
    }

    /// The short work that waits now; what comes while it is done waits for the next time.
    func takeShort() -> [Entry] {
        condition.withLock {
            defer { short = [] }
            return short
        }
    }

    /// Ends the thread when nothing waits.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.signal()
        }
    }
}
