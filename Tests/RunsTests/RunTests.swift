// Runs that end early go on where they were.
import Foundation
import TestSupport
import Testing

@testable import Files
@testable import Runs

@Suite struct RunTests {
    let directory: TestDirectory
    var url: URL { directory("run") }

    init() throws { directory = try TestDirectory() }

    private func start() throws -> Run { try Run(sampleQuestion(), in: RunDirectory(url.path)) }

    private func resume(_ question: Receipt.Question = sampleQuestion()) throws -> Run {
        try Run(resuming: url, with: question)
    }

    /// Writes the part's file; returns whether it was necessary.
    private func work(_ run: Run, _ name: String, _ text: String = "text") throws -> Bool {
        try run.part(name) { try $0.write(text + name, to: "\(name).txt") }
    }

    @Test func partsAndTheirFilesAreInTheReceipt() throws {
        let run = try start()
        try run.part("a") { part in
            try part.write("one", to: "figs/one.txt")
            try part.write("1 s", to: "times.txt", holdsTimes: true)
            try AtomicFile.write("two", to: part.place("two.txt"))
        }
        #expect(run.isFinished("a") && !run.isFinished("b"))
        let files = try Receipt(in: url).files
        #expect(files.map(\.digest.name) == ["figs/one.txt", "times.txt", "two.txt"])
        #expect(files.map(\.holdsTimes) == [false, true, false])
        #expect(files[2].digest == FileDigest(of: Data("two".utf8), name: "two.txt"))
        #expect(try RunStore.run(at: url).state == .running)
        try run.complete()
        #expect(try RunStore.run(at: url).state == .complete)
        #expect(try directory.contents() == ["run"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
                == ["figs", "metadata.json", "times.txt", "two.txt"]
        )
    }

    @Test func whatIsAbandonedLeavesNothingUnlessAPartIsWhole() throws {
        let directory = try RunDirectory(url.path)
        try Run(sampleQuestion(), in: directory).abandon()
        directory.removeIfUnused()
        #expect(try self.directory.contents().isEmpty)
        let run = try start()
        _ = try work(run, "a")
        run.abandon()
        #expect(try Receipt(in: url).parts.map(\.name) == ["a"])
    }

    @Test func finishedPartsAreNotDoneAgain() throws {
        var run: Run? = try start()
        #expect(try work(#require(run), "a") == true)
        #expect(try work(#require(run), "a", "again") == false)
        try run?.interrupt()
        run = nil
        #expect(try RunStore.run(at: url).state == .interrupted)
        let started = try Receipt(in: url).times.started
        let again = try resume()
        #expect(try work(again, "a", "again") == false)
        #expect(try work(again, "b") == true)
        try again.complete()
        #expect(try directory.text("run/a.txt") == "texta")
        let receipt = try Receipt(in: url)
        #expect(receipt.parts.map(\.name) == ["a", "b"])
        #expect(
            receipt.state == .complete && receipt.times.started == started && receipt.times.finished != nil
        )
    }

    @Test func aPartThatThrowsIsNotFinished() throws {
        struct Failure: Error {}
        let run = try start()
        #expect(throws: Failure.self) {
            try run.part("a") { part in
                try part.write("half", to: "a.txt")
                throw Failure()
            }
        }
        #expect(!run.isFinished("a"))
        #expect(try work(run, "a") == true)
        #expect(try directory.text("run/a.txt") == "texta")
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGINT])
    func aKilledRunGoesOn(_ signal: Int32) async throws {
        await #expect(processExitsWith: signal == SIGKILL ? .signal(SIGKILL) : .exitCode(128 + signal)) {
            [path = url.path as String, signal = signal as Int32] in
            Interruption.install()
            let run = try Run(sampleQuestion(), in: RunDirectory(path))
            try run.part("a") { try $0.write("texta", to: "a.txt") }
            try run.part("b") { part in
                try part.write("half", to: "b1.txt")
                let file = try AtomicFile(replacing: part.place("b2.txt"))
                try file.write(Data("half".utf8))
                kill(getpid(), signal)
                sleep(20)
            }
        }
        // The lock went with the process, and the receipt still says `running`.
        #expect(try Receipt(in: url).state == .running)
        #expect(try RunStore.run(at: url).state == .interrupted)
        let run = try resume()
        #expect(run.isFinished("a") && !run.isFinished("b"))
        try run.part("b") { part in
            try part.write("whole", to: "b1.txt")
            try part.write("whole", to: "b2.txt")
        }
        try run.complete()
        #expect(try Receipt(in: url).files.map(\.digest.name) == ["a.txt", "b1.txt", "b2.txt"])
        #expect(try directory.text("run/b1.txt") == "whole")
    }

    @Test func partsWhoseFilesChangedAreDoneAgain() throws {
        var run: Run? = try start()
        for name in ["a", "b", "c"] { #expect(try work(#require(run), name) == true) }
        try run?.interrupt()
        run = nil
        _ = try directory.write("run/a.txt", "other")
        try FileManager.default.removeItem(at: directory("run/b.txt"))
        let again = try resume()
        #expect(["a", "b", "c"].map(again.isFinished) == [false, false, true])
        #expect(try work(again, "a") == true)
    }

    @Test func anotherQuestionIsRefused() throws {
        var run: Run? = try start()
        #expect(try work(#require(run), "a") == true)
        run = nil
        var question = sampleQuestion()
        question.seed = 7
        question.environment.threads = 16
        let before = try Data(contentsOf: directory("run/metadata.json"))
        #expect {
            try resume(question)
        } throws: {
            "\($0)" == """
                \(url.path) cannot be resumed: it was made from something else. There and here: environment / threads: \
                2 and 16; seed: 18446744073709551614 and 7. Ask for the same as then, or start a new run.
                """
        }
        #expect(try Data(contentsOf: directory("run/metadata.json")) == before)
    }

    @Test func whatIsNoRunIsRefused() throws {
        #expect(throws: RunError.noReceipt(path: url.path)) { try resume() }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        #expect {
            try resume()
        } throws: {
            "\($0)" == "\(url.path) is not the directory of a run: it has no metadata.json. "
                + "Name a directory that a command of induct has written, like outputs/runs/<timestamp>."
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: url.path).isEmpty)
    }

    @Test func oneWriterAtATime() throws {
        let run = try start()
        let expected =
            "\(url.path): another process is writing to this run. "
            + "Wait for its end, or choose another directory."
        #expect(throws: RunError.inUse(path: url.path)) { try resume() }
        #expect { try start() } throws: { "\($0)" == expected }
        try run.complete()
        try resume().complete()
    }

    @Test func aNewRunInTheSameDirectoryBeginsAnew() throws {
        var run: Run? = try start()
        #expect(try work(#require(run), "a") == true)
        try run?.complete()
        run = try start()
        #expect(run?.receipt.parts.isEmpty == true)
        #expect(try work(#require(run), "a", "new ") == true)
    }
}
