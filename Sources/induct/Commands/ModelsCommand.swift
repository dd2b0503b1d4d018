// induct models: what there is to load.
import ArgumentParser
import Foundation
import Hub
import Lab

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models that --model knows by name.",
        discussion: """
            bundled: come with the program. cached: in the cache that is shared with Python's huggingface_hub. hub: are \
            downloaded when they are asked for first, or by 'induct fetch'. Every other model of a family that is known \
            can be named by its id on the hub, or by a path.
            """
    )

    @Flag(help: "Print the list as JSON.")
    var json = false

    func run() throws {
        let models = try ModelSummary.all(in: HubCache(HubSettings().cache))
        if json {
            Terminal.write(try ModelSummary.json(models))
            return
        }
        let width = models.map(\.name.count).max() ?? 0
        print("\("name".padded(to: width))  place    layers  heads  d_model  parameters  on disk")
        for model in models {
            let cells = [
                model.name.padded(to: width), "  ", model.place.rawValue.padded(to: 7),
                "\(model.layers)".aligned(8), "\(model.heads)".aligned(7), "\(model.dModel)".aligned(9),
                metric(model.parameters).aligned(12), (model.bytes.map { metric($0) + "B" } ?? "").aligned(9),
            ]
            print(cells.joined().trimmingCharacters(in: .whitespaces))
        }
    }
}

/// Three digits and a unit: 70.4M, 2.78G.
private func metric(_ count: Int) -> String {
    let units = [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")]
    guard let (unit, name) = units.first(where: { count >= $0.0 }) else { return "\(count)" }
    let value = Double(count) / Double(unit)
    return String(format: value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value) + name
}

extension String {
    fileprivate func padded(to width: Int) -> String { padding(toLength: width, withPad: " ", startingAt: 0) }

    fileprivate func aligned(_ width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
