import Foundation
import Induction
import JSON
import Runs
import TestSupport
import Testing

@testable import Lab

@Suite struct ReportTests {
    private static let hostile = "</script><script>alert(1)</script> & \"quotes\" 'a' `b` *c* [d](e) | f_g"

    private static func section(_ id: String = "one", command: String = "scan", png: Data? = Data([1, 2, 3]))
        -> Report.Section
    {
        Report.Section(
            id: id,
            command: command,
            story: RunStory([hostile, "And more."], text: "a  b\n```\n\(hostile)\n"),
            figures: [
                Report.Picture(
                    name: "heatmap",
                    description: hostile,
                    spec: Data(#"{"title":"\u003c/script>"}"#.utf8),
                    png: png
                )
            ],
            facts: [Report.Fact(name: "model", value: hostile)],
            receipt: "{\"a\": \"\(hostile)\"}"
        )
    }

    private let report = Report(title: hostile, lead: [hostile], sections: [section()])

    private func html(_ report: Report, vega: String?) -> String {
        String(decoding: ReportPage(report, vega: vega.map { Data($0.utf8) }).html, as: UTF8.self)
    }

    @Test func nothingThatIsShownIsRun() {
        let page = html(report, vega: "window.vegaEmbed = null;")
        // Its own elements, and no more.
        #expect(page.components(separatedBy: "<script").count - 1 == 3)
        #expect(page.components(separatedBy: "</script").count - 1 == 3)
        #expect(!page.contains("alert(1)</script>"))
        #expect(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"))
        #expect(page.contains("default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'"))
        #expect(page.contains("ast: true") && !page.contains("unsafe-eval"))
    }

    @Test func withoutTheScriptPicturesAreShown() {
        let page = html(report, vega: nil)
        #expect(page.contains(#"src="data:image/png;base64,AQID">"#) && !page.contains("<script"))
        let bare = Report(title: "t", sections: [Self.section(png: nil)])
        #expect(html(bare, vega: nil).contains("<p>The figure heatmap was not drawn.</p>"))
    }

    @Test func severalRunsHaveContents() {
        let several = Report(
            title: "t",
            sections: [Self.section(), Self.section("two é", command: "ablate")]
        )
        let page = html(several, vega: nil)
        #expect(page.contains(##"<a href="#run-1">Which heads look like induction heads</a>"##))
        #expect(page.contains(#"<section id="run-2""#))
        #expect(!html(report, vega: nil).contains("<nav"))
    }

    @Test func markdownHasTheSame() {
        let twin = ReportMarkdown(report, figuresIn: "a b_figures")
        #expect(twin.pictures.map(\.name) == ["one-heatmap.png"])
        #expect(twin.text.hasPrefix(#"# \</script\>\<script\>alert(1)"#))
        #expect(twin.text.contains("](a%20b_figures/one-heatmap.png)"))
        // The fence is longer than the one in the text.
        #expect(twin.text.contains("````text\na  b\n```\n"))
        #expect(twin.text.contains(#"| model | \</script\>"#) && twin.text.contains(#"\| f\_g |"#))
        #expect(twin.text.contains("- **induction score**: Mean attention"))
        let bare = Report(title: "t", sections: [Self.section(png: nil)])
        #expect(ReportMarkdown(bare, figuresIn: "f").text.contains("*Figure heatmap was not drawn.*"))
    }

    @Test func everyCommandHasTitleAndTerms() {
        let commands = analyses.map { $0.command } + Topology.Question.allCases.map(\.rawValue) + ["train"]
        for command in commands {
            #expect(Self.section(command: command).title != command, "\(command)")
            #expect(!Glossary.terms(of: command).isEmpty, "\(command)")
        }
        let twice = Report(title: "t", sections: [Self.section(), Self.section("two")])
        #expect(Set(twice.terms.map(\.name)).count == twice.terms.count)
    }

    @Test func whatIsNoRunIsSaid() throws {
        let directory = try TestDirectory()
        _ = try directory.write("file.txt", "x")
        for path in [directory.url, directory("nothing"), directory("file.txt")] {
            #expect(throws: ReportError.noRun(path: path.relativePath)) { _ = try Report(of: [path]) }
        }
    }

    @Test func anUnfinishedRunIsSaid() throws {
        let directory = try TestDirectory()
        let experiment = ModelExperiment(Scan(), of: "induct-2l")
        let run = try Run(ExperimentRun(experiment).question(), in: RunDirectory(directory("run").path))
        #expect(throws: ReportError.unfinished(path: directory("run").relativePath, command: "scan")) {
            _ = try Report(of: [directory("run")])
        }
        // Among others it is left out, with the reason.
        _ = try Run(ExperimentRun(experiment).question(), in: RunDirectory(directory("half").path))
        #expect(throws: ReportError.self) { _ = try Report(of: [directory.url]) }
        _ = try ExperimentRun(experiment).result(in: run)
        try run.complete()
        let report = try Report(of: [directory.url, directory("run")])
        #expect(
            report.skipped == [.unfinished(path: directory("half").relativePath, command: "scan")]
        )
        #expect(report.sections.map(\.id) == ["run", "run-2"] && report.title == "2 runs")
        #expect(
            report.sections[0].story.headline.hasPrefix(
                "L1H2 of induct-2l has the highest induction score: 97."
            )
        )
        #expect(
            report.sections[0].facts.map(\.name) == [
                "command", "model", "tokens", "seed", "computed", "when",
            ]
        )
    }
}
