// One piece of long work: where it is, who listens, what came out.
import Foundation
import Synchronization

/// What a listener hears.
enum WorkEvent: Sendable, Equatable {
    /// How far it is.
    case progress(WorkProgress)
    /// It is done.
    case done
    /// It failed, for this reason.
    case failed(String)
    /// It was cancelled.
    case cancelled
}

/// How far a step is.
struct WorkProgress: Sendable, Equatable {
    var step: String
    var done: Int
    var total: Int
}

/// Work that is queued, running or over. Shared between the models' thread and requests.
final class WorkItem: Sendable {
    /// Where it is.
    enum State: Sendable {
        case queued
        case running(WorkProgress?)
        case done(WorkResult)
        case failed(String)
        case cancelled

        /// As the API calls it.
        var name: String {
            switch self {
            case .queued: "queued"
            case .running: "running"
            case .done: "done"
            case .failed: "failed"
            case .cancelled: "cancelled"
            }
        }

        /// Whether nothing more happens.
        var isOver: Bool {
            switch self {
            case .queued, .running: false
            case .done, .failed, .cancelled: true
            }
        }
    }

    /// What is asked.
    let question: WorkQuestion
    /// Its name in addresses.
    let id: String

    private struct Inside {
        var state = State.queued
        var cancelsOnClose: Bool
        var isCancelled = false
        /// Since when nobody listens.
        var isAloneSince = ContinuousClock.now
        var listeners: [UUID: AsyncStream<WorkEvent>.Continuation] = [:]
    }

    private let inside: Mutex<Inside>
    private let patience: Duration

    /// - Parameters:
    ///   - cancelsOnClose: whether it ends when its last listener goes, or when none comes.
    ///   - patience: how long it waits for the first.
    init(_ question: WorkQuestion, cancelsOnClose: Bool, patience: Duration = .seconds(10)) {
        self.question = question
        self.patience = patience
        id = question.id
        inside = Mutex(Inside(cancelsOnClose: cancelsOnClose))
    }

    /// Where it is.
    var state: State { inside.withLock { $0.state } }

    /// Whether it has been asked to end.
    var isCancelled: Bool { inside.withLock { $0.isCancelled } }

    /// Somebody else asks for the same; the work stays if one of them wants it to.
    func join(cancelsOnClose: Bool) {
        inside.withLock { inside in
            inside.cancelsOnClose = inside.cancelsOnClose && cancelsOnClose
            if inside.listeners.isEmpty { inside.isAloneSince = .now }
        }
    }

    /// Begins, unless it has been cancelled.
    func start() -> Bool {
        if isForgotten { cancel() }
        return inside.withLock { inside in
            guard case .queued = inside.state, !inside.isCancelled else { return false }
            inside.state = .running(nil)
            return true
        }
    }

    /// Whether who asked has gone without ever listening.
    private var isForgotten: Bool {
        inside.withLock { inside in
            inside.cancelsOnClose && inside.listeners.isEmpty
                && inside.isAloneSince.duration(to: .now) > patience
        }
    }

    /// Takes note of progress, and ends the work if it has been cancelled.
    ///
    /// - Throws: `CancellationError`.
    func report(_ progress: WorkProgress) throws {
        if isForgotten { cancel() }
        let listeners = try inside.withLock { inside in
            if inside.isCancelled { throw CancellationError() }
            inside.state = .running(progress)
            return Array(inside.listeners.values)
        }
        for listener in listeners { listener.yield(.progress(progress)) }
    }

    /// Ends it, once.
    func finish(_ state: State) {
        // Told outside the lock: a stream that ends calls `leave`, which takes it.
        let listeners = inside.withLock { inside -> [AsyncStream<WorkEvent>.Continuation] in
            guard !inside.state.isOver else { return [] }
            inside.state = state
            defer { inside.listeners = [:] }
            return Array(inside.listeners.values)
        }
        for listener in listeners {
            if let event = state.event { listener.yield(event) }
            listener.finish()
        }
    }

    /// Asks it to end: at once if it waits, else when it next says how far it is.
    func cancel() {
        let isQueued = inside.withLock { inside in
            if inside.state.isOver { return false }
            inside.isCancelled = true
            if case .queued = inside.state { return true }
            return false
        }
        if isQueued { finish(.cancelled) }
    }

    /// What happens from now on, what is known already first. A listener that goes ends the work, if it is the last one and
    /// the work is to end with it.
    func events() -> AsyncStream<WorkEvent> {
        // The newest: progress may be missed, the end, which comes last, never is.
        let (stream, continuation) = AsyncStream.makeStream(
            of: WorkEvent.self,
            bufferingPolicy: .bufferingNewest(8)
        )
        let id = UUID()
        inside.withLock { inside in
            if let event = inside.state.event { continuation.yield(event) }
            if inside.state.isOver {
                continuation.finish()
            } else {
                inside.listeners[id] = continuation
            }
        }
        continuation.onTermination = { [weak self] _ in self?.leave(id) }
        return stream
    }

    private func leave(_ id: UUID) {
        let isAbandoned = inside.withLock { inside in
            guard inside.listeners.removeValue(forKey: id) != nil else { return false }
            inside.isAloneSince = .now
            return inside.listeners.isEmpty && inside.cancelsOnClose
        }
        if isAbandoned { cancel() }
    }
}

extension WorkItem.State {
    /// What a listener hears of it; nil for work that waits or has only begun.
    fileprivate var event: WorkEvent? {
        switch self {
        case .queued, .running(nil): nil
        case .running(let progress?): .progress(progress)
        case .done: .done
        case .failed(let reason): .failed(reason)
        case .cancelled: .cancelled
        }
    }
}
