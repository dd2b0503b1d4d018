// Taps: where the forward pass meets interventions and observers.
//
// The forward pass asks `wants` before it computes what only a tap needs and `replaces` before it computes what nobody
// will see, hands every wanted value to `callAsFunction`, goes on with what it gets back, and stops as soon as `isDone`.
import Torch

/// Interventions and observations of one pass, resolved to sites.
struct Taps {
    /// An intervention, and the rows of the batch that it is for.
    private struct Edit {
        let intervention: Intervention
        /// nil for all.
        let rows: Range<Int>?
    }

    private var edits: [Site: [Edit]] = [:]
    private let extent: Extent
    private let observe: (Site, Tensor) throws -> Void
    private var unseen: Set<Site> = []
    /// Whether the pass ends when all that was to be observed has been.
    private let endsWhenSeen: Bool

    /// Of a run on whole prompts.
    ///
    /// - Throws: `SelectionError` for a selector that matches nothing.
    init(
        config: TransformerConfig,
        extent: Extent,
        applying interventions: [Intervention],
        observing selectors: [Selector],
        observe: @escaping (Site, Tensor) throws -> Void
    ) throws {
        self.extent = extent
        self.observe = observe
        endsWhenSeen = true
        let length = extent.positions.upperBound
        for intervention in interventions {
            for site in try config.resolve(intervention.selector, positionCount: length) {
                edits[site, default: []].append(Edit(intervention: intervention, rows: nil))
            }
        }
        for selector in selectors {
            if selector.heads != nil || selector.positions != nil {
                throw SelectionError.recordingIsNarrowed(selector.kind)
            }
            unseen.formUnion(try config.resolve(selector, positionCount: length))
        }
    }

    /// Of a batch of variations one after the other, each with the extent's prompts; nothing is observed.
    init(_ variations: [[Site: [Intervention]]], extent: Extent) {
        self.extent = extent
        observe = { _, _ in }
        endsWhenSeen = false
        let count = extent.prompts.count
        for (index, variation) in variations.enumerated() {
            for (site, interventions) in variation {
                edits[site, default: []] += interventions.map {
                    Edit(intervention: $0, rows: index * count..<(index + 1) * count)
                }
            }
        }
    }

    /// Whether the value of a site is needed by anybody.
    func wants(_ site: Site) -> Bool {
        edits[site] != nil || unseen.contains(site)
    }

    /// Whether one of these sites of a layer is wanted.
    func wants(_ kinds: [SiteKind], layer: Int) -> Bool {
        kinds.contains { wants(Site($0, layer: layer)) }
    }

    /// Whether all rows of a site are replaced as a whole and nobody wants what leads to it: then there is no need to
    /// compute it.
    func replaces(_ kind: SiteKind, layer: Int, rows: Int, without inner: [SiteKind]) -> Bool {
        guard let edits = edits[Site(kind, layer: layer)], !wants(inner, layer: layer) else { return false }
        var first: [Range<Int>: Bool] = [:]
        for edit in edits {
            let key = edit.rows ?? 0..<rows
            if first[key] == nil { first[key] = edit.intervention.replacesAll }
        }
        return first.filter { $0.value && $0.key.upperBound <= rows }.reduce(0) { $0 + $1.key.count } == rows
    }

    /// Whether all that was to be observed has been.
    var isDone: Bool { endsWhenSeen && unseen.isEmpty }

    /// Edits a value and shows it to its observer; gives back what the forward pass goes on with.
    mutating func callAsFunction(_ site: Site, _ value: Tensor) throws -> Tensor {
        guard wants(site) else { return value }
        var value = value
        var isOwned = false
        for edit in edits[site] ?? [] {
            guard let rows = edit.rows else {
                value = try edit.intervention.apply(at: site, to: value, of: extent)
                continue
            }
            if !isOwned { (value, isOwned) = (value.copy(), true) }
            try edit.intervention.applyInPlace(at: site, to: value[rows], of: extent)
        }
        if unseen.remove(site) != nil { try observe(site, value) }
        return value
    }
}
