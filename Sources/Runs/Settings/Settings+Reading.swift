// From settings.yaml to settings.

import Files
public import Foundation
import JSON

extension Settings {
    /// The file that is looked for in the working directory.
    public static let fileName = "settings.yaml"

    /// Far more than settings need: what is larger is another file.
    private static let mostBytes = 64 << 10

    /// Reads the file that the user named, else `settings.yaml` in `directory` if there is one.
    ///
    /// - Returns: the settings, and where they are from; nil if they are the built-in defaults.
    /// - Throws: `FileError`, ``SettingsError``.
    public static func find(
        _ path: String?,
        in directory: URL = URL(filePath: FileManager.default.currentDirectoryPath)
    ) throws -> (settings: Settings, file: URL?) {
        let file = path.map { URL(filePath: $0) } ?? directory.appending(path: fileName)
        if path == nil, !FileManager.default.fileExists(atPath: file.path) { return (Settings(), nil) }
        return (try Settings(reading: file), file)
    }

    /// Reads a file; what it does not mention is as in the defaults.
    ///
    /// - Throws: `FileError`, ``SettingsError``.
    public init(reading file: URL) throws {
        try self.init(yaml: FileContents.read(file, limit: Settings.mostBytes), source: file.path)
    }

    /// Reads the bytes of a file that messages call `source`.
    public init(yaml bytes: [UInt8], source: String) throws(SettingsError) {
        self.init()
        guard let value = try YAMLValue.read(bytes, source: source) else { return }
        try read(SettingsField(source: source, path: "", value: value))
    }

    /// Takes what was encoded, held to the same rules as a file: a receipt may have been changed by hand.
    ///
    /// - Throws: `DecodingError`, ``SettingsError``.
    public init(from decoder: any Decoder) throws {
        // JSON on one line is YAML.
        let bytes = Array(try JSONValue(from: decoder).line.utf8)
        try self.init(yaml: bytes, source: "saved settings")
    }

    private mutating func read(_ field: SettingsField) throws(SettingsError) {
        try field.forEachKey(of: CodingKeys.self) { (key, field) throws(SettingsError) in
            switch key {
            case .model: model = try field.unlessNull?.text("the name of a model")
            case .device: device = try field.choice(of: ComputeDevice.self)
            case .dtype: dtype = try field.choice(of: ComputeType.self)
            case .sequenceLength: sequenceLength = try field.int(2...1 << 20)
            case .batchSize: batchSize = try field.int(1...1 << 16)
            case .seed: seed = try field.int(0...UInt64.max)
            case .prompts: try prompts.read(field)
            case .evaluation: try evaluation.read(field)
            }
        }
    }
}

extension Settings.Prompts {
    fileprivate mutating func read(_ field: SettingsField) throws(SettingsError) {
        try field.forEachKey(of: CodingKeys.self) { (key, field) throws(SettingsError) in
            switch key {
            case .count: count = try field.int(1...1_000_000)
            case .sequenceLength: sequenceLength = try field.unlessNull?.int(2...1 << 20)
            case .lags: lags = try field.lags()
            case .mix: mix = try Settings.TaskMix(field)
            }
        }
    }
}

extension Settings.TaskMix {
    /// Shares by name, or a list of the kinds, which then have equal shares.
    fileprivate init(_ field: SettingsField) throws(SettingsError) {
        (abab, names) = (0, 0)
        if field.isList {
            for kind in try field.elements("a list of ABAB and NAMES") {
                switch try kind.choice(of: CodingKeys.self) {
                case .abab: abab += 1
                case .names: names += 1
                }
            }
        } else {
            try field.forEachKey(of: CodingKeys.self) { (key, field) throws(SettingsError) in
                let share = try field.double("a share of at least 0") { $0 >= 0 }
                switch key {
                case .abab: abab = share
                case .names: names = share
                }
            }
        }
        guard abab + names > 0, (abab + names).isFinite else {
            throw field.mismatch(expected: "shares of ABAB and NAMES, one of them above 0")
        }
    }
}

extension Settings.Evaluation {
    fileprivate mutating func read(_ field: SettingsField) throws(SettingsError) {
        try field.forEachKey(of: CodingKeys.self) { (key, field) throws(SettingsError) in
            switch key {
            case .quantile: quantile = try field.double("a number from 0 to below 1") { 0 <= $0 && $0 < 1 }
            case .bootstrapResamples: bootstrapResamples = try field.int(1...1_000_000)
            case .topK: topK = try field.topK()
            case .randomDraws: randomDraws = try field.int(1...100_000)
            }
        }
    }
}

extension SettingsField {
    fileprivate func lags() throws(SettingsError) -> [Int] {
        var lags: [Int] = []
        for lag in try elements("a list of lags, like [4, 8, 16]") { lags.append(try lag.int(2...1 << 20)) }
        return lags
    }

    /// A number of heads, or a list of them.
    fileprivate func topK() throws(SettingsError) -> [Int] {
        guard isList else { return [try int(1...1 << 16)] }
        var sizes: [Int] = []
        for size in try elements("a list of numbers of heads, like [1, 3]") {
            sizes.append(try size.int(1...1 << 16))
        }
        return sizes
    }
}
