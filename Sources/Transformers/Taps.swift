// Taps: where the forward pass meets interventions and observers.
//
// The forward pass asks `wants` before it computes what only a tap needs, hands every wanted value to `callAsFunction`,
// goes on with what it gets back, and stops as soon as `isDone`.
import Torch

/// Interventions and observations of one run, resolved to sites.
struct Taps {
    private let interventions: [Site: [Intervention]]
    private let observe: (Site, Tensor) throws -> Void
    private var unseen: Set<Site>

    /// - Throws: `SelectionError` for a selector that matches nothing.
    init(
        config: TransformerConfig,
        positionCount: Int,
        applying interventions: [Intervention],
        observing selectors: [Selector],
        observe: @escaping (Site, Tensor) throws -> Void
    ) throws {
        var resolved: [Site: [Intervention]] = [:]
        for intervention in interventions {
            for site in try config.resolve(intervention.selector, positionCount: positionCount) {
                resolved[site, default: []].append(intervention)
            }
        }
        unseen = []
        for selector in selectors {
            if selector.heads != nil || selector.positions != nil {
                throw SelectionError.recordingIsNarrowed(selector.kind)
            }
            unseen.formUnion(try config.resolve(selector, positionCount: positionCount))
        }
        self.interventions = resolved
        self.observe = observe
    }

    /// Whether the value of a site is needed by anybody.
    func wants(_ site: Site) -> Bool {
        interventions[site] != nil || unseen.contains(site)
    }

    /// Whether all that was to be observed has been.
    var isDone: Bool { unseen.isEmpty }

    /// Edits a value and shows it to its observer; gives back what the forward pass goes on with.
    mutating func callAsFunction(_ site: Site, _ value: Tensor) throws -> Tensor {
        guard wants(site) else { return value }
        var value = value
        for intervention in interventions[site] ?? [] {
            value = try intervention.apply(at: site, to: value)
        }
        if unseen.remove(site) != nil { try observe(site, value) }
        return value
    }
}
