// A quantity measured during training: what every figure over training steps is made of.
//
// Each series has steps of its own, since curvature is evaluated more rarely than the loss. A value that is nil or
// not finite was asked for and is undefined: the drawn line breaks there, and the figure says how many there are.

import Foundation

/// A value at each of some training steps.
public struct StepSeries: Equatable, Sendable {
    /// The steps at which the quantity was evaluated, ascending; 0 is before the first update.
    public let steps: [Int]
    /// `values[i]` at `steps[i]`; nil (or not finite, or beyond 1e200) where undefined.
    public let values: [Double?]

    /// A value at each step. A series without steps stands for what was never evaluated.
    ///
    /// - Precondition: as many values as steps; steps ascend from 0 or later, none twice.
    public init(steps: [Int], values: [Double?]) {
        precondition(
            steps.count == values.count,
            "A series has a value at each step; found \(steps.count) steps and \(values.count) values."
        )
        if let first = steps.first { precondition(first >= 0, "Steps are counted from 0; found \(first).") }
        for (step, next) in zip(steps, steps.dropFirst()) {
            precondition(step < next, "Steps of a series ascend; found \(next) after \(step).")
        }
        self.steps = steps
        self.values = values
    }

    /// What a figure draws for a quantity that was not evaluated.
    static let none = StepSeries(steps: [], values: [])

    /// A value that can be drawn. Numbers that no axis has room for are undefined above, zero below.
    func value(_ index: Int) -> Double? {
        guard let value = values[index], value.isFinite, abs(value) < 1e200 else { return nil }
        return abs(value) < 1e-200 ? 0 : value
    }

    /// Every value that can be drawn.
    var defined: [Double] { values.indices.compactMap { value($0) } }

    var undefinedCount: Int { values.count - defined.count }

    /// The last value that can be drawn, and its step.
    var end: (step: Int, value: Double)? {
        for index in values.indices.reversed() {
            if let value = value(index) { return (steps[index], value) }
        }
        return nil
    }
}
