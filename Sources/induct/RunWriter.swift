// Writes what a command found into its run directory: results first, then figures.
import Figures
import Files
import Foundation
import Lab
import Runs

/// Draws each figure as PNG and SVG, and copies the PNGs that are to be copied; where that is not possible, says why,
/// and the command goes on.
///
/// - Parameters:
///   - copies: where all PNGs go besides.
///   - work: what the paths of single copies start from.
func writeFigures(
    _ figures: [NamedFigure],
    to run: RunDirectory,
    copyingTo copies: URL? = nil,
    from work: URL = URL(filePath: "."),
    notice: (String) -> Void
) throws {
    for drawing in try drawn(figures, to: run.url, notice: notice) {
        guard drawing.format == .png else { continue }
        let paths = figures.filter { $0.name == drawing.figure }.compactMap(\.copyPath)
        for copy in [copies?.appending(path: drawing.figure)] + paths.map({ work.appending(path: $0) }) {
            guard let copy else { continue }
            try Directories.make(copy.deletingLastPathComponent())
            try AtomicFile.write(drawing.data, to: copy.appendingPathExtension("png"))
        }
    }
}

/// Writes the specifications of figures into a directory and draws them; says why where one cannot be drawn.
@discardableResult
func drawn(_ figures: [NamedFigure], to directory: URL, notice: (String) -> Void) throws -> [Drawing] {
    try AtomicFile.write(NamedFigure.json(figures), to: directory.appending(path: NamedFigure.listName))
    let rendering: Rendering
    do {
        rendering = try FigureRenderer.located().render(
            figures.map { DrawingRequest(name: $0.name, spec: $0.figure.spec) }
        )
    } catch {
        notice("\(error)")
        return []
    }
    for drawing in rendering.drawings {
        let name = "\(drawing.figure).\(drawing.format.rawValue)"
        try AtomicFile.write(drawing.data, to: directory.appending(path: name))
    }
    for failure in rendering.failures { notice("\(failure)") }
    return rendering.drawings
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
