// The copies of results: dated ones, and figures under another name.
import Figures
import Foundation
import Lab
import Runs
import TestSupport
import Testing

@testable import induct

@Suite struct RunWriterTests {
    @Test func copiesHaveTheTimeInTheirNames() throws {
        let directory = try TestDirectory()
        let files = [
            NamedFile("ablation.csv", "layer,head\n", copiedAs: "ablation_results_gpt2"),
            NamedFile("ablation.json", "{}\n"),
            NamedFile("sub/report.md", "# Report\n", copiedAs: "report_gpt2"),
        ]
        // The same second of the user's clock in any time zone.
        let time = try #require(
            Calendar(identifier: .gregorian).date(
                from: DateComponents(year: 2031, month: 2, day: 3, hour: 4, minute: 5, second: 6)
            )
        )
        let place = directory("outputs/below")
        try writeCopies(of: files, in: place, now: time)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
        #expect(names == ["ablation_results_gpt2_20310203_040506.csv", "report_gpt2_20310203_040506.md"])
        #expect(try directory.text("outputs/below/\(names[0])") == "layer,head\n")
    }

    @Test(.enabled(if: Program.hasPython, "vl-convert is not installed; run Scripts/setup.sh"))
    func aFigureIsCopiedUnderTheNameThatItIsGiven() throws {
        let directory = try TestDirectory()
        let heatmap = HeadHeatmap(
            title: FigureTitle("Scores"),
            valueName: "score",
            values: [[0.1, 0.7], [0.3, nil]]
        )
        var notices: [String] = []
        try writeFigures(
            [
                NamedFigure(name: "scores", figure: heatmap, copiedAs: "results/pattern_effects"),
                NamedFigure(name: "others", figure: heatmap),
            ],
            to: RunDirectory(directory("run").path),
            from: directory.url
        ) { notices.append($0) }
        #expect(notices.isEmpty)
        let copies = try FileManager.default.contentsOfDirectory(atPath: directory("results").path)
        #expect(copies == ["pattern_effects.png"])
        let copy = try Data(contentsOf: directory("results/pattern_effects.png"))
        #expect(try copy == Data(contentsOf: directory("run/scores.png")))
    }
}
