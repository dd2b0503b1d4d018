// Which shape a series of scores has in log step: a constant, a straight line, or a ramp between two constants.
//
// Quantity: x = ln(step + 1), so that step 0 has a place (from step 10 on this is ln step to a tenth of a unit). Each
// shape is fitted by least squares, the ramp exactly over all places (RampFit), and the one with the lowest Bayesian
// information criterion (Schwarz 1978) wins, the simpler one where two are equal:
//
//   BIC = n ln(RSS / n) + k ln n, k = 2 (constant: level, variance), 3 (line: intercept, slope, variance),
//   5 (ramp: two levels, two places, variance)
//
// RSS / n is not taken below 1e-12.
//
// What it does not show: BIC takes the distances from a shape as independent. Where they are not (a score that drifts),
// a ramp is preferred too often, and so it is with few evaluations (Transition.swift says how often).
import Foundation

/// A shape that a series may have.
public enum TransitionShape: String, Codable, Sendable {
    /// One level.
    case constant
    /// A straight line in log step.
    case line
    /// A level, a rise, a higher level.
    case ramp
}

/// The three shapes on one series.
public struct TransitionFit: Codable, Equatable, Sendable {
    /// The best ramp.
    public struct Ramp: Codable, Equatable, Sendable {
        /// Bayesian information criterion.
        public var bic: Double
        /// The score before.
        public var lowerLevel: Double
        /// The score afterwards.
        public var upperLevel: Double
        /// Step at which the rise begins: a fraction, between two evaluations.
        public var start: Double
        /// Step at which it ends.
        public var end: Double
    }

    /// Bayesian information criterion of one level.
    public var constantBIC: Double
    /// Bayesian information criterion of a straight line.
    public var lineBIC: Double
    /// The best rising ramp; nil where none has a lower criterion than both.
    public var ramp: Ramp?

    /// Fits a series.
    ///
    /// - Parameter series: at least one point, finite, steps ascending from 0 on.
    init(_ series: [ScorePoint]) {
        precondition(!series.isEmpty, "a fit to nothing")
        let x = series.map { Self.place(of: Double($0.step)) }
        let y = series.map(\.score)
        var moments = Moments()
        for (x, y) in zip(x, y) { moments.add(x, y) }
        let count = moments.count
        func bic(_ residual: Double, parameters: Double) -> Double {
            count * log(max(residual / count, Self.leastVariance)) + parameters * log(count)
        }
        constantBIC = bic(moments.yy, parameters: 2)
        lineBIC = bic(moments.residual, parameters: 3)
        // What a ramp has to beat, as a residual: only ramps that win are looked for, which is what makes it fast.
        let variance = exp((min(constantBIC, lineBIC) - Self.rampParameters * log(count)) / count)
        guard variance > Self.leastVariance, let fit = RampFit(x, y, below: count * variance) else { return }
        ramp = Ramp(
            bic: bic(fit.residual, parameters: Self.rampParameters),
            lowerLevel: fit.lowerLevel,
            upperLevel: fit.upperLevel,
            start: Self.step(at: fit.start),
            end: Self.step(at: fit.end)
        )
    }

    /// The shape with the lowest criterion.
    public var winner: TransitionShape {
        if ramp != nil { return .ramp }
        return lineBIC < constantBIC ? .line : .constant
    }

    private static let rampParameters = 5.0

    /// Scores are sums of float32 numbers, whose last digit is no evidence.
    private static let leastVariance = 1e-12

    /// Where a step is on the axis of the fit.
    static func place(of step: Double) -> Double { log1p(step) }

    /// The step at a place.
    static func step(at place: Double) -> Double { expm1(place) }
}
