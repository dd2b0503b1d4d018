// What the lens found: one prediction in detail, all of them together, and what wrote them.
public import Induction
public import Transformers

/// What a lens found.
public struct LensResult: AnalysisResult, Sendable {
    /// The model's name.
    public let model: String
    /// What was asked.
    public let lens: Lens
    /// The prompts.
    public let tokens: Tokens
    /// Number of predictions that were read.
    public let predictionCount: Int
    /// One prediction in detail.
    public let example: LensExample
    /// Each row over all predictions; empty without answers.
    public let rows: [LensRowSummary]
    /// What wrote answer minus foil, over all predictions; nil without answers.
    public let attribution: LensAttribution?
    /// Texts of the tokens that are named here.
    let names: TokenNames

    init(
        _ lens: Lens,
        of model: LoadedModel,
        _ read: Lens.Read,
        _ found: LogitLens,
        _ attribution: DirectLogitAttribution?
    ) throws {
        self.model = model.opened.name
        self.lens = lens
        tokens = read.tokens
        predictionCount = read.cells.count
        let place = read.cells.lastIndex { $0.prompt == lens.example } ?? 0
        let example = try LensExample(
            found.readings[place],
            tokens: read.tokens.rows[lens.example],
            of: model.transformer
        )
        self.example = example
        let bootstrap = PromptBootstrap(promptCount: read.tokens.count, seed: lens.seed)
        rows = read.targets == nil ? [] : found.summary(bootstrap)
        self.attribution = attribution.map { LensAttribution($0, bootstrap, example: place) }
        names = TokenNames(
            example.ids + [self.attribution?.example.foil].compactMap(\.self),
            in: model.opened.tokenizer
        )
    }

    /// What a reader must know about the numbers.
    public var notes: [String] {
        var notes: [String] = []
        if attribution == nil {
            notes.append("There are no answers, so no target is ranked and nothing is attributed.")
        } else {
            notes += PromptBootstrap.notes(promptCount: tokens.count)
        }
        if attribution?.isCapped == true {
            notes.append("The model caps its logits; attributed is the logit difference before the cap.")
        }
        return notes
    }
}

/// One prediction in detail.
public struct LensExample: Sendable {
    /// A token's probability from row to row.
    public struct Path: Sendable, Equatable {
        /// The token.
        public let id: Int
        /// By row, 0..1.
        public let probabilities: [Double]
    }

    /// All rows.
    public let reading: LensReading
    /// The top tokens of the prediction, best first, then the target if it is none of them.
    public let paths: [Path]
    /// The top token at every row and position of the prompt.
    public let table: LensTable

    init(_ reading: LensReading, tokens: [Int], of model: Transformer) throws {
        self.reading = reading
        var ids = reading.rows.last?.top.map(\.id) ?? []
        if let target = reading.target, !ids.contains(target) { ids.append(target) }
        let cell = OutputCell(prompt: 0, position: reading.cell.position)
        let paths = try model.logitLens(
            Tokens([tokens]),
            reading: ids.map { _ in cell },
            targets: ids,
            top: 1
        )
        self.paths = paths.readings.map { path in
            Path(id: path.target ?? 0, probabilities: path.rows.compactMap { $0.target?.probability })
        }
        table = try model.logitLensTable(of: tokens)
    }

    /// Every token that is named.
    var ids: [Int] {
        table.tokens + table.top.joined().map(\.id) + reading.rows.flatMap { $0.top.map(\.id) }
            + paths.map(\.id)
    }
}

/// Direct logit attribution over all predictions.
public struct LensAttribution: Sendable {
    /// What the terms belong to, in the order in which the model computes them.
    public let components: [DirectComponent]
    /// Mean term of each.
    public let terms: [Estimate]
    /// Mean logit of answer minus foil: what the terms add up to.
    public let difference: Estimate
    /// The detailed prediction's terms.
    public let example: DirectReading
    /// Whether the model caps its logits after that.
    public let isCapped: Bool

    init(_ found: DirectLogitAttribution, _ bootstrap: PromptBootstrap, example: Int) {
        components = found.components
        terms = found.means(bootstrap)
        difference = found.meanLogitDifference(bootstrap)
        self.example = found.readings[example]
        isCapped = self.example.cappedLogitDifference != nil
    }

    /// The sum of the terms.
    public var sum: Double { terms.compactMap(\.mean).reduce(0, +) }
}
