// Interventions: edits of activations during a run, as values.
public import Torch

/// What is done to the selected part of an activation.
public struct Intervention {
    /// Where.
    public var selector: Selector
    let action: Action

    enum Action {
        case zero
        case add(Tensor)
        case replace(Tensor)
        case restore(Recording)
        case edit((Site, Tensor) throws -> Tensor)
    }

    /// Sets the selected part to zero.
    public static func zero(_ selector: Selector) -> Intervention {
        Intervention(selector: selector, action: .zero)
    }

    /// Adds `value`, which is broadcast to the selected part.
    public static func add(_ value: Tensor, to selector: Selector) -> Intervention {
        Intervention(selector: selector, action: .add(value))
    }

    /// Sets the selected part to `value`, which is broadcast to it.
    public static func replace(_ selector: Selector, with value: Tensor) -> Intervention {
        Intervention(selector: selector, action: .replace(value))
    }

    /// Sets the selected part to what another run of the same shape recorded there: patching, and freezing.
    public static func replace(_ selector: Selector, from recording: Recording) -> Intervention {
        Intervention(selector: selector, action: .restore(recording))
    }

    /// Sets the selected part to its mean over the prompts of a recording, position by position or, with
    /// `overPositions`, over all positions too. What was recorded at pads counts as well: record prompts of one length, or
    /// take `Ablation`'s means, which leave pads out.
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

    /// Whether nothing of the value that it is applied to is left, so that the value need not be computed.
    var replacesAll: Bool {
        guard selector.heads == nil, selector.positions == nil else { return false }
        return switch action {
        case .zero, .replace, .restore: true
        case .add, .edit: false
        }
    }

    /// The activation with this edit made.
    func apply(at site: Site, to value: Tensor, of extent: Extent) throws -> Tensor {
        if selector.selectsAll { return try edited(value, at: site, of: extent) { $0 } }
        let result = value.copy()
        try applyInPlace(at: site, to: result, of: extent)
        return result
    }

    /// Makes this edit in an activation that nobody else holds.
    func applyInPlace(at site: Site, to value: Tensor, of extent: Extent) throws {
        for part in selector.parts(of: site, from: extent.positions.lowerBound) {
            let target = part(value)
            target.assign(try edited(target, at: site, of: extent, part))
        }
    }

    /// What the selected part becomes.
    private func edited(
        _ value: Tensor,
        at site: Site,
        of extent: Extent,
        _ part: (Tensor) -> Tensor
    ) throws -> Tensor {
        let edited =
            switch action {
            case .zero: value.zerosLike()
            case .add(let other): value + extent.narrow(other, like: value)
            case .replace(let other): value.zerosLike() + extent.narrow(other, like: value)
            case .restore(let recording): part(extent.narrow(try recording[site], at: site))
            case .edit(let change): try change(site, value)
            }
        guard edited.shape == value.shape else {
            throw SelectionError.shape(site, expected: value.shape, found: edited.shape)
        }
        return edited
    }
}

/// Which prompts and positions of a run's tokens an activation holds: all of them in a plain run, some in a sweep.
struct Extent {
    /// Of `promptCount`.
    var prompts: Range<Int>
    /// Of `positionCount`; the upper end is the last of all.
    var positions: Range<Int>
    /// Prompts in all.
    var promptCount: Int

    /// Everything.
    init(_ tokens: Tokens) {
        self.init(prompts: 0..<tokens.count, positions: 0..<tokens.length, promptCount: tokens.count)
    }

    init(prompts: Range<Int>, positions: Range<Int>, promptCount: Int) {
        self.prompts = prompts
        self.positions = positions
        self.promptCount = promptCount
    }

    /// These prompts of a value that holds something for each prompt; any other value as it is.
    fileprivate func narrow(_ value: Tensor, like target: Tensor) -> Tensor {
        guard prompts.count < promptCount, value.shape.count == target.shape.count,
            value.size(0) == promptCount
        else { return value }
        return value.slice(0, prompts)
    }

    /// These prompts and positions of a whole activation.
    fileprivate func narrow(_ value: Tensor, at site: Site) -> Tensor {
        var part = value
        if prompts.count < promptCount, part.size(0) == promptCount { part = part.slice(0, prompts) }
        let axis = site.kind.positionAxis
        if positions.lowerBound > 0, part.size(axis) == positions.upperBound {
            part = part.slice(axis, positions)
        }
        return part
    }
}

extension Selector {
    /// Whether the whole activation is meant.
    var selectsAll: Bool { heads == nil && positions == nil }

    /// Views that narrow an activation to the selected heads and positions; its first position is `first`.
    fileprivate func parts(of site: Site, from first: Int) -> [(Tensor) -> Tensor] {
        let headRanges: [Range<Int>?] = heads.map(contiguousRanges) ?? [nil]
        let positionRanges: [Range<Int>?] = positions.map(contiguousRanges) ?? [nil]
        return headRanges.flatMap { heads in
            positionRanges.map { positions in
                { value in
                    var part = value
                    if let heads, let axis = site.kind.headAxis { part = part.slice(axis, heads) }
                    if let positions {
                        let range = positions.lowerBound - first..<positions.upperBound - first
                        part = part.slice(site.kind.positionAxis, range)
                    }
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
