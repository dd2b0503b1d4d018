// Runs a program, writes its input and reads its output at the same time, until it ends or the time is up.
//
// Promises: no deadlock, however much goes either way (one poll loop, no blocking read or write); no SIGPIPE
// when the program ends before it has read its input; it keeps little more than `outputLimit` bytes; it
// returns at most about a second after the time is up, with the program killed.

import Foundation

enum ChildProcess {
    /// How a program ended.
    enum Ending: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
        case tooMuchOutput
    }

    /// What a program wrote, and how it ended.
    struct Outcome: Sendable {
        var output: Data
        /// The last few kilobytes of standard error.
        var errors: String
        var ending: Ending
    }

    /// The most standard output that is kept: hundreds of figures, not an endless loop.
    static let outputLimit = 1 << 29
    private static let errorLimit = 8192

    /// Runs the program file `executable`.
    ///
    /// - Throws: what `Process.run` throws where the program cannot be started.
    static func run(
        _ executable: URL,
        arguments: [String],
        input: Data,
        timeout: Duration,
        outputLimit: Int = outputLimit
    ) throws -> Outcome {
        let (standardInput, standardOutput, standardError) = (Pipe(), Pipe(), Pipe())
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = standardError
        let ends = [
            standardInput.fileHandleForWriting, standardOutput.fileHandleForReading,
            standardError.fileHandleForReading,
        ].map(\.fileDescriptor)
        for end in ends {
            // Close-on-exec: another child started meanwhile must not keep our ends open.
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        #if canImport(Darwin)
        _ = fcntl(ends[0], F_SETNOSIGPIPE, 1)
        #endif

        let clock = ContinuousClock()
        let deadline = clock.now + timeout
        try process.run()
        // Without our copies of the child's ends closed, its end of file would never be seen.
        try? standardInput.fileHandleForReading.close()
        try? standardOutput.fileHandleForWriting.close()
        try? standardError.fileHandleForWriting.close()

        var pending = input[...]
        var inputOpen = true
        var (output, errors) = (Data(), Data())
        var (outputOpen, errorsOpen) = (true, true)
        var early: Ending?

        while outputOpen || errorsOpen {
            guard clock.now < deadline else {
                early = .timedOut
                break
            }
            guard output.count <= outputLimit else {
                early = .tooMuchOutput
                break
            }
            // Asked before polling: what the program wrote before its end is then still read.
            let ended = !process.isRunning
            if inputOpen && pending.isEmpty {
                try? standardInput.fileHandleForWriting.close()
                inputOpen = false
            }
            var polled = [
                pollfd(fd: inputOpen ? ends[0] : -1, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: outputOpen ? ends[1] : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorsOpen ? ends[2] : -1, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&polled, 3, ended ? 0 : 50)
            if ready <= 0 {
                // Ended and silent, but a grandchild may hold the pipes open: nothing more to wait for.
                if ended { break }
                continue
            }
            if polled[0].revents != 0 {
                if let written = writeWithoutSignal(pending, to: ends[0]) {
                    pending = pending.dropFirst(written)
                } else {
                    pending = Data()[...]
                }
            }
            if polled[1].revents != 0 { outputOpen = readAvailable(from: ends[1], into: &output) }
            if polled[2].revents != 0 {
                errorsOpen = readAvailable(from: ends[2], into: &errors)
                if errors.count > errorLimit { errors = Data(errors.suffix(errorLimit)) }
            }
        }

        if early == nil {
            while process.isRunning && clock.now < deadline { usleep(1000) }
            if process.isRunning { early = .timedOut }
        }
        guard let early else {
            let status = process.terminationStatus
            let ending: Ending = process.terminationReason == .exit ? .exited(status) : .signalled(status)
            return Outcome(output: output, errors: String(decoding: errors, as: UTF8.self), ending: ending)
        }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        // Foundation on Linux counts a program as running while a grandchild lives: never wait long for that.
        let patience = clock.now + .seconds(1)
        while process.isRunning && clock.now < patience { usleep(1000) }
        return Outcome(output: output, errors: String(decoding: errors, as: UTF8.self), ending: early)
    }

    /// Appends what can be read without waiting; false at the end of the file.
    private static func readAvailable(from descriptor: Int32, into data: inout Data) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 { data.append(contentsOf: buffer[0..<count]) }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// Bytes written without waiting, or nil where nobody reads any more.
    private static func writeWithoutSignal(_ data: Data, to descriptor: Int32) -> Int? {
        #if !canImport(Darwin)
        // SIGPIPE goes to the writing thread: hold it back here, and take it away if the write raised it.
        var (brokenPipe, before) = (sigset_t(), sigset_t())
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        #endif
        let count = data.prefix(1 << 16).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 { return count }
        let code = errno
        #if !canImport(Darwin)
        if code == EPIPE {
            var now = timespec()
            _ = sigtimedwait(&brokenPipe, nil, &now)
        }
        #endif
        return code == EAGAIN || code == EINTR ? 0 : nil
    }
}
