// What attribution patching found, node by node, and how far patching agrees.
public import Induction
import Transformers

/// Attributions, exact effects of some nodes, and their correlation.
public struct AttributionResult: AnalysisResult, Equatable, Sendable {
    /// One node.
    public struct Node: Equatable, Sendable {
        /// Which.
        public let component: CausalComponent
        /// Effect by the gradient, in the metric's unit, with its interval over prompts.
        public let attribution: Estimate
        /// Effect of patching it; nil where it was not patched.
        public let exact: Estimate?
    }

    /// The model's name.
    public let model: String
    /// What was asked.
    public let question: Attribution
    /// Number of prompts.
    public let promptCount: Int
    /// The metric in both runs.
    public let levels: ComparedLevels
    /// Every node, kind by kind.
    public let nodes: [Node]
    /// By kind; empty where nothing was checked.
    public let agreements: [AttributionEffects.Agreement]
    /// The tokens of a prompt that has all positions.
    let labels: [String]

    init(_ effects: AttributionEffects, of question: Attribution, model: String, labels: [String]) {
        self.model = model
        self.question = question
        self.labels = labels
        promptCount = effects.base.count
        levels = ComparedLevels(base: effects.base, other: effects.other, question.comparison.direction)
        let bootstrap = PromptBootstrap(promptCount: promptCount, seed: question.seed)
        let attributions = bootstrap.means(of: effects.nodes.map(\.attribution))
        let checked = effects.nodes.indices.filter { effects.nodes[$0].exact != nil }
        let exact = Dictionary(
            uniqueKeysWithValues: zip(
                checked,
                bootstrap.means(of: checked.compactMap { effects.nodes[$0].exact })
            )
        )
        nodes = effects.nodes.indices.map { index in
            Node(
                component: effects.nodes[index].component,
                attribution: attributions[index],
                exact: exact[index]
            )
        }
        agreements = effects.agreements
    }

    /// The kinds of nodes there are, in order.
    public var kinds: [CausalComponent.Kind] {
        var seen: Set<CausalComponent.Kind> = []
        return nodes.map(\.component.kind).filter { seen.insert($0).inserted }
    }

    /// Nodes of a kind, from the largest attribution to the smallest, whatever its sign; equal ones as they come.
    public func ranked(_ kind: CausalComponent.Kind) -> [Node] {
        func size(_ node: Node) -> Double { node.attribution.mean?.magnitude ?? -1 }
        return nodes.filter { $0.component.kind == kind }.enumerated().sorted {
            (size($1.element), $0.offset) < (size($0.element), $1.offset)
        }.map(\.element)
    }

    /// The checked node whose attribution is furthest from its exact effect.
    func furthest(_ agreement: AttributionEffects.Agreement) -> Node? {
        func gap(_ node: Node) -> Double {
            guard let exact = node.exact?.mean, let attribution = node.attribution.mean else { return -1 }
            return (exact - attribution).magnitude
        }
        return (agreement.topNodes + agreement.sampleNodes).map { nodes[$0] }.max { gap($0) < gap($1) }
    }

    /// What a reader must know about the numbers.
    public var notes: [String] {
        var notes = PromptBootstrap.notes(promptCount: promptCount)
        if nodes.contains(where: { $0.attribution.mean == nil }) {
            notes.append("Some attributions are infinite or not a number, and are left empty.")
        }
        if question.comparison.metric == .kl, question.comparison.direction == .noising {
            notes.append(
                "The divergence is smallest in the clean run, where gradients are taken: it has none there, so that all "
                    + "attributions are 0. Take another metric, or denoising."
            )
        }
        return notes
    }
}

extension Correlation.Undefined {
    /// The reason, where attributions stand first and exact effects second.
    var attributionText: String {
        switch self {
        case .tooFew: "fewer than three nodes"
        case .firstIsConstant: "attributions are equal but for rounding"
        case .secondIsConstant: "exact effects are equal but for rounding"
        }
    }
}

extension CausalComponent.Kind {
    /// What nodes of the kind are called in a title.
    var nodesText: String {
        switch self {
        case .head: "heads"
        case .attention: "attention of each layer"
        case .mlp: "MLPs"
        case .layer: "layers"
        case .residual: "residual stream entering each layer"
        }
    }
}
