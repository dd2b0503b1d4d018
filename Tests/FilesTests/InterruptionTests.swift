// Signals and limits, each in a child process of its own.

import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct InterruptionTests {
    let directory: TestDirectory

    init() throws {
        directory = try TestDirectory()
        _ = try directory.write("result", "old")
    }

    /// What is left must be as if nothing had been started.
    private func expectUntouched() throws {
        #expect(try directory.contents() == ["result"])
        #expect(try directory.text("result") == "old")
    }

    @Test func interrupt() async throws {
        await #expect(processExitsWith: .exitCode(130)) { [path = directory("result").path as String] in
            try writeUntilStopped(path, by: [SIGINT])
        }
        try expectUntouched()
    }

    @Test func terminate() async throws {
        await #expect(processExitsWith: .exitCode(143)) { [path = directory("result").path as String] in
            // As `timeout` does: the signal comes twice.
            try writeUntilStopped(path, by: [SIGTERM, SIGTERM])
        }
        try expectUntouched()
    }

    @Test func interruptThoughIgnoredAtTheStart() async throws {
        await #expect(processExitsWith: .exitCode(130)) { [path = directory("result").path as String] in
            signal(SIGINT, SIG_IGN)
            try writeUntilStopped(path, by: [SIGINT])
        }
        try expectUntouched()
    }

    @Test func heldWorkStopsByItself() async throws {
        await #expect(processExitsWith: .exitCode(143)) { [path = directory("result").path as String] in
            Interruption.install()
            let (count, code) = try Interruption.holding { isRequested in
                let file = try AtomicFile(replacing: URL(filePath: path))
                kill(getpid(), SIGTERM)
                kill(getpid(), SIGTERM)
                var count = 0
                while !isRequested() { count += 1 }
                try file.write(Data("new".utf8))
                try file.commit()
                return count
            }
            exit(count >= 0 ? code ?? 1 : 1)
        }
        #expect(try directory.contents() == ["result"])
        #expect(try directory.text("result") == "new")
    }

    @Test func aSecondSignalEndsHeldWork() async throws {
        await #expect(processExitsWith: .exitCode(130)) { [path = directory("result").path as String] in
            Interruption.install()
            _ = try Interruption.holding { isRequested in
                let file = try AtomicFile(replacing: URL(filePath: path))
                kill(getpid(), SIGINT)
                sleep(2)
                kill(getpid(), SIGINT)
                sleep(60)
                try file.commit()
            }
        }
        try expectUntouched()
    }

    @Test func hangUp() async throws {
        await #expect(processExitsWith: .exitCode(129)) { [path = directory("result").path as String] in
            try writeUntilStopped(path, by: [SIGHUP])
        }
        try expectUntouched()
    }

    @Test func noHangUpUnderNohup() async throws {
        await #expect(processExitsWith: .exitCode(0)) { [path = directory("result").path as String] in
            signal(SIGHUP, SIG_IGN)
            Interruption.install()
            kill(getpid(), SIGHUP)
            try AtomicFile.write("new", to: URL(filePath: path))
            exit(0)
        }
        #expect(try directory.text("result") == "new")
    }

    @Test func aSecondSignalEndsALastWordThatHangs() async throws {
        await #expect(processExitsWith: .exitCode(130)) { [path = directory("result").path as String] in
            Interruption.install { _ in
                kill(getpid(), SIGINT)
                sleep(60)
            }
            try writeUntilStopped(path, by: [SIGTERM])
        }
        try expectUntouched()
    }

    @Test func theSizeLimitOfTheProcess() async throws {
        await #expect(processExitsWith: .exitCode(0)) { [path = directory("result").path as String] in
            Interruption.install()
            var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
            #if os(Linux)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #else
            setrlimit(RLIMIT_FSIZE, &limit)
            #endif
            let url = URL(filePath: path)
            let expected = FileError(path: path, operation: .write, problem: .beyondSizeLimit)
            do {
                try AtomicFile.write(Data(count: 20_000), to: url)
                exit(1)
            } catch let error as FileError where error == expected {}
            do {
                try AtomicFile(replacing: url).reserve(size: 20_000)
                exit(2)
            } catch let error as FileError where error == expected {}
            exit(0)
        }
        try expectUntouched()
    }
}

/// Writes for ever and sends itself the signals meanwhile. A process that survives a minute exits with 99.
private func writeUntilStopped(_ path: String, by signals: [Int32]) throws {
    Interruption.install()
    let others = (0..<3).map { "\(path).\($0)" }
    let files = try ([path] + others).map { try AtomicFile(replacing: URL(filePath: $0)) }
    for file in files { try file.write(Data(repeating: 1, count: 5000)) }
    for number in signals { kill(getpid(), number) }
    for _ in 0..<60_000 {
        // Files that come up while the signal is handled must not stay either.
        let late = try AtomicFile(replacing: URL(filePath: path + ".late"))
        try late.write(Data(repeating: 2, count: 10))
        usleep(1000)
    }
    for file in files { file.discard() }
    exit(99)
}
