// What is asked of a training run, read from files and put over each other.
import Runs
import Testing

@Suite struct TrainingRequestTests {
    private func read(_ text: String) throws -> TrainingRequest {
        try TrainingRequest(yaml: Array(text.utf8), source: "run.yaml")
    }

    @Test func everyFlagOfTheSeedIsASetting() throws {
        let request = try read(
            """
            vocab_size: 50
            seq_length: 256
            n_layers: 2
            n_heads: 8
            d_model: 256
            d_ff: 1024
            num_steps: 20000
            eigen_interval: 100
            batch_size: 64
            lr: 3e-4
            weight_decay: 0.01
            grad_clip: 1.0
            log_interval: 10
            checkpoint_interval: 1000
            track_top_k_eigenvalues: 5
            n_sequences: 10000
            min_pattern_length: 5
            max_pattern_length: 20
            n_repeats_per_seq: 3
            dropout: 0.1
            use_lr_schedule: true
            seed: 42
            """
        )
        #expect(request.vocabularySize == 50 && request.learningRate == 3e-4 && request.usesSchedule == true)
        #expect(request.topEigenvalues == 5 && request.seed == 42 && request.preset == nil)
    }

    @Test func errorsSayWhereAndWhat() {
        func message(_ text: String) -> String {
            do {
                _ = try read(text)
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            message("num_steps: many")
                == """
                run.yaml: line 1, column 12: num_steps: expected a whole number from 1 to 1099511627776, found "many". Correct \
                the file; 'induct train --help' explains each setting.
                """
        )
        #expect(
            message("lr: 0").hasPrefix("run.yaml: line 1, column 5: lr: expected a positive number, found 0.")
        )
        #expect(
            message("seed: 1\nsteps: 3")
                .hasPrefix(
                    "run.yaml: line 2, column 1: there is no setting \"steps\". Did you mean \"num_steps\"?"
                )
                || message("seed: 1\nsteps: 3").hasPrefix(
                    "run.yaml: line 2, column 1: there is no setting \"steps\"."
                )
        )
    }

    @Test func whatIsNoYAMLLeadsToTheOptions() throws {
        let error = #expect(throws: SettingsError.self) { try read("seed: [1, 2") }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("run.yaml: line 2, column 1: "), "\(text)")
        #expect(
            text.hasSuffix("Correct the file; 'induct train --help' names what may stand in it."),
            "\(text)"
        )
    }

    @Test func oneGoesOverAnother() {
        var (base, flags) = (TrainingRequest(), TrainingRequest())
        (base.steps, base.task) = (10, "repeat")
        flags.steps = 20
        let both = flags.over(base)
        #expect(both.steps == 20 && both.task == "repeat" && both.lengthIsUnset)
    }
}

extension TrainingRequest {
    fileprivate var lengthIsUnset: Bool { length == nil }
}
