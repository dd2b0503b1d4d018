// All figures of a training run, or of several, on one page that opens from the disk with the network off.
public import Figures
import Foundation

/// An HTML page of drawn figures.
public struct TrainingPage {
    private let records: [TrainingRecord]
    private let drawings: [Drawing]

    /// A page of these runs with these SVG drawings, in their order.
    public init(of records: [TrainingRecord], drawings: [Drawing]) {
        precondition(!records.isEmpty, "a page of no run")
        self.records = records
        self.drawings = drawings.filter { $0.format == .svg }
    }

    /// The page.
    public var html: String {
        let title = records.count == 1 ? records[0].name : "\(records.count) training runs"
        let rows = records.map { record in
            """
            <tr><th scope="row">\(escaped(record.name))</th><td>\(escaped(record.summary))</td>\
            <td>\(escaped("\(record.transition)"))</td></tr>
            """
        }
        let figures = drawings.map { drawing in
            let name = escaped(drawing.figure.replacingOccurrences(of: "_", with: " "))
            return """
                <figure><img alt="\(name)" src="data:image/svg+xml;base64,\(drawing.data.base64EncodedString())"></figure>
                """
        }
        return """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(escaped(title))</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #1b1f24; \
            background: #fff; }
            table { border-collapse: collapse; }
            th, td { border-top: 1px solid #d0d7de; padding: .4rem .8rem .4rem 0; text-align: left; vertical-align: top; }
            figure { margin: 2rem 0; break-inside: avoid; }
            img { max-width: 100%; height: auto; }
            </style>
            <h1>\(escaped(title))</h1>
            <table>
            \(rows.joined(separator: "\n"))
            </table>
            <p>Scores are attention on fixed held-out prompts with a repeated block; losses are in nats a token. The shaded steps are \
            the transition: the rise of the best induction score, not an interval of confidence.</p>
            \(figures.joined(separator: "\n"))
            </html>

            """
    }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: "\"", with: "&quot;")
    }
}
