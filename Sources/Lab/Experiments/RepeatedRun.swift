// From a receipt to its experiment: what `verify` does again.
import Foundation
import JSON
public import Runs

/// The experiment of a receipt, its models opened; nothing has been computed.
public struct RepeatedRun {
    private let work: (RunDirectory, @escaping StepProgress) throws -> Void

    /// Opens what a run was about, after a download if there has to be one.
    ///
    /// - Throws: `ReceiptError`, what is wrong with the models, prompts or settings.
    public init(of stored: RunStore.StoredRun, reporting report: FetchReport = FetchReport()) throws {
        let command = stored.receipt.question.command
        if let analysis = analyses.first(where: { $0.command == command }) {
            work = try analysisWork(analysis, again: stored, report)
        } else if Topology.Question(rawValue: command) != nil {
            work = try topologyWork(again: stored, report)
        } else {
            throw ReceiptError.unknownCommand(command, path: stored.url.path)
        }
    }

    /// Does the work and writes a run like the first.
    ///
    /// - Throws: what the first could have thrown, and what `progress` throws.
    public func run(in directory: RunDirectory, progress: @escaping StepProgress) throws {
        try work(directory, progress)
    }
}

private typealias Work = (RunDirectory, @escaping StepProgress) throws -> Void

private func analysisWork<Question: Analysis>(
    _ analysis: Question.Type,
    again stored: RunStore.StoredRun,
    _ report: FetchReport
) throws -> Work {
    let experiment = try ExperimentRun<Question>(stored.experiment(), reporting: report)
    return { directory, progress in
        let run = try Run(experiment.question(), in: directory)
        _ = try experiment.result(in: run, progress: progress)
        try run.complete()
    }
}

private func topologyWork(again stored: RunStore.StoredRun, _ report: FetchReport) throws -> Work {
    let settings = try Settings(reading: stored.url.appending(path: "config.yaml"))
    let experiment = try TopologyRun(stored.experiment(), reporting: report)
    return { directory, progress in
        let run = try Run(experiment.question, in: directory)
        _ = try experiment.results(in: run, settings: settings, progress: progress)
        try run.complete()
    }
}

extension RunStore.StoredRun {
    /// What was asked, as a value of the type that its command has.
    ///
    /// - Throws: `ReceiptError.unreadable`.
    fileprivate func experiment<Value: Decodable>() throws -> Value {
        do {
            return try receipt.question.experiment.decoded()
        } catch let error as DecodingError {
            throw ReceiptError.unreadable(error.problem, path: url.path)
        }
    }
}

/// A receipt that cannot be done again.
public enum ReceiptError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No command of this program.
    case unknownCommand(String, path: String)
    /// An experiment that is not as this program writes it.
    case unreadable(String, path: String)

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .unknownCommand(let command, let path):
            """
            \(path)/\(Receipt.fileName): command: '\(command)' is none that this version of induct (\(inductVersion)) can \
            do again; use the version that the receipt names.
            """
        case .unreadable(let problem, let path):
            """
            \(path)/\(Receipt.fileName): experiment: \(problem). This version of induct (\(inductVersion)) cannot read it; \
            use the version that the receipt names.
            """
        }
    }
}

extension DecodingError {
    /// Where, and what.
    fileprivate var problem: String {
        func place(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
        switch self {
        case .keyNotFound(let key, let context):
            return "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let text = context.debugDescription
            return "\(place(context.codingPath)): \(text.hasSuffix(".") ? String(text.dropLast()) : text)"
        @unknown default:
            return "\(self)"
        }
    }
}
