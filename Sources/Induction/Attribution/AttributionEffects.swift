// What attribution patching found, and how far it agrees with patching itself.

/// Which nodes are patched exactly, to see whether attribution can be trusted: of each kind the `top` nodes by magnitude
/// of attribution, and `sample` random ones of the others.
public struct AttributionCheck: Sendable, Equatable, Codable {
    /// Number of top nodes.
    public var top: Int
    /// Number of other nodes.
    public var sample: Int
    /// Of the random nodes.
    public var seed: UInt64

    /// All fields.
    public init(top: Int = 20, sample: Int = 20, seed: UInt64 = 0) {
        precondition(top >= 0 && sample >= 0, "\(top) top nodes, \(sample) others")
        self.top = top
        self.sample = sample
        self.seed = seed
    }
}

/// Approximate and exact effects, in the metric's unit: patched minus base. [prompt] each, a prompt's value being the
/// mean over its cells.
public struct AttributionEffects: Sendable, Equatable, Codable {
    /// One node.
    public struct Node: Sendable, Equatable, Codable {
        /// Which.
        public var component: CausalComponent
        /// Effect by the gradient: [prompt].
        public var attribution: [Double]
        /// Effect of replacing it: [prompt]; nil where it was not checked.
        public var exact: [Double]?

        /// All fields.
        public init(component: CausalComponent, attribution: [Double], exact: [Double]? = nil) {
            self.component = component
            self.attribution = attribution
            self.exact = exact
        }
    }

    /// Correlation of attribution and exact effect over nodes of one kind, both as means over prompts.
    public struct Agreement: Sendable, Equatable, Codable {
        /// Which nodes.
        public var kind: CausalComponent.Kind
        /// Over the nodes of largest attribution.
        public var top: Correlation
        /// Over a random sample of the others.
        public var sample: Correlation
        /// The nodes of `top`, largest first: indices into `nodes`.
        public var topNodes: [Int]
        /// The nodes of `sample`: indices into `nodes`.
        public var sampleNodes: [Int]
    }

    /// The metric in the run that is changed: [prompt].
    public var base: [Double]
    /// The metric in the run that the changes come from: [prompt].
    public var other: [Double]
    /// Every node.
    public var nodes: [Node]
    /// By kind; empty where nothing was checked.
    public var agreements: [Agreement]

    /// All fields.
    public init(base: [Double], other: [Double], nodes: [Node], agreements: [Agreement] = []) {
        self.base = base
        self.other = other
        self.nodes = nodes
        self.agreements = agreements
    }
}

extension AttributionEffects {
    /// The nodes of one kind that a check is about, as indices.
    struct Checked {
        let kind: CausalComponent.Kind
        let top: [Int]
        let sample: [Int]
    }

    func checked(_ check: AttributionCheck, _ kinds: [CausalComponent.Kind]) -> [Checked] {
        var generator = SeededGenerator(seed: check.seed)
        return kinds.map { kind in
            let ranked = nodes.indices.filter { nodes[$0].component.kind == kind }
                .map { (index: $0, size: mean(nodes[$0].attribution).magnitude) }
                .sorted { ($1.size, $0.index) < ($0.size, $1.index) }
                .map(\.index)
            let rest = Array(ranked.dropFirst(check.top))
            return Checked(
                kind: kind,
                top: Array(ranked.prefix(check.top)),
                sample: generator.sample(min(check.sample, rest.count), of: rest)
            )
        }
    }

    func agreement(_ checked: Checked) -> Agreement {
        // Metrics come from float32 logits: differences below their rounding say nothing.
        let resolution = 1e-6 * (base + other).reduce(0) { max($0, $1.magnitude) }
        func correlation(_ indices: [Int]) -> Correlation {
            let exact = indices.compactMap { nodes[$0].exact.map(mean) }
            return Correlation(indices.map { mean(nodes[$0].attribution) }, exact, resolution: resolution)
        }
        return Agreement(
            kind: checked.kind,
            top: correlation(checked.top),
            sample: correlation(checked.sample),
            topNodes: checked.top,
            sampleNodes: checked.sample
        )
    }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
