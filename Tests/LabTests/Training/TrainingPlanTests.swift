// From what is asked for to a run: presets, files, what must not change.
import Formation
import Foundation
import Runs
import TestSupport
import Testing
import Tokenizers

@testable import Lab

@Suite struct TrainingPlanTests {
    private func request(_ change: (inout TrainingRequest) -> Void) -> TrainingRequest {
        var request = TrainingRequest()
        change(&request)
        return request
    }

    private func message(_ change: (inout TrainingRequest) -> Void) -> String {
        do {
            _ = try TrainingPlan(request(change))
            return ""
        } catch { return "\(error)" }
    }

    @Test func nothingAskedForIsTheSeedsOwnRun() throws {
        let config = try TrainingPlan(TrainingRequest()).config
        #expect(config.model == ModelShape(layers: 2, heads: 8, dModel: 256, dMLP: 1024))
        #expect(config.vocabularySize == 50 && config.task.length == 256 && config.batchSize == 64)
        #expect(
            config.training.steps == 20000 && config.curvatureInterval == 100 && config.task.kind == .patterns
        )
    }

    @Test func flagsGoOverAPreset() throws {
        let config = try TrainingPlan(request { ($0.preset, $0.steps, $0.seed) = ("quick", 10, 3) }).config
        #expect(config.training.steps == 10 && config.seed == 3)
        #expect(config.task.kind == .repeat && config.model.dMLP == 0)
    }

    @Test func wordsThatMeanNothing() {
        #expect(
            message { $0.preset = "fast" }
                == "--preset is 'fast'; give one of quick, default, shakespeare-char."
        )
        #expect(
            message { $0.task = "induction" }
                == "--task is 'induction'; give one of patterns, repeat, bigram, markov, text."
        )
        #expect(
            message { $0.positions = "alibi" }
                == "--positions is 'alibi'; give one of learned, sinusoidal, rotary, none."
        )
        #expect(message { $0.task = "text" } == "the text task needs a text: give --text-file FILE.")
        #expect(
            message { ($0.task, $0.triggers) = ("repeat", 3) }
                == "--n-triggers is for the task bigram, and the task is repeat; leave it out."
        )
    }

    @Test func aTextBringsItsVocabularyAndItsTokenizer() throws {
        let directory = try TestDirectory()
        let text = String(repeating: "to be, or not to be: \u{e9}\n", count: 40)
        let file = try directory.write("text.txt", text)
        let plan = try TrainingPlan(
            request { ($0.task, $0.textFile, $0.length) = ("text", file.path, 20) }
        )
        let own = Set(text.unicodeScalars)
        #expect(plan.config.vocabularySize == own.count && plan.config.bosTokenID == nil)
        #expect(plan.config.task.sequences == nil)
        let training = try #require(plan.text)
        #expect(training.ids.count == text.unicodeScalars.count)
        try training.writeTokenizer(to: directory.url)
        // The file is one that tokenizers are read from.
        let model = try loadTokenizer(directory: directory.url)
        #expect(try model.encode(text, addingSpecialTokens: false) == training.ids)
        #expect(try model.decode(training.ids) == text)
        // Another text in its place.
        _ = try directory.write("text.txt", text + "!")
        #expect(
            throws: TrainingTextError.changed(file.path)
        ) { try TrainingText(again: training.source) }
        #expect(
            "\(TrainingTextError.changed("a.txt"))"
                == "a.txt is not the text any more that the run began with; put that one back, or start a new run."
        )
    }

    @Test func aRunGoesOnAsItBegan() throws {
        let directory = try TestDirectory()
        let asked = request { ($0.preset, $0.steps) = ("quick", 10) }
        let url = directory("run")
        _ = try TrainingDirectory(new: TrainingPlan(asked).config, path: url.path)
        // Nothing asked for, the same asked for, and a part of it.
        for same in [TrainingRequest(), asked, request { $0.steps = 10 }] {
            #expect(try TrainingPlan(resuming: url, same).config == TrainingPlan(asked).config)
        }
        #expect(
            throws: TrainingDirectoryError.otherConfig(
                url.path,
                differences: [
                    "training.learningRate is 0.003 in the run, 0.5 now",
                    "training.steps is 10 in the run, 11 now",
                ]
            )
        ) { try TrainingPlan(resuming: url, request { ($0.steps, $0.learningRate) = (11, 0.5) }) }
    }
}
