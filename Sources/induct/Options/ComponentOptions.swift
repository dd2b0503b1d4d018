// Options that say which parts of a model an experiment acts on.
import ArgumentParser
import Foundation
import Induction
import Lab
import Transformers

struct ComponentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only these heads: layers and heads from 0, such as L2H5,3.1.",
            valueName: "heads"
        ),
        transform: HeadList.init
    )
    var heads: HeadList?

    @Option(
        help: ArgumentHelp("Only these layers, such as 0,2,4..6.", valueName: "layers"),
        transform: LayerList.init
    )
    var layers: LayerList?

    func validate() throws {
        if heads != nil, layers != nil {
            throw ValidationError(
                "--heads and --layers exclude each other: heads have their layers in their names."
            )
        }
    }

    /// Those of a kind.
    func choice(_ kind: CausalComponent.Kind) throws -> ComponentChoice {
        if heads != nil, kind != .head {
            throw ValidationError("--heads goes with heads; choose among \(kind.rawValue) by --layers.")
        }
        guard case .listed(let listed) = heads else { return ComponentChoice(kind, layers: layers?.layers) }
        return ComponentChoice(kind, heads: listed)
    }
}

/// Layers as an option takes them: `0,2,4..6`; in ascending order, each once.
struct LayerList: Equatable {
    let layers: [Int]

    /// Reads a list.
    ///
    /// - Throws: `ValidationError` for an item that names no layers.
    init(_ text: String) throws {
        var layers: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let item = part.trimmingCharacters(in: .whitespaces)
            let ends = item.components(separatedBy: "..").map { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
            // Far more layers than any model has.
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                first <= last, last < 10_000
            else {
                throw ValidationError(
                    "'\(item)' names no layers. A list is layers from 0 and ranges of them, such as 0,2,4..6."
                )
            }
            layers.formUnion(first...last)
        }
        self.layers = layers.sorted()
    }
}
