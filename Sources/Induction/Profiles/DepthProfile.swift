// Layer profile: where in depth a score sits (seed 000's `profile`).
//
// Quantities, for L layers: the layers' values (range and unit of the score); peak_layer, the first layer with the
// largest value; peak_rel = peak_layer / (L - 1), 0..1, 0 where L = 1, and the seed's peak_layer / L; bandwidth =
// (right - left + 1) / L, 1/L..1, with left and right the first layers where the cumulative share of the values
// reaches 0.16 and 0.84 (negative values count as zero). A profile without a positive value has its mass nowhere: its
// bandwidth is defined as 1, its peak is layer 0.
// It does not show how many heads make a layer's value, and the peak of a flat profile means nothing.

import Transformers

/// The values of a model's layers, first layer first.
public struct DepthProfile: Sendable, Equatable, Codable {
    /// One value a layer.
    public var values: [Double]

    /// A profile of at least one layer.
    public init(_ values: [Double]) {
        precondition(!values.isEmpty, "a profile needs a layer")
        self.values = values
    }

    /// The profile of scores [layer][head].
    public init(_ scores: [[Double]], by reduction: LayerReduction) {
        self.init(scores.map { reduction($0) })
    }

    /// The first layer with the largest value.
    public var peakLayer: Int {
        var peak = 0
        for (layer, value) in values.enumerated() where value > values[peak] { peak = layer }
        return peak
    }

    /// peak / (layers - 1): first layer 0, last layer 1.
    public var relativePeak: Double {
        values.count == 1 ? 0 : Double(peakLayer) / Double(values.count - 1)
    }

    /// The seed's relative depth, peak / layers.
    public var seedRelativePeak: Double { Double(peakLayer) / Double(values.count) }

    /// Layers that the central 68% of the mass take up, as a share of all.
    public var bandwidth: Double {
        guard let (left, right) = band else { return 1 }
        return Double(right - left + 1) / Double(values.count)
    }

    /// First layers where the cumulative share reaches 0.16 and 0.84; nil without a positive value.
    public var band: (left: Int, right: Int)? {
        let mass = values.map { max(0, $0) }
        let total = mass.reduce(0, +)
        guard total > 0 else { return nil }
        var reached = 0.0
        let cumulative = mass.map { value in
            reached += value
            return reached / total
        }
        // A share that is reached but for rounding is reached.
        func first(_ share: Double) -> Int {
            cumulative.firstIndex { $0 >= share - 1e-12 } ?? values.count - 1
        }
        return (first(0.16), first(0.84))
    }
}

extension CollectedPatterns {
    /// Indices of the heads of each layer.
    var layers: [[Int]] {
        Dictionary(grouping: heads.indices) { heads[$0].layer }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Means of series as rows of layers, [layer][head]; nil where there was nothing to average.
    public func matrix(_ sums: PromptSums) -> [[Double]]? {
        sums.means.map { means in layers.map { $0.map { means[$0] } } }
    }
}
