// Ten steps of training, against PyTorch on the same weights and batches; see Scripts/references/training_references.py.
import Checkpoints
import Foundation
import Testing
import Torch
import Transformers

@testable import Formation

private let tolerance = 1e-5

/// A model and what PyTorch made of it.
private struct TrainingFixture {
    struct Settings: Decodable {
        let steps, warm_up_steps: Int
        let learning_rate, gradient_clip, beta1, beta2, weight_decay, epsilon: Double
    }

    let directory: URL
    let file: SafetensorsFile

    init(_ name: String) throws {
        directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
        file = try SafetensorsFile(directory.appending(path: "reference.safetensors"))
    }

    var settings: TrainingSettings {
        get throws {
            let data = try Data(contentsOf: directory.appending(path: "settings.json"))
            let read = try JSONDecoder().decode(Settings.self, from: data)
            return TrainingSettings(
                steps: read.steps,
                learningRate: read.learning_rate,
                warmUpSteps: read.warm_up_steps,
                gradientClip: read.gradient_clip,
                optimizer: AdamW.Settings(
                    beta1: read.beta1,
                    beta2: read.beta2,
                    weightDecay: read.weight_decay,
                    epsilon: read.epsilon
                )
            )
        }
    }

    func tensor(_ name: String) throws -> Tensor {
        let stored = try file.tensor(named: name)
        return stored.withUnsafeBytes { bytes in
            Tensor.withView(of: bytes, shape: stored.shape, dtype: stored.dtype) { $0.copy() }
        }
    }

    /// Batches, [step][sequence][position].
    var batches: [[[Int]]] {
        get throws {
            let tokens = try tensor("tokens")
            return (0..<tokens.size(0)).map { step in (0..<tokens.size(1)).map { tokens[step][$0].ints } }
        }
    }

    /// What stands under a weight's name, in the order of `Transformer.parameters`.
    func byParameter(_ kind: String, _ config: TransformerConfig) throws -> [(name: String, value: Tensor)] {
        func one(_ name: String) throws -> (String, Tensor) { (name, try tensor("\(kind).\(name)")) }
        func both(_ name: String) throws -> [(String, Tensor)] {
            [try one(name + ".weight"), try one(name + ".bias")]
        }
        func joined(_ block: String, _ part: String) throws -> (String, Tensor) {
            let parts = try ["q", "k", "v"].map { try one("\(block).attn.\($0).\(part)").1 }
            return ("\(block).attn.qkv.\(part)", .cat(parts))
        }
        var result = [try one("embed.weight")]
        if config.positions == .learned { result.append(try one("pos_embed.weight")) }
        for layer in 0..<config.layers {
            let block = "blocks.\(layer)"
            result += try both("\(block).ln1")
            result +=
                [try joined(block, "weight"), try joined(block, "bias")] + (try both("\(block).attn.o"))
            if config.smearsKeys { result.append(try one("\(block).attn.smear")) }
            if config.isAttentionOnly { continue }
            result += try both("\(block).ln2") + both("\(block).mlp.up") + both("\(block).mlp.down")
        }
        result += try both("ln_final")
        return result + (config.tiesUnembedding ? [try one("unembed.bias")] : try both("unembed"))
    }
}

private func relativeError(_ a: Tensor, _ b: Tensor) -> Double {
    a.shape == b.shape ? (a - b).abs().max().scalar / b.abs().max().scalar : .infinity
}

/// The biases of queries and values.
private func withoutKeys(_ bias: Tensor) -> Tensor {
    let width = bias.size(0) / 3
    return .cat([bias[0..<width], bias[2 * width..<3 * width]])
}

@Suite struct TrainingReferenceTests {
    static let names = ["attention", "mlp", "smeared"]

    @Test(arguments: names)
    func gradientsAreThoseOfPyTorch(name: String) throws {
        let fixture = try TrainingFixture(name)
        let model = try Transformer(directory: fixture.directory)
        let trainer = Trainer(model, settings: try fixture.settings)
        let (loss, gradients) = try trainer.lossAndGradients(on: fixture.batches[0])
        let expected = try fixture.byParameter("gradient", model.config)
        #expect((loss / (try fixture.tensor("losses").doubles[0]) - 1).magnitude < tolerance)
        #expect(gradients.count == expected.count)
        for (gradient, (name, value)) in zip(gradients, expected) {
            let error = relativeError(gradient, value)
            #expect(error < tolerance, "\(name): \(error)")
        }
    }

    @Test(arguments: names)
    func tenStepsAreThoseOfPyTorch(name: String) throws {
        let fixture = try TrainingFixture(name)
        let (settings, batches) = (try fixture.settings, try fixture.batches)
        let model = try Transformer(directory: fixture.directory)
        let trainer = Trainer(model, settings: settings)
        let losses = try fixture.tensor("losses").doubles
        let norms = try fixture.tensor("gradient_norms").doubles
        #expect(batches.count == 10 && settings.warmUpSteps < 10)
        #expect(
            norms.contains { $0 > settings.gradientClip } && norms.contains { $0 < settings.gradientClip }
        )
        for (number, batch) in batches.enumerated() {
            let step = try trainer.step(number, on: batch)
            #expect((step.loss / losses[number] - 1).magnitude < tolerance, "loss of step \(number)")
            #expect((step.gradientNorm / norms[number] - 1).magnitude < tolerance, "norm of step \(number)")
        }
        #expect(trainer.optimizer.stepCount == 10)
        for (kind, found) in [
            ("first_moment", trainer.optimizer.firstMoments),
            ("second_moment", trainer.optimizer.secondMoments),
            ("weight", trainer.optimizer.parameters.map { $0.detached() }),
        ] {
            for (value, (name, expected)) in zip(found, try fixture.byParameter(kind, model.config)) {
                // Softmax takes away what keys have in common: without rotation the gradient of their bias is rounding
                // alone, which AdamW makes as large as any other update.
                let isFree = kind == "weight" && name.hasSuffix("qkv.bias")
                let error =
                    isFree
                    ? relativeError(withoutKeys(value), withoutKeys(expected))
                    : relativeError(value, expected)
                #expect(error < tolerance, "\(kind) of \(name): \(error)")
            }
        }
    }
}
