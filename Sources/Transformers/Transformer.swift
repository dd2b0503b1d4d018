// A decoder: config, weights, and the ways to run it.
public import Torch

/// A decoder-only transformer on one device.
///
/// Not `Sendable`: one thread owns a model. A run keeps nothing on the model.
public final class Transformer {
    /// Shape and forms.
    public let config: TransformerConfig
    /// All weights, of one type, on one device.
    public let weights: TransformerWeights

    /// A model of weights that are already there. Shapes are the caller's promise.
    public init(config: TransformerConfig, weights: TransformerWeights) {
        self.config = config
        self.weights = weights
    }

    /// Where the weights are and the model runs.
    public var device: Device { weights.embedding.device }

    /// Type of weights and activations.
    public var dtype: DType { weights.embedding.dtype }

    /// Every query head, block by block.
    public var heads: [Head] { config.allHeads }

    /// Every site of this model, in the order of computation.
    public var sites: [Site] { config.sites }

    /// Runs the model and keeps what was asked for.
    ///
    /// - Parameters:
    ///   - tokens: prompts, padded on the right.
    ///   - interventions: edits, made in the order of the list where several meet at a site.
    ///   - selectors: what to keep, as it is after the edits. Without scores or pattern attention runs fused.
    ///   - logits: the positions that are unembedded; with `.none` the run ends at the last site that is kept.
    /// - Throws: `TokensError`, `SelectionError`.
    public func run(
        _ tokens: Tokens,
        applying interventions: [Intervention] = [],
        recording selectors: [Selector] = [],
        logits: OutputPositions = .all
    ) throws -> Recording {
        var recording = Recording()
        try observe(tokens, at: selectors, applying: interventions, logits: logits) { site, value in
            recording.keep(value, at: site)
        }
        return recording
    }

    /// Runs the model and shows each selected activation once, in the order of computation, keeping none: for
    /// reductions on the fly. The run ends when all have been shown.
    ///
    /// - Throws: `TokensError`, `SelectionError`, and what `body` throws.
    public func observe(
        _ tokens: Tokens,
        at selectors: [Selector],
        applying interventions: [Intervention] = [],
        logits: OutputPositions = .none,
        _ body: (Site, Tensor) throws -> Void
    ) throws {
        try tokens.validate(for: config)
        try withoutActuallyEscaping(body) { body in
            var taps = try Taps(
                config: config,
                extent: Extent(tokens),
                applying: interventions,
                observing: logits == .none ? selectors : selectors + [.logits],
                observe: body
            )
            try forward(tokens, taps: &taps, logits: logits)
        }
    }
}

/// Positions whose residual is unembedded.
public enum OutputPositions: Equatable, Sendable {
    /// Every position, pads included.
    case all
    /// The last token of each prompt.
    case last
    /// These positions, for all prompts.
    case at([Int])
    /// No logits.
    case none
}
