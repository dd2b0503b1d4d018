// The figures of a training run, and of several.
public import Figures
import Formation
import Foundation
import Induction
import Runs
import Torch
import Transformers

extension TrainingRecord {
    /// Everything over steps, eigenvalues and densities where the curvature was looked at, heads, and the attention of the
    /// final ones where the run is finished.
    ///
    /// - Throws: what is wrong with the final model's files.
    public func figures() throws -> [NamedFigure] {
        let curves = [
            NamedFigure(name: "phase_transition", figure: phaseTransition),
            eigenvalues.map { NamedFigure(name: "eigenvalues", figure: $0) },
            densities.map { NamedFigure(name: "spectral_density", figure: $0) },
            NamedFigure(
                name: "induction_heads",
                figure: heads("induction score A[t, s+1]", 0...1, \.induction)
            ),
            NamedFigure(
                name: "previous_token_heads",
                figure: heads("previous-token score A[t, t−1]", 0...1, \.previous)
            ),
            NamedFigure(name: "ov_evolution", figure: heads("OV copying score", -1...1, \.copying)),
            NamedFigure(name: "qk_evolution", figure: heads("QK matching score", -1...1, \.matching)),
        ].compactMap(\.self)
        return try curves + (attention().map { [NamedFigure(name: "attention", figure: $0)] } ?? [])
    }

    private func series(_ value: (Evaluation) -> Double?) -> StepSeries? {
        let found = evaluations.map { ($0.step, value($0)) }
        let defined = found.filter { $0.1 != nil }
        return defined.isEmpty ? nil : StepSeries(steps: defined.map(\.0), values: defined.map(\.1))
    }

    private func title(_ text: String, _ lines: String...) -> FigureTitle {
        FigureTitle(text, subtitle: [summary] + lines)
    }

    var interval: TransitionInterval? {
        guard let low = transition.low, let high = transition.high, let midpoint = transition.midpoint else {
            return nil
        }
        return TransitionInterval(low: low, high: high, midpoint: midpoint)
    }

    /// The best score of any head at each evaluation.
    var bestInduction: StepSeries? { series { $0.best(\.induction) } }

    /// Loss, accuracies, scores and curvature over steps.
    public var phaseTransition: PhaseTransition {
        PhaseTransition(
            title: title("Formation of induction heads"),
            loss: series(\.loss),
            patternAccuracy: series(\.accuracy.pattern),
            randomAccuracy: series(\.accuracy.random),
            inductionScore: bestInduction,
            previousTokenScore: series { $0.best(\.previous) },
            inContextLearning: series(\.icl),
            largestEigenvalue: series { $0.curvature?.top.first?.value },
            smallestEigenvalue: series { $0.curvature?.bottom.first?.value },
            gradientAlignment: series { $0.curvature?.top.first?.gradientCosine2 },
            transition: interval
        )
    }

    /// Both ends of the Hessian's spectrum over steps; nil where nobody looked.
    public var eigenvalues: EigenvalueEvolution? {
        let found = evaluations.compactMap { evaluation in
            evaluation.curvature.map { curvature in
                EigenvalueEvolution.Evaluation(
                    step: evaluation.step,
                    top: curvature.top.map { .init(value: $0.value, residual: $0.residual) },
                    bottom: curvature.bottom.map { .init(value: $0.value, residual: $0.residual) }
                )
            }
        }
        guard !found.isEmpty else { return nil }
        return EigenvalueEvolution(
            title: title(
                "Ends of the Hessian's spectrum",
                "\(config.curvatureCount) held-out sequences; bars are residual bounds"
            ),
            evaluations: found,
            transition: interval
        )
    }

    /// Densities of the spectrum, at most a dozen of them; nil where there are none.
    public var densities: Figures.SpectralDensity? {
        let all = evaluations.compactMap { evaluation in evaluation.curvature?.ridge(at: evaluation.step) }
        let most = 12
        let ridges = all.enumerated().filter { index, _ in
            // The first, the last, and those between at even distances.
            index == 0 || all.count <= most
                || index * (most - 1) / (all.count - 1) != (index - 1) * (most - 1) / (all.count - 1)
        }.map(\.element)
        guard !ridges.isEmpty else { return nil }
        return Figures.SpectralDensity(
            title: title("Density of the Hessian's spectrum", "stochastic Lanczos quadrature"),
            ridges: ridges,
            transition: interval
        )
    }

    private func heads(
        _ valueName: String,
        _ range: ClosedRange<Double>,
        _ value: KeyPath<HeadEvaluation, Double?>
    ) -> HeadEvolution {
        let places = evaluations[0].heads.indices
        return HeadEvolution(
            title: title(valueName.prefix(1).uppercased() + valueName.dropFirst() + " of every head"),
            valueName: valueName,
            heads: places.map { index in
                HeadEvolution.Head(
                    layer: evaluations[0].heads[index].layer,
                    head: evaluations[0].heads[index].head,
                    series: StepSeries(
                        steps: evaluations.map(\.step),
                        values: evaluations.map { $0.heads[index][keyPath: value] }
                    )
                )
            },
            range: range,
            transition: interval
        )
    }

    /// Attention of the final model's best induction and previous-token heads on one held-out prompt; nil before there is a
    /// final model.
    private func attention() throws -> AttentionPatterns? {
        let directory = TrainingDirectory.finalModel(of: url)
        guard FileManager.default.fileExists(atPath: directory.path), let last = evaluations.last else {
            return nil
        }
        let model = try LoadedModel(directory.path, Compute(device: .cpu))
        let recipe = try PromptRecipe.heldOutRepeat(
            count: 1,
            in: config.promptVocabulary,
            context: min(config.task.length, 25),
            seed: config.seed
        )
        let prompt = try recipe.prompts(for: config.promptVocabulary)[0]
        func best(_ score: KeyPath<HeadEvaluation, Double?>, _ count: Int) -> [HeadEvaluation] {
            Array(last.heads.sorted { ($0[keyPath: score] ?? -1) > ($1[keyPath: score] ?? -1) }.prefix(count))
        }
        var heads = best(\.induction, 3)
        if let previous = best(\.previous, 1).first,
            !heads.contains(where: { $0.layer == previous.layer && $0.head == previous.head })
        {
            heads.append(previous)
        }
        let run = try model.transformer.run(
            Tokens([prompt]),
            recording: [.pattern.layers(Set(heads.map(\.layer)).sorted())],
            logits: .none
        )
        let labels = try model.opened.labels(of: prompt)
        let read = HeadScore.induction.readCells(
            of: prompt,
            rule: .nearest,
            excluding: Set([config.bosTokenID].compactMap(\.self))
        )
        return AttentionPatterns(
            title: title("Attention of the final heads", "a held-out prompt with a repeated block"),
            panels: try heads.map { head in
                let pattern = try run[.pattern, layer: head.layer][0][head.head]
                return AttentionPatterns.Panel(
                    title: "L\(head.layer)H\(head.head)",
                    tokens: labels,
                    pattern: prompt.indices.map { pattern[$0].doubles },
                    highlighted: read.map { AttentionPattern.Cell(query: $0.query, key: $0.key) }
                )
            }
        )
    }
}

extension [TrainingRecord] {
    /// The best induction scores and the losses of several runs, each on one axis; runs of the same task and shape are a
    /// condition, called by what not all have.
    public func comparison() -> [NamedFigure] {
        let shared = self[0].traits.filter { trait in allSatisfy { $0.traits.contains(trait) } }
        func condition(_ record: TrainingRecord) -> String {
            record.traits.filter { !shared.contains($0) }.joined(separator: ", ")
        }
        let conditions = Set(map(condition)).count > 1
        // Runs of several directories may have the same name.
        let isNamed = Set(map(\.name)).count == count
        func overlay(
            _ text: String,
            _ valueName: String,
            _ range: ClosedRange<Double>?,
            _ series: (TrainingRecord) -> StepSeries?
        )
            -> SeedOverlay
        {
            SeedOverlay(
                title: FigureTitle(text, subtitle: [shared.joined(separator: ", ")]),
                valueName: valueName,
                runs: compactMap { record in
                    series(record).map {
                        SeedOverlay.Run(
                            name: isNamed ? record.name : record.longName,
                            condition: conditions ? condition(record) : nil,
                            series: $0,
                            transition: record.interval
                        )
                    }
                },
                range: range
            )
        }
        return [
            NamedFigure(
                name: "comparison_induction",
                figure: overlay(
                    "Best induction score of each run",
                    "best induction score",
                    0...1,
                    \.bestInduction
                )
            ),
            NamedFigure(
                name: "comparison_loss",
                figure: overlay("Loss of each run", "loss, nats a token", nil) { record in
                    StepSeries(
                        steps: record.evaluations.map(\.step),
                        values: record.evaluations.map(\.loss)
                    )
                }
            ),
        ]
    }
}

extension TrainingRecord {
    /// The name with that of the directory above it.
    fileprivate var longName: String {
        url.standardizedFileURL.pathComponents.suffix(2).joined(separator: "/")
    }
}
