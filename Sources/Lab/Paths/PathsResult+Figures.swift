// The figures of path patching: the matrix of pairs, the strongest paths, direct effects.
public import Figures
import Induction
import Transformers

extension PathsResult {
    /// The matrix of senders and receivers, the strongest paths, and the direct effects where they were asked for.
    public func figures(of model: LoadedModel) throws -> [NamedFigure] {
        let direct = question.reachesLogits ? [NamedFigure(name: "direct", figure: directBars)] : []
        return (matrix.map { [NamedFigure(name: "matrix", figure: $0)] } ?? [])
            + [NamedFigure(name: "ranked", figure: rankedBars)] + direct
    }

    private var subtitle: [String] {
        let comparison = question.comparison
        return [
            "\(model), \(comparison.promptText(count: promptCount))",
            "\(comparison.direction.rawValue), \(comparison.metric.rawValue): \(levels.text); \(mlpText)",
        ] + (undefined.map { ["Recovery is \($0)"] } ?? [])
    }

    private var axis: String {
        question.comparison.direction == .denoising ? "recovery" : "share of the effect lost"
    }

    /// Recovery of every path to a head: senders by receivers, a panel an input; nil where all paths lead to the logits.
    public var matrix: PairMatrix? {
        let ends = paths.filter { $0.receiver != .logits }
        guard !ends.isEmpty else { return nil }
        let senders = unique(ends.map(\.sender.description))
        let receivers = unique(ends.map(\.receiver.name))
        let titles: [PathInput: String] = [.q: "queries (q)", .k: "keys (k)", .v: "values (v)"]
        let places = Dictionary(uniqueKeysWithValues: senders.enumerated().map { ($1, $0) })
        let columns = Dictionary(uniqueKeysWithValues: receivers.enumerated().map { ($1, $0) })
        return PairMatrix(
            title: FigureTitle("What senders tell receivers", subtitle: subtitle + sharedNote),
            valueName: axis,
            senders: senders,
            receivers: receivers,
            panels: question.inputs.map { input in
                PairMatrix.Panel(
                    title: titles[input] ?? input.rawValue,
                    pairs: ends.filter { $0.receiver.input == input }.compactMap { path in
                        guard let row = places[path.sender.description],
                            let column = columns[path.receiver.name]
                        else { return nil }
                        return PairMatrix.Pair(sender: row, receiver: column, value: path.recovery.mean)
                    }
                )
            }
        )
    }

    private var sharedNote: [String] {
        queriesPerKey > 1 ? ["In the panels of keys and values, receivers are key/value heads"] : []
    }

    /// The strongest paths with their intervals.
    public var rankedBars: RankedBars {
        bars("Strongest paths", "paths", paths) { "\($0.sender) → \($0.receiver)" }
    }

    /// What heads do to the logits by no other head.
    private var directBars: RankedBars {
        bars("Direct effects on the logits", "heads", paths.filter { $0.receiver == .logits }) {
            "\($0.sender)"
        }
    }

    private func bars(_ title: String, _ kind: String, _ paths: [Path], label: (Path) -> String) -> RankedBars
    {
        RankedBars(
            title: FigureTitle(title, subtitle: subtitle + ["95% intervals over prompts"]),
            valueName: axis,
            entries: paths.map {
                RankedBars.Entry(
                    label: label($0),
                    value: $0.recovery.mean,
                    low: $0.recovery.low,
                    high: $0.recovery.high
                )
            },
            scale: .signed(),
            kind: kind
        )
    }
}

private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
}
