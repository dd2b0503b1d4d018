import Testing

@testable import Figures

@Suite struct StepAxisTests {
    @Test func theAxisRunsFromTheFirstPositiveStepToTheLast() {
        let axis = StepAxis(steps: [25, 50, 700], width: 400)
        #expect(axis.domain == 25...700)
        #expect(axis.ticks == [50, 100, 200, 500])
        #expect(axis.pixel(25) == 0 && abs(axis.pixel(700) - 400) < 1e-9)
        #expect(axis.channel("x").title == .shown("training step (logarithmic)"))
    }

    @Test func stepZeroStandsApart() {
        let axis = StepAxis(steps: [0, 10, 1000], width: 400)
        #expect(axis.domain.lowerBound < axis.place(0) && axis.place(0) < axis.cut && axis.cut < 10)
        // 8% of the width are left of the first positive step.
        #expect(abs(axis.pixel(10) - 32) < 1e-9)
        #expect(abs(axis.pixel(0) - 9.6) < 1e-9)
        #expect(axis.ticks.first == axis.place(0))
        let channel = axis.channel("x")
        #expect(channel.title == .shown("training step (logarithmic; step 0 stands apart)"))
        guard case .shown(let shown) = channel.axis else { return #expect(Bool(false)) }
        #expect(shown.labelExpr == "datum.value < \(axis.cut) ? '0' : format(datum.value, ',')")
        // A place between step 0 and the first evaluation lies between them.
        #expect(axis.place(3) >= axis.cut && axis.place(3) <= 10)
    }

    @Test(
        arguments: [
            ([700], 700.0 / 1.5...1050, [700.0]),
            ([500, 600, 900], 500...900, [500, 600, 700, 800, 900]),
            ([1, 20000], 1...20000, [1, 10, 100, 1000, 10000]),
            ([1, 2], 1...2, [1, 2]),
            ([999, 1000], 999...1000, [999, 1000]),
        ] as [([Int], ClosedRange<Double>, [Double])]
    )
    func ticksAreWholeSteps(steps: [Int], domain: ClosedRange<Double>, ticks: [Double]) {
        let axis = StepAxis(steps: steps, width: 400)
        #expect(axis.domain == domain && axis.ticks == ticks)
    }

    @Test func stepZeroAloneAndNoStepHaveAnAxis() {
        let zero = StepAxis(steps: [0], width: 400)
        #expect(zero.ticks == [zero.place(0)] && zero.domain.contains(zero.place(0)))
        #expect(StepAxis(steps: [], width: 400).domain == 1...10)
    }

    @Test func narrowPlotsHaveAShortTitle() {
        #expect(StepAxis(steps: [0, 5], width: 150).channel("x").title == .shown("training step (log)"))
    }
}
