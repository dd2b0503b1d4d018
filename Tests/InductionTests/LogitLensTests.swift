// The logit lens: against loops over the definition on every family, by hand, and on a planted circuit.
import Foundation
import Testing
import Torch
import Transformers

@testable import Induction

/// Logits of one residual vector by the definition, in float64.
private func logits(_ model: Transformer, _ residual: [Double]) -> [Double] {
    let weights = model.weights
    var x = residual
    let mean = x.reduce(0, +) / Double(x.count)
    if let gain = weights.finalNorm.weight?.doubles {
        var epsilon = 0.0
        switch model.config.normalization {
        case .none: break
        case .layerNorm(let small):
            x = x.map { $0 - mean }
            epsilon = small
        case .rms(let small): epsilon = small
        }
        let sigma = (x.reduce(0) { $0 + $1 * $1 } / Double(x.count) + epsilon).squareRoot()
        x = zip(x, gain).map { $0 / sigma * $1 }
        if let bias = weights.finalNorm.bias?.doubles { x = zip(x, bias).map { $0 + $1 } }
    }
    let table = weights.unembedding.weight.doubles
    let bias = weights.unembedding.bias?.doubles
    return (0..<model.config.vocabularySize).map { id in
        let row = table[id * x.count..<(id + 1) * x.count]
        let value = zip(row, x).reduce(bias?[id] ?? 0) { $0 + $1.0 * $1.1 }
        return model.config.logitCap.map { $0 * tanh(value / $0) } ?? value
    }
}

@Suite struct LogitLensTests {
    @Test(arguments: FamilyModels.names)
    func equalsTheDefinition(name: String) throws {
        let model = try FamilyModels.model(name)
        let tokens = try FamilyModels.prompts(seed: 41)
        // Out of order, twice in one prompt, and a prompt that is not read.
        let cells = [(3, 2), (0, 3), (4, 0), (3, 1)].map { OutputCell(prompt: $0, position: $1) }
        let targets = [7, 30, 0, 12]
        let lens = try model.logitLens(tokens, reading: cells, targets: targets, top: 3, batchSize: 2)
        let run = try model.run(tokens, recording: [.residPre, .residPost])
        for (reading, (cell, target)) in zip(lens.readings, zip(cells, targets)) {
            #expect(reading.cell == cell && reading.target == target)
            #expect(reading.rows.map(\.layer) == Array(0...model.config.layers))
            for row in reading.rows {
                let residual =
                    row.layer == 0
                    ? try run[.residPre, layer: 0] : try run[.residPost, layer: row.layer - 1]
                let values = logits(model, residual[cell.prompt][cell.position].doubles)
                let total = values.reduce(0) { $0 + exp($1) }
                let order = values.indices.sorted { values[$0] > values[$1] }
                #expect(row.top.map(\.id) == Array(order[..<3]))
                for token in row.top {
                    #expect(agree(token.probability, exp(values[token.id]) / total, 1e-5))
                }
                let found = try #require(row.target)
                #expect(try found.rank == 1 + #require(order.firstIndex(of: target)))
                #expect(agree(found.logit, values[target], 1e-5))
                #expect(agree(found.probability, exp(values[target]) / total, 1e-5))
            }
            let predicted = try run.logits[cell.prompt][cell.position].argmax(0).ints[0]
            #expect(reading.rows.last?.top.first?.id == predicted)
        }
    }

    private func reading(_ rows: [(Int, Double)], threshold: Double = 0.5) -> LensReading {
        LensReading(
            cell: OutputCell(prompt: 0, position: 0),
            rows: rows.enumerated().map { layer, row in
                LensRow(layer: layer, top: [LensToken(id: row.0, probability: row.1)])
            },
            threshold: threshold
        )
    }

    @Test func convergenceAndStabilityByHand() {
        // The final token, lost once; settled from row 3 on.
        let settled = reading([(4, 0.6), (5, 0.9), (4, 0.4), (4, 0.5), (4, 0.8)])
        #expect(settled.convergenceLayer == 3 && settled.stability == 0.75)
        #expect(
            reading([(4, 0.6), (5, 0.9), (4, 0.4), (4, 0.5), (4, 0.8)], threshold: 0.4).convergenceLayer == 2
        )
        let unsure = reading([(1, 0.9), (1, 0.9), (1, 0.49)])
        #expect(unsure.convergenceLayer == nil && unsure.stability == 1)
        let late = reading([(1, 0.9), (2, 0.9), (3, 0.9)])
        #expect(late.convergenceLayer == 2 && late.stability == 0)
        #expect(reading([(1, 0.9), (1, 0.9)]).convergenceLayer == 0)
        #expect(reading([(1, 0.9)]).stability == nil)
    }

    @Test func aPlantedCircuitConvergesWhereItsInductionHeadIs() throws {
        let model = planted.makeModel()
        // An anti-copy head stands in the same layer and takes back what the induction head writes.
        model.weights.blocks.resident[2].attention.output.weight.slice(1, 3 * 113..<4 * 113).fill(0)
        let prompts = [[47, 5, 9, 3, 8, 5], [47, 2, 11, 30, 2]]
        let lens = try model.logitLens(
            Tokens(prompts),
            reading: [OutputCell(prompt: 0, position: 5), OutputCell(prompt: 1, position: 4)],
            targets: [9, 11]
        )
        for reading in lens.readings {
            #expect(reading.convergenceLayer == 3)
            // Nothing is read before: all logits are equal, and equal logits share the best rank.
            #expect(
                reading.rows[..<3].allSatisfy {
                    $0.target?.rank == 1 && agree($0.target?.probability ?? 0, 1.0 / 48, 1e-6)
                }
            )
            #expect(
                reading.rows[3].top[0].id == reading.target
                    && (reading.rows[3].target?.probability ?? 0) > 0.99
            )
        }
    }

    @Test func tableHoldsEveryPosition() throws {
        let model = try FamilyModels.model("llama")
        let prompt = [3, 9, 9, 20, 1]
        let table = try model.logitLensTable(of: prompt)
        #expect(table.tokens == prompt && table.top.count == model.config.layers + 1)
        let lens = try model.logitLens(
            Tokens([prompt]),
            reading: [OutputCell(prompt: 0, position: 3)],
            top: 61
        )
        for (row, top) in zip(lens.readings[0].rows, table.top) {
            #expect(top.count == 5 && top[3].id == row.top[0].id)
            #expect(row.top.count == 61 && agree(row.top.reduce(0) { $0 + $1.probability }, 1, 1e-5))
            #expect(row.target == nil)
        }
    }

    @Test func progressCountsCellsAndEndsTheRun() throws {
        struct Stop: Error {}
        let model = try FamilyModels.model("gpt2")
        let tokens = try FamilyModels.prompts(seed: 42)
        let cells = [1, 1, 3, 4].map { OutputCell(prompt: $0, position: 0) }
        var seen: [Int] = []
        _ = try model.logitLens(tokens, reading: cells, batchSize: 1) { seen.append($0) }
        #expect(seen == [2, 3, 4])
        #expect(throws: Stop.self) { try model.logitLens(tokens, reading: cells) { _ in throw Stop() } }
    }

    @Test func mistakesAreNamed() throws {
        let model = try FamilyModels.model("gpt2")
        let tokens = try Tokens([[1, 2, 3], [4]])
        let cell = OutputCell(prompt: 1, position: 0)
        func message(_ cells: [OutputCell], _ targets: [Int]? = nil) -> String {
            do {
                _ = try model.logitLens(tokens, reading: cells, targets: targets)
                return "none"
            } catch { return "\(error)" }
        }
        #expect(message([]) == "there is no prediction to read; name at least one prompt and position.")
        #expect(message([OutputCell(prompt: 2, position: 0)]) == "prompt 2 does not exist; the last is 1.")
        #expect(
            message([OutputCell(prompt: 1, position: 1)]) == "prompt 1 has no position 1; its last is 0."
        )
        #expect(
            message([cell], [1, 2])
                == "2 targets for 1 predictions; give one token id for each prediction."
        )
        #expect(
            message([cell], [61])
                == """
                prompt 1, position 0: the target id 61 is outside the vocabulary, which ends at 60; check that the ids were \
                made by this model's tokenizer.
                """
        )
        model.weights.finalNorm.weight?.fill(.infinity)
        #expect(
            message([cell])
                == """
                the logits of row 0 are not all finite; the weights are damaged, or activations overflow the type: run in \
                float32.
                """
        )
    }
}
