// Settings: the defaults, what is written is read back, flags win.
import Foundation
import JSON
import TestSupport
import Testing

@testable import Runs

@Suite struct SettingsTests {
    private func read(_ text: String) throws -> Settings {
        try Settings(yaml: Array(text.utf8), source: "settings.yaml")
    }

    /// Nothing as in the defaults.
    private var unusual: Settings {
        var settings = Settings()
        settings.model = "a \"b\\c\"\n\u{e9}\u{1f600}: #x & *y"
        settings.device = .mps
        settings.dtype = .bfloat16
        settings.sequenceLength = 77
        settings.batchSize = 3
        settings.seed = .max
        settings.prompts.count = 11
        settings.prompts.sequenceLength = 60
        settings.prompts.lags = [3, 5, 5]
        settings.prompts.mix.abab = 1e-5
        settings.prompts.mix.names = 1e22
        settings.evaluation.quantile = 0.123456789012345
        settings.evaluation.bootstrapResamples = 13
        settings.evaluation.topK = [1, 4]
        settings.evaluation.randomDraws = 17
        return settings
    }

    @Test func defaultsHaveTheShapeOfTheExperiments() {
        let settings = Settings()
        #expect(settings.prompts.count == 400)
        #expect(settings.sequenceLength == 256)
        #expect(settings.batchSize == 8)
        #expect(settings.prompts.lags == [4, 8, 16, 32, 64])
        #expect(settings.evaluation.quantile == 0.9)
    }

    @Test func theCommentedDefaultIsTheDefault() throws {
        #expect(try read(Settings.commentedDefault) == Settings())
        #expect(Settings.commentedDefault.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }

    @Test func everyKeyIsExplained() {
        let lines = Settings.commentedDefault.split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let keys =
            Settings.CodingKeys.allCases.map(\.rawValue)
            + Settings.Prompts.CodingKeys.allCases.map(\.rawValue)
            + Settings.Evaluation.CodingKeys.allCases.map(\.rawValue)
        for key in keys {
            let index = lines.firstIndex { $0.hasPrefix("\(key):") }
            #expect(index.map { lines[$0 - 1].hasPrefix("# ") } == true, "\(key)")
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        #expect(try read(unusual.yaml) == unusual)
        #expect(try read(Settings().yaml) == Settings())
        #expect(unusual.yaml == unusual.yaml)
    }

    @Test func theConfigOfARunIsShort() {
        #expect(
            Settings().yaml == """
                model: null
                device: auto
                dtype: float32
                seq_len: 256
                batch_size: 8
                seed: 0
                prompts:
                  n_sequences: 400
                  seq_len: null
                  lag_values: [4, 8, 16, 32, 64]
                  mix: {ABAB: 0.5, NAMES: 0.5}
                evaluation:
                  quantile: 0.9
                  bootstrap_resamples: 1000
                  topk: [3]
                  random_draws: 30

                """
        )
    }

    @Test func whatIsLeftOutIsAsInTheDefaults() throws {
        var expected = Settings()
        #expect(try read("") == expected)
        #expect(try read("# nothing\n") == expected)
        #expect(try read("---\n...\n") == expected)
        #expect(try read("prompts:\nevaluation: ~\nmodel:\n") == expected)
        expected.evaluation.topK = [2]
        expected.device = .cuda
        #expect(try read("device: \"cuda\"\nevaluation: {topk: 2}\n") == expected)
        // As Windows and its editors write it.
        let windows =
            [0xef, 0xbb, 0xbf] + Array("device: 'cuda'\r\nevaluation:\r\n  topk:\r\n  - 2\r\n".utf8)
        #expect(try Settings(yaml: windows, source: "x") == expected)
    }

    @Test func kindsOfPromptsMayBeAList() throws {
        var expected = Settings()
        (expected.prompts.mix.abab, expected.prompts.mix.names) = (0, 1)
        #expect(try read("prompts: {mix: [NAMES]}") == expected)
        #expect(try read("prompts: {mix: {NAMES: 1}}") == expected)
        (expected.prompts.mix.abab, expected.prompts.mix.names) = (2, 1)
        #expect(try read("prompts: {mix: [ABAB, NAMES, ABAB]}") == expected)
    }

    @Test func flagsWin() {
        var flags = SettingsOverrides()
        #expect(unusual.overridden(by: flags) == unusual)
        let all = unusual
        flags.model = all.model
        flags.device = all.device
        flags.dtype = all.dtype
        flags.sequenceLength = all.sequenceLength
        flags.batchSize = all.batchSize
        flags.seed = all.seed
        flags.promptCount = all.prompts.count
        flags.promptLength = all.prompts.sequenceLength
        flags.lags = all.prompts.lags
        flags.mix = all.prompts.mix
        flags.quantile = all.evaluation.quantile
        flags.bootstrapResamples = all.evaluation.bootstrapResamples
        flags.topK = all.evaluation.topK
        flags.randomDraws = all.evaluation.randomDraws
        #expect(Settings().overridden(by: flags) == all)
    }

    @Test func theFileIsFoundInTheDirectoryOrByName() throws {
        let directory = try TestDirectory()
        let nothing = try Settings.find(nil, in: directory.url)
        #expect(nothing.settings == Settings() && nothing.file == nil)
        _ = try directory.write("settings.yaml", "seed: 5\n")
        let other = try directory.write("other.yaml", "seed: 6\n")
        #expect(try Settings.find(nil, in: directory.url).settings.seed == 5)
        #expect(try Settings.find(other.path, in: directory.url).settings.seed == 6)
        let missing = directory("none.yaml").path
        #expect {
            try Settings.find(missing, in: directory.url)
        } throws: {
            "\($0)" == "\(missing) cannot be read: there is no such file. Check the path and its spelling."
        }
    }

    @Test func halfPrecisionOnACPUIsSinglePrecision() {
        for type in ComputeType.allCases {
            for device in ComputeDevice.allCases where device != .auto {
                let (resolved, notice) = type.resolved(on: device)
                let changes = type == .float16 && device == .cpu
                #expect(resolved == (changes ? .float32 : type))
                #expect((notice != nil) == changes)
            }
        }
        #expect(
            ComputeType.float16.resolved(on: .cpu).notice
                == "dtype float16 is for GPUs: computing in float32 on the CPU (bfloat16 takes half the memory)."
        )
    }

    @Test func asJSONTheyHaveTheSameKeys() throws {
        let json = try JSONValue(encoding: Settings())
        #expect(json["prompts"]?["lag_values"] == [4, 8, 16, 32, 64])
        #expect(json["evaluation"]?["bootstrap_resamples"] == 1000)
        #expect(json["prompts"]?["mix"]?["NAMES"] == .number("0.5"))
        #expect(json["seq_len"] == 256)
    }

    @Test func asJSONTheyAreReadBack() throws {
        #expect(try JSONValue(encoding: unusual).decoded() == unusual)
        #expect(try JSONValue(encoding: Settings()).decoded() == Settings())
        let changed: JSONValue = ["batch_size": 0]
        #expect {
            try changed.decoded(as: Settings.self)
        } throws: {
            "\($0)".hasPrefix(
                "saved settings: line 1, column 16: batch_size: expected a whole number from 1 to 65536, found 0."
            )
        }
    }
}
