// Heads by name, as options take them: `L2H5,3.1`, in either spelling, or `all`.
import ArgumentParser
import Foundation
import Transformers

/// Heads in the order given, each once. As an option: `@Option(transform: HeadList.init) var heads: HeadList?`.
enum HeadList: Equatable {
    /// Every head of the model.
    case all
    /// These; whether the model has them is not known yet.
    case listed([Head])

    /// Reads a list.
    ///
    /// - Throws: `ValidationError` for an item that names no head.
    init(_ text: String) throws {
        if text == "all" {
            self = .all
            return
        }
        let items = text.split(separator: ",", omittingEmptySubsequences: false)
        var heads: [Head] = []
        for item in items {
            let name = item.trimmingCharacters(in: .whitespaces)
            guard let head = Head(name: name) else {
                throw ValidationError(
                    """
                    '\(name)' is no head. A list of heads is layers and heads from 0, such as L2H5,L3H1 or 2.5,3.1, or 'all'.
                    """
                )
            }
            if !heads.contains(head) { heads.append(head) }
        }
        self = .listed(heads)
    }
}

extension Head {
    /// From `L2H5` or `2.5`, in large or small letters; nil for anything else.
    init?(name: String) {
        let parts = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        let numbers: [Substring]
        if parts.count == 2 {
            numbers = parts
        } else if name.lowercased().hasPrefix("l") {
            numbers = name.lowercased().dropFirst().split(separator: "h", omittingEmptySubsequences: false)
        } else {
            return nil
        }
        guard numbers.count == 2, numbers.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let layer = Int(numbers[0]), let index = Int(numbers[1])
        else { return nil }
        self.init(layer: layer, index: index)
    }
}
