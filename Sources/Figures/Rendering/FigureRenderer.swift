// Draws figures with vl-convert in one Python process per batch.
//
// Promises: a picture for every figure and format, or the reason why it is missing; figures drawn before a
// crash or the end of the time are kept; no network, no temporary files, nothing written anywhere. Writing
// the bytes (atomically) is the caller's business.

public import Foundation

/// Draws Vega-Lite specifications to PNG and SVG.
public struct FigureRenderer: Sendable {
    /// The Python to run: a file URL.
    public var python: URL
    /// Time for a whole batch, start of Python included.
    public var timeout: Duration

    /// A renderer that runs `python`.
    public init(python: URL, timeout: Duration = .seconds(120)) {
        self.python = python
        self.timeout = timeout
    }

    /// A renderer with the Python that INDUCT_PYTHON names, else the first `.deps/venv/bin/python` above the
    /// running program or the current directory.
    ///
    /// - Throws: ``FigureRendererError/pythonNotFound(searched:)`` or
    ///   ``FigureRendererError/variableNotExecutable(path:)``.
    public static func located(timeout: Duration = .seconds(120)) throws(FigureRendererError)
        -> FigureRenderer
    {
        FigureRenderer(python: try PythonSearch.here.python(), timeout: timeout)
    }

    /// Draws all figures of `requests`. Blocks the calling thread: about 0.3 s to start Python, less than 0.1 s
    /// a picture.
    ///
    /// - Returns: the pictures, and a failure for each one that is missing.
    /// - Throws: ``FigureRendererError`` where nothing could be drawn for a reason common to all.
    public func render(_ requests: [DrawingRequest]) throws(FigureRendererError) -> Rendering {
        guard requests.contains(where: { !$0.formats.isEmpty }) else { return Rendering() }
        let jobs = try Self.jobs(for: requests)
        let outcome: ChildProcess.Outcome
        do {
            outcome = try ChildProcess.run(
                python,
                arguments: ["-c", DrawingScript.source],
                input: jobs,
                timeout: timeout
            )
        } catch {
            throw .pythonNotStarted(path: path, reason: error.localizedDescription)
        }
        return try rendering(of: requests, from: outcome)
    }

    private var path: String { python.path(percentEncoded: false) }

    /// The script's input: the byte count on a line, then the jobs.
    private static func jobs(for requests: [DrawingRequest]) throws(FigureRendererError) -> Data {
        var jobs = Data("[".utf8)
        for (index, request) in requests.enumerated() {
            do {
                let formats = try JSONEncoder().encode(request.formats)
                jobs.append(contentsOf: Data((index == 0 ? "" : ",").utf8))
                jobs.append(contentsOf: Data(#"{"formats":"#.utf8) + formats)
                jobs.append(contentsOf: Data(#","spec":"#.utf8) + (try request.spec.json()) + Data("}".utf8))
            } catch {
                throw .notEncodable(figure: request.name, detail: String(describing: error))
            }
        }
        jobs.append(contentsOf: Data("]".utf8))
        return Data("\(jobs.count)\n".utf8) + jobs
    }

    /// One line of the script's answer.
    private struct Answer: Decodable {
        var event: String
        var version: String?
        var figure: Int?
        var format: FigureFormat?
        var bytes: Data?
        var detail: String?
    }

    private struct Picture: Hashable {
        var figure: Int
        var format: FigureFormat
    }

    private func rendering(
        of requests: [DrawingRequest],
        from outcome: ChildProcess.Outcome
    ) throws(FigureRendererError) -> Rendering {
        let decoder = JSONDecoder()
        // A line cut short by a crash does not decode, and neither does what another program prints.
        let answers = outcome.output.split(separator: UInt8(ascii: "\n")).compactMap {
            try? decoder.decode(Answer.self, from: Data($0))
        }
        switch answers.first?.event {
        case "ready": break
        case "missing":
            throw .vlConvertMissing(python: path, detail: answers.first?.detail ?? "no reason given")
        case "unsuitable":
            throw .vlConvertUnsuitable(python: path, version: answers.first?.version ?? "of unknown version")
        default:
            throw .noAnswer(
                python: path,
                ending: words(for: outcome.ending),
                errors: tail(of: outcome.errors)
            )
        }

        var results: [Picture: Answer] = [:]
        for answer in answers {
            if let figure = answer.figure, let format = answer.format {
                results[Picture(figure: figure, format: format)] = answer
            }
        }
        var rendering = Rendering()
        for (index, request) in requests.enumerated() {
            for format in request.formats {
                let answer = results[Picture(figure: index, format: format)]
                if let data = answer?.bytes {
                    rendering.drawings.append(Drawing(figure: request.name, format: format, data: data))
                } else {
                    rendering.failures.append(
                        DrawingFailure(
                            figure: request.name,
                            format: format,
                            reason: reason(for: answer?.detail, outcome: outcome)
                        )
                    )
                }
            }
        }
        return rendering
    }

    private func reason(for detail: String?, outcome: ChildProcess.Outcome) -> DrawingFailure.Reason {
        if let detail { return .refused(Self.firstLines(of: detail)) }
        if outcome.ending == .timedOut { return .timedOut(seconds: seconds) }
        return .ended(words(for: outcome.ending), errors: tail(of: outcome.errors))
    }

    private var seconds: Double {
        let (seconds, attoseconds) = timeout.components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    private func words(for ending: ChildProcess.Ending) -> String {
        switch ending {
        case .exited(let code): "ended with exit code \(code)"
        case .signalled(let number): "was ended by signal \(number)"
        case .timedOut: "took longer than \(seconds) seconds and was ended"
        case .tooMuchOutput: "printed without end and was ended"
        }
    }

    /// The message of a JavaScript error without its stack, on one line.
    private static func firstLines(of detail: String) -> String {
        let lines = detail.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.prefix { !$0.hasPrefix("at ") }.joined(separator: " ")
    }

    /// The last line of what a program printed as errors: of a Python traceback, the one that says what happened.
    private func tail(of errors: String) -> String {
        let last = errors.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return String(last.trimmingCharacters(in: .whitespaces).prefix(300))
    }
}
