// metadata.json: the same receipt gives the same bytes.

public import Foundation
public import JSON

extension Receipt {
    /// Of the layout; one is added when a reader of this one could not read it.
    private static let format = 1

    /// The file's contents.
    public var json: JSONValue {
        [
            "format": .int(Receipt.format),
            "command": .string(question.command),
            "experiment": question.experiment,
            "seed": .int(question.seed),
            "inputs": .array(question.inputs.map(\.json)),
            "environment": question.environment.json,
            "state": .string(state.rawValue),
            "parts": .array(parts.map(\.json)),
            "times": [
                "started": .string(UTCTime.text(times.started)),
                "finished": times.finished.map { .string(UTCTime.text($0)) } ?? nil,
            ],
        ]
    }

    /// Reads metadata.json of a run's directory.
    ///
    /// - Throws: `FileError`, `JSONError`.
    public init(in directory: URL) throws {
        let json = try JSONField(reading: directory.appending(path: Receipt.fileName))
        _ = try json.require("format").int(min: 1, max: Receipt.format)
        let state = try json.require("state").string(oneOf: State.allCases.map(\.rawValue))
        let times = try json.require("times")
        self.init(
            question: Question(
                command: try json.require("command").string(),
                experiment: try json.member("experiment").map { JSONValue($0) } ?? nil,
                seed: try json.require("seed").seed(),
                inputs: try json.require("inputs").elements().map { try Input($0) },
                environment: try RunEnvironment(json.require("environment"))
            ),
            state: State(rawValue: state) ?? .running,
            parts: try json.require("parts").elements().map { try Part($0) },
            times: Times(
                started: try times.require("started").time(),
                finished: try times["finished"]?.time()
            )
        )
    }
}

extension JSONField {
    fileprivate func time() throws -> Date {
        guard let date = UTCTime.date(try string()) else {
            throw mismatch(expected: "a time like \"2030-01-31T12:00:00.000Z\"")
        }
        return date
    }

    /// A number from 0 to 2^64 - 1: more than fits `Int`.
    fileprivate func seed() throws -> UInt64 {
        guard case .number(let digits) = JSONValue(self), let seed = UInt64(digits) else {
            throw mismatch(expected: "a whole number of at least 0")
        }
        return seed
    }
}

extension FileDigest {
    var json: JSONValue { ["name": .string(name), "size": .int(size), "sha256": .string(sha256)] }

    init(_ json: JSONField) throws {
        self.init(
            name: try json.require("name").string(),
            size: try json.require("size").count(),
            sha256: try json.require("sha256").string()
        )
    }
}

extension Receipt.Input {
    fileprivate var json: JSONValue {
        var fields: [String: JSONValue] = [
            "role": .string(role), "name": .string(name), "files": .array(files.map(\.json)),
        ]
        if let hub {
            fields["hub"] = ["id": .string(hub.id), "commit": hub.commit.map { .string($0) } ?? nil]
        }
        return .object(fields)
    }

    fileprivate init(_ json: JSONField) throws {
        self.init(
            role: try json.require("role").string(),
            name: try json.require("name").string(),
            files: try json.require("files").elements().map { try FileDigest($0) },
            hub: try json["hub"].map {
                Receipt.HubSource(id: try $0.require("id").string(), commit: try $0["commit"]?.string())
            }
        )
    }
}

extension RunEnvironment {
    var json: JSONValue {
        [
            "induct": .string(induct), "libtorch": .string(libtorch), "system": .string(system),
            "cpu": .string(cpu), "device": .string(device), "threads": .int(threads), "dtype": .string(dtype),
        ]
    }

    fileprivate init(_ json: JSONField) throws {
        self.init(
            induct: try json.require("induct").string(),
            libtorch: try json.require("libtorch").string(),
            system: try json.require("system").string(),
            cpu: try json.require("cpu").string(),
            device: try json.require("device").string(),
            threads: try json.require("threads").int(),
            dtype: try json.require("dtype").string()
        )
    }
}

extension Receipt.Part {
    fileprivate var json: JSONValue {
        ["name": .string(name), "files": .array(files.map(\.json))]
    }

    fileprivate init(_ json: JSONField) throws {
        self.init(
            name: try json.require("name").string(),
            files: try json.require("files").elements().map { try Receipt.ResultFile($0) }
        )
    }
}

extension Receipt.ResultFile {
    fileprivate var json: JSONValue {
        guard case .object(var fields) = digest.json else { preconditionFailure("a digest is an object") }
        fields["holds_times"] = .bool(holdsTimes)
        return .object(fields)
    }

    fileprivate init(_ json: JSONField) throws {
        self.init(digest: try FileDigest(json), holdsTimes: try json["holds_times"]?.bool() ?? false)
        guard isBelowDirectory(digest.name) else {
            throw try json.require("name").mismatch(expected: "a path below the run's directory")
        }
    }
}

/// Whether a path leads to something below the directory that it starts from: a receipt may be anybody's.
func isBelowDirectory(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !path.utf8.contains(0) && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
}
