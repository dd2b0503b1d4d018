// Blocks that are read whenever a run comes to them compute what resident ones do, one in memory at a time.
import Checkpoints
import Foundation
import Testing
import Torch
import Transformers

@Suite struct StreamedBlocksTests {
    @Test(arguments: Fixture.all)
    func theSameBits(fixture: Fixture) throws {
        let resident = try fixture.model()
        let streamed = try Transformer(ModelFiles(fixture.directory), isResident: false)
        #expect(streamed.weights.blocks.resident.isEmpty)
        #expect(streamed.weights.blocks.count == resident.config.layers)
        let (tokens, _) = try fixture.recorded("reference")
        for _ in 0..<2 {
            #expect(try streamed.run(tokens).logits.isEqual(to: resident.run(tokens).logits))
        }
    }
}
