// induct demo and induct report, whole runs.
import Foundation
import Testing

@Suite struct ReportCommandTests {
    let program: Program

    init() throws { program = try Program() }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: program.directory.appending(path: name), encoding: .utf8)
    }

    private func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: program.directory.appending(path: name).path)
    }

    @Test func theDemoTellsItsStoryAndWritesItsResults() throws {
        let finished = try program.run("demo", "--quiet")
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.output.contains("- L1H2 of induct-2l has the highest induction score: 97."))
        #expect(finished.output.contains("- The path from L0H2 into L1H2.k of induct-2l takes away 7"))
        #expect(finished.output.contains("Report: outputs/demo/report.html (open it in a browser)"))
        // Nothing beside its own directory.
        #expect(try program.contents == ["outputs"])
        #expect(
            try FileManager.default.contentsOfDirectory(
                atPath: program.directory.appending(path: "outputs").path
            ) == ["demo"]
        )
        let page = try Data(contentsOf: program.directory.appending(path: "outputs/demo/report.html"))
        #expect(page.count < 5_000_000)
        let html = String(decoding: page, as: UTF8.self)
        let figures = 17
        #expect(html.components(separatedBy: #"<script type="application/json">"#).count - 1 == figures)
        let markdown = try text("outputs/demo/report.md")
        let links = markdown.matches(of: /!\[(?:\\.|[^\]\\])*\]\((?<path>[^)]*)\)/).map { String($0.path) }
        #expect(links.count == (Program.hasPython ? figures : 0))
        for link in links { #expect(exists("outputs/demo/\(link)"), "\(link)") }
        // Its runs are runs like others.
        let verified = try program.run("verify", "outputs/demo/paths")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }

    @Test func runsOfAllKindsAreTold() throws {
        let made = try program.shell(
            """
            $INDUCT scan --n-prompts 4 --quiet --output runs/scan && $INDUCT nulls --n-prompts 4 --quiet --output runs/nulls && \\
            $INDUCT train --preset quick --num-steps 4 --log-interval 2 --quiet --output training && \\
            $INDUCT report runs training --output out/week.html
            """
        )
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.hasSuffix("Report: out/week.html, out/week.md\n"), "\(made.output)")
        let markdown = try text("out/week.md")
        #expect(markdown.hasPrefix("# 3 runs\n"))
        for title in [
            "What stands out from chance", "Which heads look like induction heads",
            "How induction heads form",
        ] {
            #expect(markdown.contains("\n## \(title)\n"), "\(title)")
        }
        #expect(markdown.contains("**training: no transition:"))
        #expect(!Program.hasPython || exists("out/week_figures/training-phase_transition.png"))
    }

    @Test(arguments: [
        (
            "report nothing", 1,
            "'nothing' is no run: it has neither a receipt (metadata.json) nor a training run's config.json"
        ),
        ("report . --output page.pdf", 2, "--output names the page: a file that ends in .html."),
        ("report", 2, "Missing expected argument '<run> ...'"),
    ])
    func errorsSayWhatToDo(arguments: String, status: Int32, message: String) throws {
        let finished = try program.shell("$INDUCT \(arguments)")
        #expect(finished.status == status && finished.errors.contains(message), "\(finished.errors)")
        #expect(try program.contents.isEmpty)
    }
}
