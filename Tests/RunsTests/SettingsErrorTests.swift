// What is wrong with a settings file is said with its line, and no file takes long or ends the program.
import Foundation
import TestSupport
import Testing

@testable import Runs

private func message(_ bytes: some Sequence<UInt8>) -> String {
    do throws(SettingsError) {
        _ = try Settings(yaml: Array(bytes), source: "settings.yaml")
        return "no error"
    } catch {
        return "\(error)"
    }
}

@Suite struct SettingsErrorTests {
    private static let start = "Correct the file; 'induct settings' prints one to start from."
    private static let explained = "Correct the file; 'induct settings' explains each setting."

    @Test(arguments: [
        (
            "seed: 1\nprompts:\n  n_sequence: 5\n",
            "line 3, column 3: there is no setting \"prompts.n_sequence\". Did you mean \"n_sequences\"? "
                + "Here go: n_sequences, seq_len, lag_values, mix."
        ),
        (
            "wibble: 1",
            "line 1, column 1: there is no setting \"wibble\". "
                + "Here go: model, device, dtype, seed, prompts, evaluation, seq_len, batch_size."
        ),
        (
            "prompts: {mix: {abab: 1}}",
            "line 1, column 17: there is no setting \"prompts.mix.abab\". Did you mean \"ABAB\"? Here go: ABAB, NAMES."
        ),
    ])
    func unknownKeys(_ text: String, _ expected: String) {
        #expect(message(text.utf8) == "settings.yaml: " + expected)
    }

    @Test(arguments: [
        (
            "\n\nbatch_size: 0",
            "line 3, column 13: batch_size: expected a whole number from 1 to 65536, found 0."
        ),
        (
            "batch_size: 8.0",
            "line 1, column 13: batch_size: expected a whole number from 1 to 65536, found 8.0."
        ),
        (
            "batch_size: '8'",
            "line 1, column 13: batch_size: expected a whole number from 1 to 65536, found \"8\"."
        ),
        (
            "seed: 18446744073709551616",
            "line 1, column 7: seed: expected a whole number from 0 to 18446744073709551615, "
                + "found 18446744073709551616."
        ),
        (
            "seed: 010",
            "line 1, column 7: seed: expected a whole number from 0 to 18446744073709551615, found 010."
        ),
        (
            "seed:",
            "line 1, column 6: seed: expected a whole number from 0 to 18446744073709551615, found nothing."
        ),
        ("device: gpu", "line 1, column 9: device: expected one of auto, cpu, cuda, mps, found \"gpu\"."),
        (
            "prompts:\n  lag_values: [4, x]",
            "line 2, column 19: prompts.lag_values[1]: expected a whole number from 2 to 1048576, found \"x\"."
        ),
        (
            "prompts:\n  lag_values: []",
            "line 2, column 15: prompts.lag_values: expected a list of lags, like [4, 8, 16], found a list of 0 values."
        ),
        (
            "prompts: 7",
            "line 1, column 10: prompts: expected settings, one a line, like 'name: value', found 7."
        ),
        (
            "prompts: {mix: {ABAB: 0}}",
            "line 1, column 16: prompts.mix: expected shares of ABAB and NAMES, one of them above 0, "
                + "found a mapping with 1 key."
        ),
        (
            "evaluation: {quantile: 1.0}",
            "line 1, column 24: evaluation.quantile: expected a number from 0 to below 1, found 1.0."
        ),
        (
            "evaluation: {quantile: .nan}",
            "line 1, column 24: evaluation.quantile: expected a number from 0 to below 1, found \".nan\"."
        ),
        ("model: []", "line 1, column 8: model: expected the name of a model, found a list of 0 values."),
        (
            "- seed",
            "line 1, column 1: expected settings, one a line, like 'name: value', found a list of 1 value."
        ),
        ("? [seed]\n: 5", "line 1, column 3: expected the name of a setting, found a list of 1 value."),
    ])
    func wrongValues(_ text: String, _ expected: String) {
        #expect(message(text.utf8) == "settings.yaml: \(expected) \(Self.explained)")
    }

    @Test(arguments: [
        (
            "seed: 1\ndevice: cpu\nseed: 2",
            "line 1, column 1: the key \"seed\" is there more than once; this is the first."
        ),
        ("seed: 1\n---\nseed: 2", "line 2, column 1: a second document begins here, and settings are one."),
        ("prompts:\n\tn_sequences: 5", "line 2, column 1: the line is indented with a tab: use spaces."),
        (
            "prompts: \r\n\tn_sequences: 5\r\n",
            "line 2, column 1: the line is indented with a tab: use spaces."
        ),
        (
            "a: &x 5",
            "line 1, column 4: anchors (&) and aliases (*) are not used in settings: write the value out."
        ),
        (
            "a: 5\nseed: *a",
            "line 2, column 7: anchors (&) and aliases (*) are not used in settings: write the value out."
        ),
        (
            "seed: !!int 5",
            "line 1, column 7: tags (!) are not used in settings: leave \"tag:yaml.org,2002:int\" away."
        ),
        ("seed: [1, 2\n", "line 2, column 1: did not find expected ',' or ']'."),
        ("model: \u{1}", "line 1, column 8: control characters are not allowed."),
        (
            String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
            "line 1, column 17: values are nested too deeply."
        ),
    ])
    func textThatIsNoSettings(_ text: String, _ expected: String) {
        #expect(message(text.utf8) == "settings.yaml: \(expected) \(Self.start)")
    }

    @Test func textThatIsNotUTF8() {
        let latin = Array("seed: 1\nmodel: caf".utf8) + [0xe9, 0x0a]
        #expect(
            message(latin)
                == "settings.yaml: line 2, column 1: the line is not UTF-8 text: save the file in that "
                + "encoding. \(Self.start)"
        )
    }

    @Test func starsAndAmpersandsInTextAreText() throws {
        let text = "# R&D *x\nmodel: \"*a &b\" # & more\n"
        #expect(try Settings(yaml: Array(text.utf8), source: "x").model == "*a &b")
        #expect(try Settings(yaml: Array("model: a*b\u{f0000}".utf8), source: "x").model == "a*b\u{f0000}")
    }

    @Test func aLargeFileIsNotRead() throws {
        let directory = try TestDirectory()
        let file = directory("settings.yaml")
        try Data(count: 10_000_000).write(to: file)
        #expect {
            try Settings(reading: file)
        } throws: {
            "\($0)" == "\(file.path) cannot be read: it has 10000000 bytes, and at most 65536 are expected. "
                + "Check that it is the right file."
        }
    }

    /// Each line stands for ten of the one before; the last is a key, which a parser compares with others.
    private static let bomb =
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + zip("abcdefghijk", "bcdefghijkl").map { before, name in
            "\(name): &\(name) [" + Array(repeating: "*\(before)", count: 10).joined(separator: ", ") + "]\n"
        }.joined() + "? *l\n: 1\n? [*l]\n: 2\n"

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            bomb, String(repeating: "[", count: 60_000), String(repeating: "{", count: 60_000),
            String(repeating: "- ", count: 30_000), String(repeating: "? ", count: 30_000),
            String(repeating: "? [", count: 20_000), String(repeating: "a: {", count: 15_000),
            String(repeating: "!", count: 60_000), String(repeating: "%TAG ! x\n", count: 6_000),
            "a: \"" + String(repeating: "\n", count: 60_000),
            "a: |\n" + String(repeating: " \n", count: 30_000),
            (0..<9_000).map { "k\($0): 1\n" }.joined(), String(repeating: "\u{f0000}*", count: 12_000),
        ]
    )
    func noTextTakesLong(_ text: String) async throws {
        // On a thread with the smallest usual stack.
        let found = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: message(text.utf8)) }
            thread.stackSize = 512 << 10
            thread.start()
        }
        #expect(found != "no error")
    }

    @Test(.timeLimit(.minutes(2))) func damagedFilesGiveAnErrorOrSettings() {
        var random = SplitMix(seed: 4)
        let original = Array(Settings.commentedDefault.utf8)
        let plain = Array(Settings().yaml.utf8)
        let signs = Array("&*!|>%@`'\"[]{},:-?#~\t\n\r\u{0} 0.e".utf8)
        var outcomes = (settings: 0, errors: 0)
        for _ in 0..<4000 {
            var bytes = Bool.random(using: &random) ? original : plain
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(signs.randomElement(using: &random) ?? 0, at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                case 3: bytes[place] = signs.randomElement(using: &random) ?? 0
                default:
                    let copied = bytes[place..<min(bytes.count, place + 60)]
                    bytes.insert(contentsOf: copied, at: Int.random(in: 0..<bytes.count, using: &random))
                }
                if bytes.isEmpty { bytes = plain }
            }
            do throws(SettingsError) {
                let settings = try Settings(yaml: bytes, source: "x")
                // What was taken can be written and read.
                #expect((try? Settings(yaml: Array(settings.yaml.utf8), source: "x")) == settings)
                outcomes.settings += 1
            } catch {
                #expect("\(error)".hasPrefix("x: line "))
                outcomes.errors += 1
            }
        }
        #expect(outcomes.settings > 200 && outcomes.errors > 200, "\(outcomes)")
    }
}
