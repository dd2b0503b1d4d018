import Testing

@testable import Figures

@Suite struct StepSeriesTests {
    @Test func whatIsNotFiniteIsUndefined() {
        let series = StepSeries(steps: [0, 3, 5, 8, 9, 10], values: [1, nil, .nan, -2, .infinity, 1e250])
        #expect(series.defined == [1, -2])
        #expect(series.undefinedCount == 4)
        #expect(series.end?.step == 8 && series.end?.value == -2)
        #expect(StepSeries(steps: [4], values: [1e-250]).defined == [0])
        #expect(StepSeries.none.end == nil)
    }

    private func line(_ steps: [Int], _ values: [Double?]) -> [StepSeries.LinePoint] {
        let series = StepSeries(steps: steps, values: values)
        return series.line(on: StepAxis(steps: steps, width: 400)).points
    }

    @Test func aGapIsOneBreakAndWhatStandsBetweenGapsIsAlone() {
        let points = line([0, 10, 20, 30, 40, 50, 60, 70], [1, 2, 3, nil, .nan, 4, nil, 5])
        #expect(points.map(\.step) == [0, 10, 20, 30, 50, 60, 70])
        #expect(points.map(\.value) == [1, 2, 3, nil, 4, nil, 5])
        // Step 0 has no line to the others.
        #expect(points.map(\.isAlone) == [true, false, false, false, true, false, true])
    }

    @Test func aSingleValueIsAlone() {
        #expect(line([7], [1]) == [.init(step: 7, value: 1, isAlone: true)])
        #expect(line([0, 7], [1, 2]).map(\.isAlone) == [true, true])
        #expect(line([0, 7, 9], [nil, nil, nil]).isEmpty)
    }

    @Test func manyValuesInADotsWidthKeepTheirOutline() {
        // From step 1000 on, 0.5 pixels hold 1000 * ln(10) * 1.5 / 400 = 8.6 steps.
        let steps = Array(1...1000)
        var values = steps.map { Double($0 % 7) }
        values[900] = 1000
        values[950] = -1000
        let series = StepSeries(steps: steps, values: values)
        let axis = StepAxis(steps: steps, width: 400)
        let (points, isReduced) = series.line(on: axis)
        #expect(isReduced)
        #expect(points.count < 800 && points.count > 300)
        // What is drawn was measured, in order, ends and extremes among it.
        #expect(points.allSatisfy { $0.value == values[$0.step - 1] })
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step })
        #expect(points.first?.step == 1 && points.last?.step == 1000)
        #expect(points.contains { $0.value == 1000 } && points.contains { $0.value == -1000 })
        // Every column has its first, last, least and greatest.
        let columns = Dictionary(grouping: steps) { axis.column(of: $0) }
        let drawn = Dictionary(grouping: points) { axis.column(of: $0.step) }
        for (column, steps) in columns {
            let (all, kept) = (steps.map { values[$0 - 1] }, drawn[column]?.compactMap(\.value) ?? [])
            #expect(kept.count <= max(4, 0) && kept.min() == all.min() && kept.max() == all.max())
            #expect(kept.first == all.first && kept.last == all.last)
        }
    }

    @Test func seriesThatFitAreWhole() {
        let steps = Array(stride(from: 0, through: 700, by: 5))
        let series = StepSeries(steps: steps, values: steps.map { Double($0) })
        let (points, isReduced) = series.line(on: StepAxis(steps: steps, width: 400))
        #expect(!isReduced && points.map(\.step) == steps)
    }

    @Test func stepsThatDoNotAscendTrap() async {
        await #expect(processExitsWith: .failure) { _ = StepSeries(steps: [1, 1], values: [0, 0]) }
        await #expect(processExitsWith: .failure) { _ = StepSeries(steps: [-1], values: [0]) }
        await #expect(processExitsWith: .failure) { _ = StepSeries(steps: [1, 2], values: [0]) }
    }
}
