// Microbenchmarks of the engine: what a forward pass is made of, and what surrounds it.
import Benchmark
import Foundation
import Induction
import Lab
import Tokenizers
import Torch
import Transformers

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .peakMemoryResident],
        maxDuration: .seconds(3)
    )
    Engine.keepFreedMemory()

    Benchmark("linear 1024x768 x 768x3072") { benchmark in
        let random = RandomSource(seed: 1)
        let (x, weight) = (random.normal([1024, 768]), random.normal([3072, 768]))
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(x.linear(weight)) }
    }

    Benchmark("an operation's call") { benchmark in
        let x = Tensor.zeros([1])
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(x + 1) }
    }

    Benchmark("fused attention 8x12x256x64") { benchmark in
        let random = RandomSource(seed: 1)
        let q = random.normal([8, 12, 256, 64])
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(Tensor.causalAttention(q, q, q, scale: 0.125)) }
    }

    Benchmark("load induct-4l") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try LoadedModel("induct-4l")) }
    }

    Benchmark("scan induct-2l, 100 prompts") { benchmark in
        let model = try LoadedModel("induct-2l")
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try Scan().run(on: model)) }
    }

    Benchmark("bootstrap 100 prompts x 576 series") { benchmark in
        var generator = SeededGenerator(seed: 1)
        let sums = (0..<100).map { _ in (0..<576).map { _ in Double.random(in: 0...1, using: &generator) } }
        let counts = Array(repeating: 20, count: 100)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            blackHole(PromptBootstrap(promptCount: 100, seed: 1).estimates(sums: sums, counts: counts))
        }
    }
}
