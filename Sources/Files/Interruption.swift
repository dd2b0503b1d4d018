// What happens on Ctrl-C and on `kill`.
//
// Promises: unfinished temporary files are removed, then the process ends with 128 plus the signal's number
// (130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP). The signal handler itself only writes one byte to a
// pipe; all else happens on an ordinary thread, where locks and memory are safe to use.

import Foundation
import Synchronization

/// Clean ends on signals.
public enum Interruption {
    /// Installs the handling; call it once, early in `main`. Later calls change nothing.
    ///
    /// - Parameter beforeExit: called with the exit code after the files are gone, for a last word to the
    ///   terminal. It must not write files, and must flush what it prints. A second signal ends the process
    ///   even if this hangs.
    public static func install(beforeExit: (@Sendable (Int32) -> Void)? = nil) {
        let first = installed.withLock { installed in
            defer { installed = true }
            return !installed
        }
        guard first else { return }

        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A full pipe must not block the handler.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let readEnd = ends[0]
        pipeForHandler.store(ends[1], ordering: .releasing)
        phase.store(waiting, ordering: .releasing)

        Thread.detachNewThread { waitForSignal(on: readEnd, beforeExit: beforeExit) }

        // A parent with these signals blocked hands the block on (Foundation's Process does, from a worker thread).
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)

        // SIGINT is handled even if it was ignored at the start (as a shell script does for its background
        // jobs): whoever sends it wants the program to end. SIGHUP stays ignored under nohup.
        signal(SIGINT, handle)
        signal(SIGTERM, handle)
        let old = signal(SIGHUP, handle)
        if isIgnored(old) { signal(SIGHUP, SIG_IGN) }
        // A file beyond `ulimit -f` then is an error of the write, and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
    }

    private static let installed = Mutex(false)

    /// Runs work that stops by itself when it is asked to: a signal does not end the process but makes `isRequested` true.
    /// A second one, more than a second later (`timeout` sends two in a row), ends it as always.
    ///
    /// - Parameter body: asks `isRequested` now and then.
    /// - Returns: what `body` returns, and the exit code of the signal that asked for the end, if one did.
    public static func holding<Result>(
        _ body: (_ isRequested: () -> Bool) throws -> Result
    ) rethrows -> (result: Result, exitCode: Int32?) {
        request.store(0, ordering: .releasing)
        isHeld.store(true, ordering: .releasing)
        defer { isHeld.store(false, ordering: .releasing) }
        let result = try body { request.load(ordering: .acquiring) != 0 }
        let number = request.load(ordering: .acquiring)
        return (result, number == 0 ? nil : 128 + number)
    }

    private static func waitForSignal(on pipe: Int32, beforeExit: (@Sendable (Int32) -> Void)?) {
        var first: ContinuousClock.Instant?
        while true {
            var number: UInt8 = 0
            while read(pipe, &number, 1) != 1 {
                // Only EINTR can happen: the other end is never closed.
                guard errno == EINTR else { return }
            }
            // What was held before has taken its signal.
            if request.load(ordering: .acquiring) == 0 { first = nil }
            let isSecond = first.map { ContinuousClock.now - $0 > .seconds(1) } ?? false
            guard isHeld.load(ordering: .acquiring), !isSecond else { end(128 + Int32(number), beforeExit) }
            if first == nil { first = .now }
            request.store(Int32(number), ordering: .releasing)
        }
    }

    private static func end(_ code: Int32, _ beforeExit: (@Sendable (Int32) -> Void)?) -> Never {
        TemporaryFiles.removeAll {
            phase.store(cleaned, ordering: .releasing)
            beforeExit?(code)
            // Not `exit`: its clean-up would run while other threads are still at work.
            _exit(code)
        }
        _exit(code)
    }

    private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

// The state that the handler reads: set before it is installed, lock-free, never reallocated.
private let pipeForHandler = Atomic<Int32>(-1)
private let phase = Atomic<Int32>(0)
private let isHeld = Atomic<Bool>(false)
/// The signal that asked held work to stop.
private let request = Atomic<Int32>(0)
private let waiting: Int32 = 0
private let cleaned: Int32 = 1

/// The handler: async-signal-safe calls only. A second signal while files are being removed is left alone
/// (`timeout` sends two in a row); one after that ends the process at once.
private func handle(_ number: Int32) {
    if phase.load(ordering: .acquiring) == cleaned { _exit(128 + number) }
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(pipeForHandler.load(ordering: .acquiring), &byte, 1)
    errno = saved
}
