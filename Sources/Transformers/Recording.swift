// Recordings: what a run kept.
public import Torch

/// Activations of one run, by site.
public struct Recording {
    private var values: [Site: Tensor] = [:]

    init() {}

    /// Sites that were kept.
    public var sites: Set<Site> { Set(values.keys) }

    /// What was kept at a site; the axes are those of its `SiteKind`.
    public subscript(site: Site) -> Tensor {
        get throws {
            guard let value = values[site] else { throw SelectionError.notRecorded(site) }
            return value
        }
    }

    /// What was kept of one kind in one block.
    public subscript(kind: SiteKind, layer layer: Int) -> Tensor {
        get throws { try self[Site(kind, layer: layer)] }
    }

    /// Logits at the positions that were asked for: [batch, position, vocab].
    public var logits: Tensor {
        get throws { try self[Site(.logits)] }
    }

    mutating func keep(_ value: Tensor, at site: Site) {
        values[site] = value
    }

    func mapValues(_ transform: (Site, Tensor) -> Tensor) -> Recording {
        var copy = self
        for (site, value) in values { copy.values[site] = transform(site, value) }
        return copy
    }
}
