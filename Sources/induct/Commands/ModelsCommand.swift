// induct models: what there is to load.
import ArgumentParser
import Foundation
import Lab

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models that come with the program."
    )

    @Flag(help: "Print the list as JSON.")
    var json = false

    func run() throws {
        let models = try ModelCatalog.bundled.map { try ModelSummary($0) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            Terminal.write(try encoder.encode(["models": models]) + Data("\n".utf8))
            return
        }
        print("name        layers  heads  d_model  d_mlp  vocab  context  parameters")
        for model in models {
            let numbers = [
                (model.layers, 6), (model.heads, 7), (model.dModel, 9), (model.dMlp, 7),
                (model.vocabulary, 7),
                (model.context, 9), (model.parameters, 12),
            ]
            let cells = numbers.map { String(repeating: " ", count: max(0, $1 - "\($0)".count)) + "\($0)" }
            print(model.name.padding(toLength: 12, withPad: " ", startingAt: 0) + cells.joined())
        }
    }
}
