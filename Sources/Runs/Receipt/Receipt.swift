// The receipt of a run: what was asked, what was seen, what came out. Enough to run it again and to say why another run
// differs.

public import Foundation
public import JSON

/// What metadata.json holds.
public struct Receipt: Equatable, Sendable {
    /// Its file in a run's directory.
    public static let fileName = "metadata.json"

    /// What was asked, on what, where.
    public var question: Question
    /// Whether the run has come to its end.
    public var state: State
    /// What is finished, in the order in which it was.
    public var parts: [Part]
    /// When. Never compared.
    public var times: Times

    /// All that decides what a run finds. Two runs with the same question have the same results.
    public struct Question: Equatable, Sendable {
        /// The name of the command.
        public var command: String
        /// The experiment with all its settings, resolved: what is needed to run it again.
        public var experiment: JSONValue
        /// Of everything that is drawn at random.
        public var seed: UInt64
        /// Models, prompts and other files.
        public var inputs: [Input]
        /// Program and machine.
        public var environment: RunEnvironment

        /// All fields.
        public init(
            command: String,
            experiment: JSONValue,
            seed: UInt64,
            inputs: [Input],
            environment: RunEnvironment
        ) {
            self.command = command
            self.experiment = experiment
            self.seed = seed
            self.inputs = inputs
            self.environment = environment
        }
    }

    /// Something that was read, by its contents.
    public struct Input: Equatable, Sendable {
        /// What it was for: `model`, `prompts`, `tokens`.
        public var role: String
        /// What it is called: a model's name, say.
        public var name: String
        /// Its files, with their hashes.
        public var files: [FileDigest]
        /// Where it is from, if that is the hub.
        public var hub: HubSource?

        /// All fields.
        public init(role: String, name: String, files: [FileDigest], hub: HubSource? = nil) {
            self.role = role
            self.name = name
            self.files = files
            self.hub = hub
        }
    }

    /// A version of a model on the hub.
    public struct HubSource: Equatable, Sendable {
        /// `owner/name`
        public var id: String
        /// 40 hexadecimal digits, where they are known.
        public var commit: String?

        /// Both.
        public init(id: String, commit: String?) {
            self.id = id
            self.commit = commit
        }
    }

    /// How far a run has come.
    public enum State: String, Equatable, Sendable, CaseIterable {
        /// At work, or ended without a word (`kill`, a power cut).
        case running
        /// Stopped before its end.
        case interrupted
        /// All of it is there.
        case complete
    }

    /// A piece of a run that is finished as a whole: one model of several, say.
    public struct Part: Equatable, Sendable {
        /// Unlike any other part's.
        public var name: String
        /// Its result files.
        public var files: [ResultFile]

        /// Both.
        public init(name: String, files: [ResultFile]) {
            self.name = name
            self.files = files
        }
    }

    /// A result.
    public struct ResultFile: Equatable, Sendable {
        /// Path below the run's directory, size, hash.
        public var digest: FileDigest
        /// Whether it holds times, which differ from run to run: such a file is not compared.
        public var holdsTimes: Bool

        /// Both.
        public init(digest: FileDigest, holdsTimes: Bool) {
            self.digest = digest
            self.holdsTimes = holdsTimes
        }
    }

    /// When a run began and ended, to the millisecond.
    public struct Times: Equatable, Sendable {
        /// The first start; a resumed run keeps it.
        public var started: Date
        /// Nil before the end.
        public var finished: Date?

        /// Both.
        public init(started: Date, finished: Date? = nil) {
            self.started = UTCTime.rounded(started)
            self.finished = finished.map(UTCTime.rounded)
        }
    }

    /// All fields.
    public init(question: Question, state: State, parts: [Part], times: Times) {
        self.question = question
        self.state = state
        self.parts = parts
        self.times = times
    }

    /// All result files of finished parts.
    public var files: [ResultFile] { parts.flatMap(\.files) }
}
