// Post-processors: the special tokens that a file's template puts around a text.

/// Ids before and after a text when special tokens are asked for.
struct PostProcessor: Sendable, Equatable {
    var before: [Int] = []
    var after: [Int] = []
}
