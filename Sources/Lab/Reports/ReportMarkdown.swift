// A report as Markdown, with its figures as PNG files beside it: what a repository shows without scripts.
public import Foundation

/// The twin of a report's page.
public struct ReportMarkdown {
    private let report: Report
    private let folder: String

    /// - Parameter folder: the directory of the figures, as the text names it.
    public init(_ report: Report, figuresIn folder: String) {
        (self.report, self.folder) = (report, folder)
    }

    /// The figures that have been drawn, each with its name in the folder.
    public var pictures: [(name: String, data: Data)] {
        report.sections.flatMap { section in
            section.figures.compactMap { figure in figure.png.map { (name(figure, section), $0) } }
        }
    }

    /// The text.
    public var text: String {
        let head = ["# \(plain(report.title))"] + report.lead.map(plain)
        return (head + report.sections.flatMap(lines) + glossary).joined(separator: "\n\n") + "\n"
    }

    private func name(_ figure: Report.Picture, _ section: Report.Section) -> String {
        "\(section.id)-\(figure.name).png"
    }

    private func lines(_ section: Report.Section) -> [String] {
        let figures = section.figures.map { figure in
            figure.png == nil
                ? "*Figure \(plain(figure.name)) was not drawn.*"
                : "![\(plain(figure.description))](\(address(folder))/\(address(name(figure, section))))"
        }
        let facts = section.facts.map { "| \(plain($0.name)) | \(plain($0.value)) |" }
        return ["## \(plain(section.title))", "**\(plain(section.story.headline))**"]
            + section.story.paragraphs.map(plain) + [fenced(section.story.text)] + figures
            + ["| receipt | |\n| --- | --- |\n" + facts.joined(separator: "\n")]
    }

    private var glossary: [String] {
        let terms = report.terms
        if terms.isEmpty { return [] }
        return [
            "## Definitions",
            terms.map { "- **\(plain($0.name))**: \(plain($0.meaning))" }.joined(separator: "\n"),
        ]
    }

    /// A block as it stands: its fence is longer than any in it.
    private func fenced(_ text: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)text\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
    }

    /// Text that means nothing to Markdown or HTML, on one line.
    private func plain(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "&", "~", "$": result += "\\\(character)"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
        return result
    }

    private func address(_ name: String) -> String {
        name.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-_."))
        )
            ?? name
    }
}
