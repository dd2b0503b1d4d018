// Correlation of two series of numbers.
//
// Quantities: Pearson's r, and Spearman's rho, which is Pearson's r of ranks (equal values share their mean rank). Range
// -1..1; both undefined where a series is constant. Neither shows whether the two agree in size: a series and ten times
// that series have r = 1.

/// How two series go together.
public struct Correlation: Sendable, Equatable, Codable {
    /// Why there is no correlation.
    public enum Undefined: String, Sendable, Codable {
        /// Fewer than three pairs: two always lie on a line.
        case tooFew = "fewer than three pairs"
        /// The first series has one value throughout.
        case firstIsConstant = "the first series is constant"
        /// The second series has one value throughout.
        case secondIsConstant = "the second series is constant"
    }

    /// Number of pairs.
    public var count: Int
    /// Pearson's r; nil where undefined.
    public var pearson: Double?
    /// Spearman's rho; nil where undefined.
    public var spearman: Double?
    /// Why they are nil.
    public var undefined: Undefined?

    /// Correlates two series of one length.
    ///
    /// - Parameters:
    ///   - first: a number a pair.
    ///   - second: a number a pair.
    ///   - resolution: a series whose values lie within so much of each other counts as constant: what is left is
    ///     rounding.
    public init(_ first: [Double], _ second: [Double], resolution: Double = 0) {
        precondition(first.count == second.count, "\(first.count) numbers beside \(second.count)")
        count = first.count
        if count < 3 {
            undefined = .tooFew
        } else if spread(first) <= resolution {
            undefined = .firstIsConstant
        } else if spread(second) <= resolution {
            undefined = .secondIsConstant
        } else {
            pearson = productMoment(first, second)
            spearman = productMoment(ranks(first), ranks(second))
        }
    }
}

private func spread(_ values: [Double]) -> Double {
    (values.max() ?? 0) - (values.min() ?? 0)
}

/// Pearson's r of series that are not constant.
private func productMoment(_ first: [Double], _ second: [Double]) -> Double {
    func centred(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.map { $0 - mean }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (x, y) = (centred(first), centred(second))
    let r = dot(x, y) / (dot(x, x).squareRoot() * dot(y, y).squareRoot())
    return min(max(r, -1), 1)
}

/// Ranks from 1; equal values share the mean of theirs.
private func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
        let value = values[order[start]]
        let end = order[start...].firstIndex { values[$0] != value } ?? order.count
        for index in order[start..<end] { ranks[index] = Double(start + end + 1) / 2 }
        start = end
    }
    return ranks
}
