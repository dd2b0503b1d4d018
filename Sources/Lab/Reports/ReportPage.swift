// A report as one HTML file that needs nothing else: figures are drawn by the script in it, from specifications in it.
//
// Promises: no request to anywhere (its policy forbids all), no `eval`; text from models and files is shown, never run.
public import Foundation

/// A report's page.
public struct ReportPage {
    private let report: Report
    private let vega: Data?

    /// - Parameter vega: the script that draws; without it the page shows the figures' pictures.
    public init(_ report: Report, vega: Data?) { (self.report, self.vega) = (report, vega) }

    /// The file.
    public var html: Data {
        let page = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; \
            style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            <title>\(escaped(report.title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header>
            <h1>\(escaped(report.title))</h1>
            \(report.lead.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n"))
            \(contents)
            </header>
            <main>
            \(report.sections.map(html).joined(separator: "\n"))
            \(glossary)
            </main>
            """
        var data = Data(page.utf8)
        if let vega {
            data += Data("\n<script type=\"module\">\n".utf8) + vega + Data("\n</script>\n".utf8)
            data += Data("<script type=\"module\">\n\(Self.drawing)\n</script>".utf8)
        }
        return data + Data("\n</body>\n</html>\n".utf8)
    }

    private var contents: String {
        guard report.sections.count > 1 else { return "" }
        let items = report.sections.map { section in
            """
            <li><a href="#\(anchor(section))">\(escaped(section.title))</a>: \(escaped(section.story.headline))</li>
            """
        }
        return "<nav aria-label=\"Contents\"><ol>\n\(items.joined(separator: "\n"))\n</ol></nav>"
    }

    private func html(_ section: Report.Section) -> String {
        let facts = section.facts.map {
            "<div><dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd></div>"
        }
        let title = "\(anchor(section))-title"
        return """
            <section id="\(anchor(section))" aria-labelledby="\(title)">
            <h2 id="\(title)">\(escaped(section.title))</h2>
            <p class="headline">\(escaped(section.story.headline))</p>
            \(section.story.paragraphs.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n"))
            <pre tabindex="0">\(escaped(section.story.text))</pre>
            <div class="figures">
            \(section.figures.map(html).joined(separator: "\n"))
            </div>
            <dl class="facts">
            \(facts.joined(separator: "\n"))
            </dl>
            <details><summary>Everything that was asked</summary><pre>\(escaped(section.receipt))</pre></details>
            </section>
            """
    }

    private func html(_ figure: Report.Picture) -> String {
        let text = escaped(figure.description)
        if vega != nil {
            return """
                <figure role="img" aria-label="\(text)"><div class="drawing"></div>\
                <script type="application/json">\(String(decoding: figure.spec, as: UTF8.self))</script></figure>
                """
        }
        guard let png = figure.png else { return "<p>The figure \(escaped(figure.name)) was not drawn.</p>" }
        return """
            <figure><img alt="\(text)" src="data:image/png;base64,\(png.base64EncodedString())"></figure>
            """
    }

    private var glossary: String {
        let terms = report.terms
        if terms.isEmpty { return "" }
        let rows = terms.map { "<div><dt>\(escaped($0.name))</dt><dd>\(escaped($0.meaning))</dd></div>" }
        return """
            <section id="definitions" aria-labelledby="definitions-title">
            <h2 id="definitions-title">Definitions</h2>
            <dl class="terms">
            \(rows.joined(separator: "\n"))
            </dl>
            </section>
            """
    }

    private func anchor(_ section: Report.Section) -> String {
        "run-" + section.id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension ReportPage {
    private static let style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --quiet: #59636e; --line: #d1d9e0; --paper: #ffffff; --tint: #f6f8fa; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e9ed; --quiet: #9aa4af; --line: #3a424b; --paper: #14181d; --tint: #1c2127; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
          font: 16px/1.55 system-ui, sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; }
        h2 { font-size: 1.25rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        p { max-width: 46rem; margin: .5rem 0; }
        .headline { font-weight: 600; }
        nav ol { padding-left: 1.4rem; max-width: 52rem; }
        nav li { margin: .2rem 0; }
        a { color: inherit; text-underline-offset: .15em; }
        pre { overflow-x: auto; padding: .75rem 1rem; background: var(--tint); border: 1px solid var(--line); border-radius: 6px;
          font: 13px/1.45 ui-monospace, monospace; }
        .figures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
        figure { margin: 0; padding: .5rem; max-width: 100%; overflow-x: auto; background: #fff; border: 1px solid var(--line);
          border-radius: 6px; break-inside: avoid; }
        figure img { max-width: 100%; height: auto; display: block; }
        dl { margin: 1rem 0; font-size: .9rem; }
        dl div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 1rem; padding: .3rem 0;
          border-top: 1px solid var(--line); }
        dt { color: var(--quiet); }
        dd { margin: 0; overflow-wrap: anywhere; }
        .terms dt { color: var(--ink); font-weight: 600; }
        summary { cursor: pointer; color: var(--quiet); font-size: .9rem; }
        @media (max-width: 40rem) { dl div { grid-template-columns: 1fr; gap: 0; } }
        @media print {
          :root { --ink: #000; --quiet: #444; --line: #bbb; --paper: #fff; --tint: #fff; }
          body { max-width: none; padding: 0; font-size: 10.5pt; }
          pre { white-space: pre-wrap; font-size: 8pt; }
          details { display: none; }
          figure { border: 0; overflow: visible; }
          h2, .headline { break-after: avoid; }
        }
        #vg-tooltip-element { position: fixed; z-index: 9; padding: .4rem .6rem; font: 12px/1.4 system-ui, sans-serif;
          color: #1b1f24; background: #fff; border: 1px solid #d1d9e0; border-radius: 4px; pointer-events: none; }
        #vg-tooltip-element:not(.visible) { visibility: hidden; }
        #vg-tooltip-element td.key { color: #59636e; padding-right: .5rem; }
        """

    /// Draws each figure where its specification stands. `ast`: expressions are interpreted, not compiled.
    private static let drawing = """
        for (const figure of document.querySelectorAll("figure")) {
          const spec = JSON.parse(figure.querySelector("script").textContent);
          const place = figure.querySelector(".drawing");
          try {
            await window.vegaEmbed(place, spec, {
              ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true },
            });
          } catch (error) {
            place.textContent = `This figure could not be drawn: ${error.message}`;
          }
        }
        document.documentElement.dataset.drawn = "yes";
        """
}
