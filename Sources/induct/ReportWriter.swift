// Writes a report: the page, its Markdown twin, the twin's figures.
import Figures
import Files
import Foundation
import Lab

extension Report {
    /// The page, with the script that set-up wrote, if it is there.
    var page: Data {
        ReportPage(self, vega: VegaBundle.located().flatMap { try? Data(contentsOf: $0) }).html
    }

    /// Writes `<name>.html`, `<name>.md` and the figures in `<name>_figures/`.
    ///
    /// - Returns: the twin.
    /// - Throws: `FileError`.
    @discardableResult
    func write(to file: URL, notice: (String) -> Void) throws -> URL {
        let base = file.deletingPathExtension()
        let folder = base.deletingLastPathComponent().appending(path: base.lastPathComponent + "_figures")
        let twin = ReportMarkdown(self, figuresIn: folder.lastPathComponent)
        try Directories.make(file.deletingLastPathComponent())
        if !twin.pictures.isEmpty { try Directories.make(folder) }
        for picture in twin.pictures {
            try AtomicFile.write(picture.data, to: folder.appending(path: picture.name))
        }
        let markdown = base.appendingPathExtension("md")
        try AtomicFile.write(Data(twin.text.utf8), to: markdown)
        try AtomicFile.write(page, to: file)
        let missing = sections.flatMap(\.figures).count { $0.png == nil }
        if missing > 0 {
            notice(
                "\(missing) figures have no picture in their run's directory, and are missing in \(markdown.relativePath); "
                    + "'induct visualize' draws those of a training run."
            )
        }
        return markdown
    }
}
