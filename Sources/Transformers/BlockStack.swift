// The blocks' weights: all in memory, or each read from its file whenever it is needed.

/// The weights of all blocks, by layer.
public struct BlockStack {
    /// Number of blocks.
    public let count: Int
    /// The blocks that are in memory: all of them, or none where they are read as they are needed.
    public let resident: [BlockWeights]
    private let read: (Int) throws -> BlockWeights

    /// Blocks that are in memory.
    public init(_ blocks: [BlockWeights]) {
        count = blocks.count
        resident = blocks
        read = { blocks[$0] }
    }

    /// Blocks that are read each time; the caller lets go of one before the next is read, so that one is in memory.
    init(count: Int, read: @escaping (Int) throws -> BlockWeights) {
        self.count = count
        resident = []
        self.read = read
    }

    /// The weights of one block.
    ///
    /// - Throws: what is wrong with the files, where blocks are read as they are needed.
    public subscript(layer: Int) -> BlockWeights {
        get throws { try read(layer) }
    }
}
