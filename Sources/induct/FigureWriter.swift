// Draws the figures of a run into its directory.
import Figures
import Foundation
import Lab

/// Draws each figure as PNG and SVG; where that is not possible, says why, and the command goes on.
func writeFigures(
    _ figures: [(name: String, figure: any Figure)],
    to run: RunDirectory,
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
        try run.write(drawing.data, to: "\(drawing.figure).\(drawing.format.rawValue)")
    }
    for failure in rendering.failures { notice("\(failure)") }
}
