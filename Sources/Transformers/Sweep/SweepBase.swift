// What the base run leaves for its variations: the states that one of them begins with, and keys and values of the
// positions that one of them does not touch.
import Torch

/// States of the base run on some of the prompts, [prompt, position, ...].
struct SweepBase {
    /// What the variations need.
    struct Needs {
        /// Layers whose input a variation begins with; the number of layers stands for what leaves the last.
        private(set) var streams: Set<Int> = []
        /// Layers that a variation begins in the middle of.
        private(set) var mixed: Set<Int> = []
        /// The first layer whose keys and values are needed; nil for none.
        private(set) var firstKeyValues: Int?
        /// The first position that any variation computes.
        private(set) var firstPosition = Int.max
        /// Positions whose keys and values are needed.
        private(set) var pastPositions = 0

        init(_ variations: [SweepVariation]) {
            for variation in variations {
                let start = variation.start
                switch start.stage {
                case .embedding: break
                case .input: streams.insert(start.layer)
                case .mixed:
                    streams.insert(start.layer)
                    mixed.insert(start.layer)
                case .output: streams.insert(start.layer + 1)
                }
                firstPosition = min(firstPosition, variation.firstPosition)
                guard variation.firstPosition > 0 else { continue }
                firstKeyValues = min(firstKeyValues ?? .max, start.layer)
                pastPositions = max(pastPositions, variation.firstPosition)
            }
        }
    }

    let needs: Needs
    private var streams: [Int: Tensor] = [:]
    private var mixed: [Int: Tensor] = [:]
    private var fed: [Int: Tensor] = [:]
    private var keyValues: [Int: KeyValues] = [:]

    init(_ needs: Needs) { self.needs = needs }

    mutating func keep(stream: Tensor, entering layer: Int) {
        if needs.streams.contains(layer) { streams[layer] = kept(stream) }
    }

    mutating func keep(mixed z: Tensor, _ layer: Int) {
        if needs.mixed.contains(layer) { mixed[layer] = kept(z) }
    }

    mutating func keep(fed: Tensor, _ layer: Int) {
        if needs.mixed.contains(layer) { self.fed[layer] = kept(fed) }
    }

    mutating func keep(_ found: KeyValues, _ layer: Int) {
        guard let first = needs.firstKeyValues, layer >= first else { return }
        keyValues[layer] = found.first(needs.pastPositions).map { $0.copy() }
    }

    /// Only the positions that variations compute.
    private func kept(_ value: Tensor) -> Tensor {
        needs.firstPosition == 0 ? value : value.slice(1, needs.firstPosition..<value.size(1)).copy()
    }

    /// What enters a layer, from a position on, for `count` variations.
    func stream(entering layer: Int, from position: Int, times count: Int) -> Tensor {
        repeated(streams[layer], position, count)
    }

    /// Weighted values of a layer.
    func mixed(_ layer: Int, from position: Int, times count: Int) -> Tensor {
        repeated(mixed[layer], position, count)
    }

    /// What the MLP of a parallel block writes.
    func fed(_ layer: Int, from position: Int, times count: Int) -> Tensor {
        repeated(fed[layer], position, count)
    }

    /// Keys and values of the positions before one.
    func past(_ layer: Int, before position: Int) -> KeyValues? {
        position > 0 ? keyValues[layer]?.first(position) : nil
    }

    private func repeated(_ value: Tensor?, _ position: Int, _ count: Int) -> Tensor {
        guard let value else { preconditionFailure("a state that no variation was known to begin with") }
        let part = value.slice(1, position - needs.firstPosition..<value.size(1))
        return count == 1 ? part : .cat(Array(repeating: part, count: count))
    }
}
