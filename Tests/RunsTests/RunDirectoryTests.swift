// Directories of runs: one for each run, also when they start together.
import Foundation
import TestSupport
import Testing

@testable import Runs

private let moment = Date(timeIntervalSince1970: 1_700_000_000)

@Suite struct RunDirectoryTests {
    @Test func whatNobodyUsedIsTakenAway() throws {
        let store = try TestDirectory()
        let new = try RunDirectory(store("new").path)
        new.removeIfUnused()
        #expect(!FileManager.default.fileExists(atPath: new.url.path))
        let used = try RunDirectory(store("used").path)
        try used.write(Data("x".utf8), to: "y")
        used.removeIfUnused()
        #expect(try Data(contentsOf: used.url.appending(path: "y")) == Data("x".utf8))
        let there = store("there")
        try FileManager.default.createDirectory(at: there, withIntermediateDirectories: true)
        try RunDirectory(there.path).removeIfUnused()
        #expect(FileManager.default.fileExists(atPath: there.path), "it was there before")
    }

    @Test func theNameIsTheTime() throws {
        let store = try TestDirectory()
        let first = try RunDirectory(nil, in: store("outputs/runs"), now: moment).url.lastPathComponent
        #expect(first.contains(/^2023111[45]-[0-9]{4}20$/))
        let names = try (2...4).map { _ in
            try RunDirectory(nil, in: store("outputs/runs"), now: moment).url.lastPathComponent
        }
        #expect(names == ["\(first)-2", "\(first)-3", "\(first)-4"])
    }

    @Test func aNamedDirectoryMayBeThere() throws {
        let store = try TestDirectory()
        let path = store("a/b").path
        for _ in 0..<2 { #expect(try RunDirectory(path).url.path == path) }
        try RunDirectory(path).write(Data("x".utf8), to: "y")
        #expect(try store.text("a/b/y") == "x")
    }

    @Test func threadsAtOnceGetDifferentOnes() async throws {
        let store = try TestDirectory()
        let url = store("runs")
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<40 {
                group.addTask { try RunDirectory(nil, in: url, now: moment).url.lastPathComponent }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names.count == 40)
    }

    @Test func processesAtOnceGetDifferentOnes() async throws {
        let store = try TestDirectory()
        let path = store("runs").path
        async let first: Void = makeInAnotherProcess(path)
        async let second: Void = makeInAnotherProcess(path)
        _ = await (first, second)
        // Each process writes into every directory that it took for its own.
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(names.count == 100)
        for name in names {
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").count == 1)
        }
    }

    private func makeInAnotherProcess(_ path: String) async {
        await #expect(processExitsWith: .success) { [path] in
            for _ in 0..<50 {
                let directory = try RunDirectory(nil, in: URL(filePath: path), now: moment)
                try directory.write(Data(), to: "process-\(getpid())")
            }
        }
    }
}
