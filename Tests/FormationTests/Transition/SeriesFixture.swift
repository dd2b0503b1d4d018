// Series of scores with a known shape.
import Foundation
import Induction

@testable import Formation

/// Scores at every so many steps, from step 0.
func series(_ count: Int, every interval: Int, _ score: (Int) -> Double) -> [ScorePoint] {
    (0..<count).map { ScorePoint(step: $0 * interval, score: score($0 * interval)) }
}

/// A ramp in ln(step + 1) between two steps.
func ramp(_ step: Int, _ levels: ClosedRange<Double>, from start: Double, to end: Double) -> Double {
    let share = (log1p(Double(step)) - log1p(start)) / (log1p(end) - log1p(start))
    return levels.lowerBound + (levels.upperBound - levels.lowerBound) * min(max(share, 0), 1)
}

/// Normal noise from a fixed seed.
struct Noise {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func normal() -> Double {
        (-2 * log(generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
    }

    mutating func uniform() -> Double { generator.unit() }
}

/// A score that wanders from 0.03, turned back at 0 and 1.
func randomWalk(_ count: Int, by deviation: Double, _ noise: inout Noise) -> [ScorePoint] {
    var score = 0.03
    var points: [ScorePoint] = []
    for index in 0..<count {
        score = abs(score + deviation * noise.normal())
        if score > 1 { score = 2 - score }
        points.append(ScorePoint(step: 25 * index, score: score))
    }
    return points
}

/// The best induction score of a two-layer attention-only model of four heads that learns the repeat task (vocabulary 50,
/// length 64, blocks of 5 to 31), on 20 held-out prompts, every 25 steps from step 0.
let realScores = [
    0.0258, 0.0269, 0.0305, 0.0304, 0.0330, 0.0393, 0.0467, 0.0519, 0.0567, 0.0621, 0.0633, 0.0630, 0.0687,
    0.1404, 0.2179, 0.2787, 0.3285, 0.3455, 0.3886, 0.3853, 0.4215, 0.4523, 0.4536, 0.4602, 0.4627, 0.4725,
    0.4694, 0.4703, 0.4732, 0.4781, 0.4737, 0.4815, 0.4792, 0.4775, 0.4817, 0.4803, 0.4784,
]
