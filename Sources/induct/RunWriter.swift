// Writes what a command found into its run directory: results first, then figures.
import Figures
import Foundation
import Lab
import Runs

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

/// Writes a scan as scan.json, with its figures.
func writeScan(
    _ result: ScanResult,
    of model: LoadedModel,
    to run: RunDirectory,
    notice: (String) -> Void
) throws {
    try run.write(result.json(), to: "scan.json")
    try writeFigures(
        [
            ("heatmap", result.heatmap), ("ranked", result.rankedBars),
            ("patterns", result.patterns(of: model)),
        ],
        to: run,
        notice: notice
    )
}
