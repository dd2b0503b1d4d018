// The figure of what Benchmarks/peers/scaling.py measured: `induct-bench draw-scaling FILE.json FIGURE.png`.
import ArgumentParser
import Figures
import Files
import Foundation
import JSON

struct DrawScalingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "draw-scaling")

    @Argument var measured: String
    @Argument var figure: String

    func run() throws {
        let found = try JSONField(reading: URL(filePath: measured))
        let peak = try found.require("gemm_gflops").double()
        let rows = try found.require("rows").elements()
        let shapes = try rows.map { try $0.require("model").string() }.joined(separator: ", ")
        let prompts = try
            "\(found.require("prompts").int()) prompts of \(found.require("length").int()) tokens"
        let threads = try found.require("threads").int()
        let points = try rows.map { row in
            ScalingPlot.Point(
                size: try row.require("nodes").double(),
                measured: try row.require("median").double(),
                predicted: try row.require("flops").double() / peak / 1e9
            )
        }
        let plot = ScalingPlot(
            title: FigureTitle(
                "Zero-ablating every head, by the number of heads",
                subtitle: ["\(prompts), \(threads) threads; GPT-NeoX shapes \(shapes)"]
            ),
            costName: "seconds",
            series: [ScalingPlot.Series(name: "induct", points: points)],
            predictionName: "the operations that an exact sweep needs, at \(Int(peak.rounded())) GFLOP/s"
        )
        let drawn = try FigureRenderer.located().render([
            DrawingRequest(name: "scaling", figure: plot, formats: [.png])
        ])
        for failure in drawn.failures { throw ValidationError("\(failure)") }
        guard let data = drawn.data(of: "scaling", .png) else { return }
        try AtomicFile.write(data, to: URL(filePath: figure))
    }
}
