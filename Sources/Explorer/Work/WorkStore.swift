// All long work: what waits, what runs, what is kept.
//
// Promises: one analysis at a time; the same question is worked on once while it is in memory; beyond its limits work is
// refused, and old results go.
import Foundation
import HTTPTypes

/// Queued, running and finished work.
actor WorkStore {
    private let thread: ModelThread
    private let queueLimit: Int
    private let keptLimit: Int
    private let timeLimit: Duration
    /// All work by id.
    private var items: [String: WorkItem] = [:]
    /// Ids in the order in which they were last asked for.
    private var order: [String] = []
    /// Ids of what waits, the first to be worked on first.
    private var waitingIDs: [String] = []
    private var isWorking = false

    /// - Parameters:
    ///   - queueLimit: how many may wait.
    ///   - keptLimit: how many that are over are kept.
    ///   - timeLimit: how long one may take.
    init(
        on thread: ModelThread,
        queueLimit: Int = 16,
        keptLimit: Int = 32,
        timeLimit: Duration = .seconds(1800)
    ) {
        self.thread = thread
        self.queueLimit = queueLimit
        self.keptLimit = keptLimit
        self.timeLimit = timeLimit
    }

    /// Queues work, or finds the same that is there already; what failed or was cancelled is done again.
    ///
    /// - Throws: `APIError` with the code `busy`.
    func submit(_ question: WorkQuestion, cancelsOnClose: Bool) throws -> WorkItem {
        if let item = items[question.id], item.isUsable {
            item.join(cancelsOnClose: cancelsOnClose)
            touch(item.id)
            return item
        }
        let waiting = items.values.count { if case .queued = $0.state { true } else { false } }
        guard waiting < queueLimit else { throw APIError.busy }
        let item = WorkItem(question, cancelsOnClose: cancelsOnClose)
        items[item.id] = item
        waitingIDs.removeAll { $0 == item.id }
        waitingIDs.append(item.id)
        touch(item.id)
        forget()
        work()
        return item
    }

    /// Work by its id.
    ///
    /// - Throws: `APIError` with the code `unknown_work`.
    func item(_ id: String) throws -> WorkItem {
        guard let item = items[id] else {
            throw APIError(
                .notFound,
                "unknown_work",
                "there is no work '\(id.prefix(40))': it was never asked for, or has been forgotten since; ask again."
            )
        }
        touch(id)
        return item
    }

    private func touch(_ id: String) {
        order.removeAll { $0 == id }
        order.append(id)
    }

    /// Drops the oldest that are over, beyond what is kept.
    private func forget() {
        let over = order.filter { items[$0]?.state.isOver ?? true }
        for id in over.dropLast(keptLimit) {
            items[id] = nil
            order.removeAll { $0 == id }
        }
    }

    private func work() {
        guard !isWorking else { return }
        isWorking = true
        Task { await self.workOff() }
    }

    /// Works until nothing waits, first come first served.
    private func workOff() async {
        while let item = nextQueued() {
            await perform(item)
            forget()
        }
        isWorking = false
    }

    private func nextQueued() -> WorkItem? {
        waitingIDs.removeAll { id in items[id].map(\.state.isOver) ?? true }
        return waitingIDs.isEmpty ? nil : items[waitingIDs.removeFirst()]
    }

    private func perform(_ item: WorkItem) async {
        guard item.start() else { return }
        do {
            let timeLimit = timeLimit
            let result = try await thread.runLong { models, letOthersPass in
                let end = ContinuousClock.now + timeLimit
                return try models.holding(item.question.model) { model in
                    try item.question.run(model) { step, done, total in
                        try item.report(WorkProgress(step: step, done: done, total: total))
                        if ContinuousClock.now > end { throw WorkError.tooLong(timeLimit) }
                        letOthersPass()
                    }
                }
            }
            item.finish(.done(result))
        } catch is CancellationError {
            item.finish(.cancelled)
        } catch {
            item.finish(.failed("\(error)"))
        }
    }
}

extension WorkItem {
    /// Whether it need not be done again.
    fileprivate var isUsable: Bool {
        switch state {
        case .queued, .running, .done: !isCancelled
        case .failed, .cancelled: false
        }
    }
}

/// Why work was ended.
enum WorkError: Error, Equatable, CustomStringConvertible {
    /// It took more time than one piece of work may.
    case tooLong(Duration)

    var description: String {
        switch self {
        case .tooLong(let limit):
            """
            ended after \(limit.formatted(.units(allowed: [.minutes, .seconds], width: .wide))), the most that one piece of work may \
            take here. Ask for fewer prompts, or use the command line.
            """
        }
    }
}
