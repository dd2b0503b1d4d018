// Writes what a command found into its run directory: results first, then figures.
import Figures
import Files
import Foundation
import Lab
import Runs

/// Draws each figure as PNG and SVG; where that is not possible, says why, and the command goes on.
///
/// - Parameter copies: where PNGs go besides.
func writeFigures(
    _ figures: [NamedFigure],
    to run: RunDirectory,
    copyingTo copies: URL? = nil,
    notice: (String) -> Void
) throws {
    let rendering: Rendering
    do {
        rendering = try FigureRenderer.located().render(
            figures.map { DrawingRequest(name: $0.name, spec: $0.figure.spec) }
        )
    } catch {
        return notice("\(error)")
    }
    for drawing in rendering.drawings {
        let name = "\(drawing.figure).\(drawing.format.rawValue)"
        try run.write(drawing.data, to: name)
        if let copies, drawing.format == .png {
            try Directories.make(copies)
            try AtomicFile.write(drawing.data, to: copies.appending(path: name))
        }
    }
    for failure in rendering.failures { notice("\(failure)") }
}

/// Writes the copies that some results have in `outputs`, the time in their names.
func writeCopies(of files: [NamedFile], in directory: URL = URL(filePath: "outputs"), now: Date = Date())
    throws
{
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd_HHmmss"
    for file in files {
        guard let name = file.copyName else { continue }
        try Directories.make(directory)
        let ending = URL(filePath: file.name).pathExtension
        try file.write(to: directory.appending(path: "\(name)_\(formatter.string(from: now)).\(ending)"))
    }
}
