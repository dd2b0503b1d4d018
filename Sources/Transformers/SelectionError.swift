// What can be wrong with a selector or with the value aimed at it.

/// A selector that matches nothing, or an intervention that does not fit.
public enum SelectionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The model has no such site.
    case noSuchSite(SiteKind, family: String, available: [String])
    /// A name or pattern that matches no site.
    case noSuchName(String, available: [String])
    /// A layer, head or position beyond the last.
    case outOfRange(SiteKind, axis: String, index: Int, count: Int)
    /// Heads of a site that is not split into heads.
    case noHeads(SiteKind)
    /// An empty list of layers, heads or positions.
    case empty(SiteKind)
    /// Recordings keep whole sites.
    case recordingIsNarrowed(SiteKind)
    /// The recording that values are taken from does not hold this site.
    case notRecorded(Site)
    /// A value that does not fit its target.
    case shape(Site, expected: [Int], found: [Int])

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .noSuchSite(let kind, let family, let available):
            "this \(family) model has no \(kind.hookName); it has: \(available.joined(separator: ", "))."
        case .noSuchName(let name, let available):
            "no site is called '\(name)'; this model has: \(available.joined(separator: ", "))."
        case .outOfRange(let kind, let axis, let index, let count):
            "\(kind.hookName): \(axis) \(index) does not exist; the last is \(count - 1)."
        case .noHeads(let kind):
            "\(kind.hookName) is not split into heads; select layers or positions only."
        case .empty(let kind):
            "\(kind.hookName): an empty list of layers, heads or positions selects nothing."
        case .recordingIsNarrowed(let kind):
            "\(kind.hookName): a recording keeps all heads and positions; take heads or positions from what it kept."
        case .notRecorded(let site):
            "\(site.name) was not recorded; add it to the recording that values are taken from."
        case .shape(let site, let expected, let found):
            "\(site.name): a value of shape \(found) does not fit the selected part, which has shape \(expected)."
        }
    }
}
