// What a topology experiment found: as text for a terminal, as JSON, as figures.
import Figures
import Foundation
import Induction
import Transformers

/// The results of all models.
public enum TopologyResults: Sendable {
    /// Profiles, and their comparison where models were compared.
    case profiles([ProfileResult], OverlayResult?)
    /// Profiles against nulls.
    case nulls([NullsResult])
    /// Ablations.
    case causal([CausalResult])
    /// Profiles by lag.
    case lags([LagResult])

    /// What a reader must know, model by model.
    public var notes: [String] {
        let notes =
            switch self {
            case .profiles(let results, _): results.flatMap(\.notes)
            case .nulls(let results): results.flatMap(\.notes)
            case .causal(let results): results.flatMap(\.notes)
            case .lags(let results): results.flatMap(\.notes)
            }
        var seen: Set<String> = []
        return notes.filter { seen.insert($0).inserted }
    }

    /// A few lines for a terminal.
    public var text: String {
        let lines: [String] =
            switch self {
            case .profiles(let results, let overlay): results.map(\.line) + (overlay.map { [$0.text] } ?? [])
            case .nulls(let results): results.map(\.text)
            case .causal(let results): results.map(\.text)
            case .lags(let results): results.map(\.text)
            }
        return (lines + notes).joined(separator: "\n") + "\n"
    }
}

private func number(_ value: Double?, _ digits: Int = 3) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? "–"
}

private func range(_ low: Double?, _ high: Double?, _ digits: Int = 3) -> String {
    "[\(number(low, digits)), \(number(high, digits))]"
}

extension ProfileResult {
    /// Peak and bandwidth.
    var line: String {
        let stability = top.relativePeakStability.map { " \(range($0.low, $0.high, 2))" } ?? ""
        let spread = top.bandwidthStability.map { " \(range($0.low, $0.high, 2))" } ?? ""
        return """
            \(subject.model): \(subject.score.rawValue) peaks at layer \(top.profile.peakLayer) of \(subject.layers) \
            (\(number(top.profile.values[top.profile.peakLayer]))), relative depth \
            \(number(top.profile.relativePeak, 2))\(stability), bandwidth \(number(top.profile.bandwidth, 2))\(spread)
            """
    }
}

extension OverlayResult {
    /// The comparison at an equal number of heads.
    var text: String {
        let members = models.map { "\($0.model) \(number($0.peakRel, 2))" }.joined(separator: ", ")
        return "Relative depth of the peaks, \(headsCompared) heads a layer each: \(members)"
    }
}

extension NullsResult {
    /// The heads that stand out.
    var text: String {
        let listed = significant.prefix(8).map { head in
            let test = shuffled.heads.first { $0.head == head }
            return "\(head) \(number(test?.observed))"
        }
        let more = significant.count > listed.count ? " and \(significant.count - listed.count) more" : ""
        let layers = permutation.layers.indices.filter { permutation.layers[$0].q < 0.05 }.map(String.init)
        return """
            \(subject.model): \(significant.count) of \(shuffled.heads.count) heads above the shuffled-antecedent null \
            (q < 0.05, \(shuffled.draws) draws)\(listed.isEmpty ? "" : ": " + listed.joined(separator: ", "))\(more)
            Layers with more high heads than chance (head permutation, q < 0.05): \
            \(layers.isEmpty ? "none" : layers.joined(separator: ", "))
            """
    }
}

extension LagResult {
    /// Peak by lag.
    var text: String {
        buckets.map { bucket in
            guard let top = bucket.top else {
                return "\(subject.model): no pair with a lag of \(bucket.lags)"
            }
            return """
                \(subject.model): lags \(bucket.lags) (\(bucket.pairs) pairs) peak at layer \(top.profile.peakLayer) \
                (\(number(top.profile.values[top.profile.peakLayer])))
                """
        }.joined(separator: "\n")
    }
}

extension CausalResult {
    /// Each test.
    var text: String {
        let head = "\(subject.model): copy accuracy \(number(base.accuracy)), loss \(number(base.loss)) nats"
        return
            ([head]
            + tests.map { test in
                let accuracy = test.effect.accuracy
                return """
                    without \(test.heads.map(\.description).joined(separator: ", ")): accuracy \(number(test.ablated.accuracy)), \
                    change \(number(accuracy.delta.mean)) \(range(accuracy.delta.low, accuracy.delta.high)); \
                    random heads of the same layers change it by \
                    \(number(accuracy.random.isEmpty ? nil : accuracy.random.reduce(0, +) / Double(accuracy.random.count))) \
                    (mean of \(test.random.sets.count)), p = \(number(accuracy.p))
                    """
            }).joined(separator: "\n")
    }
}
