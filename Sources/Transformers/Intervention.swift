// Interventions: edits of activations during a run, as values.
public import Torch

/// What is done to the selected part of an activation.
public struct Intervention {
    /// Where.
    public var selector: Selector
    let action: Action

    enum Action {
        case edit((Site, Tensor) throws -> Tensor)
        case replace(Recording)
    }

    /// Sets the selected part to zero.
    public static func zero(_ selector: Selector) -> Intervention {
        edit(selector) { $1.zerosLike() }
    }

    /// Adds `value`, which is broadcast to the selected part.
    public static func add(_ value: Tensor, to selector: Selector) -> Intervention {
        edit(selector) { $1 + value }
    }

    /// Sets the selected part to `value`, which is broadcast to it.
    public static func replace(_ selector: Selector, with value: Tensor) -> Intervention {
        edit(selector) { $1.zerosLike() + value }
    }

    /// Sets the selected part to what another run of the same shape recorded there: patching, and freezing.
    public static func replace(_ selector: Selector, from recording: Recording) -> Intervention {
        Intervention(selector: selector, action: .replace(recording))
    }

    /// Sets the selected part to its mean over the prompts of a recording, position by position or, with
    /// `overPositions`, over all positions too.
    public static func mean(
        _ selector: Selector,
        from recording: Recording,
        overPositions: Bool = false
    ) -> Intervention {
        let means = recording.mapValues { site, value in
            let mean = value.mean(0, keep: true)
            return (overPositions ? mean.mean(site.kind.positionAxis, keep: true) : mean).expand(value.shape)
        }
        return replace(selector, from: means)
    }

    /// Replaces the selected part by a function of it; the site and its selected part are handed in.
    public static func edit(
        _ selector: Selector,
        _ change: @escaping (Site, Tensor) throws -> Tensor
    ) -> Intervention {
        Intervention(selector: selector, action: .edit(change))
    }

    /// The activation with this edit made.
    func apply(at site: Site, to value: Tensor) throws -> Tensor {
        let parts = selector.parts(of: site)
        guard !parts.isEmpty else { return try edited(value, at: site) { $0 } }
        let result = value.copy()
        for part in parts {
            part(result).assign(try edited(part(value), at: site, part))
        }
        return result
    }

    private func edited(_ value: Tensor, at site: Site, _ part: (Tensor) -> Tensor) throws -> Tensor {
        let edited =
            switch action {
            case .edit(let change): try change(site, value)
            case .replace(let recording): part(try recording[site])
            }
        guard edited.shape == value.shape else {
            throw SelectionError.shape(site, expected: value.shape, found: edited.shape)
        }
        return edited
    }
}

extension Selector {
    /// Views that narrow an activation to the selected heads and positions; none where all of it is selected.
    func parts(of site: Site) -> [(Tensor) -> Tensor] {
        if heads == nil && positions == nil { return [] }
        let headRanges: [Range<Int>?] = heads.map(contiguousRanges) ?? [nil]
        let positionRanges: [Range<Int>?] = positions.map(contiguousRanges) ?? [nil]
        return headRanges.flatMap { heads in
            positionRanges.map { positions in
                { value in
                    var part = value
                    if let heads, let axis = site.kind.headAxis { part = part.slice(axis, heads) }
                    if let positions { part = part.slice(site.kind.positionAxis, positions) }
                    return part
                }
            }
        }
    }
}

private func contiguousRanges(_ indices: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for index in Set(indices).sorted() {
        if let last = ranges.last, last.upperBound == index {
            ranges[ranges.count - 1] = last.lowerBound..<index + 1
        } else {
            ranges.append(index..<index + 1)
        }
    }
    return ranges
}
