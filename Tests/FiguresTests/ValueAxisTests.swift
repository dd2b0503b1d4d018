import Testing

@testable import Figures

@Suite struct ValueAxisTests {
    private func signed(_ values: Double?...) -> ValueAxis {
        ValueAxis(signed: [StepSeries(steps: Array(1...values.count), values: values)])
    }

    @Test func valuesOfOneSizeHaveALinearAxis() {
        let axis = signed(100, 120, -30, 80)
        #expect(axis.constant == nil && axis.domain == -50...150)
        #expect(axis.note == nil && axis.scale.type == "linear")
        #expect(axis.ticks(height: 100, distance: 15) == nil)
    }

    @Test func valuesThatSpanDecadesAreLogarithmicOnBothSides() {
        let axis = signed(0.3, 40, 200, -0.05, -12)
        #expect(axis.constant == 0.01 && axis.domain == -20...200)
        #expect(axis.note == "logarithmic on both sides of zero, linear within ±0.01")
        #expect(axis.scale.type == "symlog" && axis.scale.constant == 0.01)
        #expect(axis.ticks(height: 300, distance: 15) == [-10, -1, -0.1, 0, 0.1, 1, 10, 100])
    }

    @Test func aSmallFirstValueIsEnough() {
        let axis = ValueAxis(
            signed: [StepSeries(steps: Array(0..<40), values: [0.2] + Array(repeating: 90, count: 39))]
        )
        #expect(axis.constant == 0.1)
    }

    @Test func sixDecadesAtMostAreLogarithmic() {
        #expect(signed(1e-12, 1e-9, 1000).constant == 0.001)
        #expect(signed(-1e-6, 1000).domain == -0.001...1000)
    }

    @Test(arguments: [0.0, 3, -3, 100, -20, 1e-5])
    func placesAndValuesAreInverse(value: Double) {
        for axis in [signed(0.3, 40, 200, -0.05, -12), ValueAxis(-20...200)] {
            let pixel = axis.pixel(value, height: 120)
            #expect(abs(axis.value(atPixel: pixel, height: 120) - value) < 1e-9 * max(1, abs(value)))
        }
    }

    @Test func theEndsAreTheEdges() {
        let axis = signed(0.3, 40, 200, -0.05, -12)
        #expect(axis.pixel(200, height: 120) == 0)
        #expect(abs(axis.pixel(-20, height: 120) - 120) < 1e-9)
    }

    @Test(arguments: [40.0, 84, 150])
    func ticksKeepTheirDistance(height: Double) throws {
        let axis = signed(1e-6, 1e3, -1e-6, -1e3)
        let ticks = try #require(axis.ticks(height: height, distance: 15))
        let places = ticks.map { axis.pixel($0, height: height) }
        #expect(ticks.contains(0) && ticks.count >= 3)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 - $1 >= 15 - 1e-9 })
    }

    @Test func nothingAndZeroHaveAnAxis() {
        #expect(ValueAxis(signed: []).domain == 0...1)
        #expect(signed(0, 0).domain == 0...1)
        #expect(signed(nil, 1e-250, 3).domain == 0...3)
    }

    @Test(
        arguments: [
            (0, "0"), (0.0123456, "0.0123"), (-12.34, "\u{2212}12.3"), (1, "1"), (0.5, "0.5"),
            (12345, "12,300"), (1_240, "1,240"), (0.0001, "0.0001"), (1.234e-7, "1.23e\u{2212}7"),
            (-2e12, "\u{2212}2e12"), (100, "100"), (.nan, "undefined"),
        ] as [(Double, String)]
    )
    func numbersInTextHaveThreeDigits(value: Double, text: String) {
        #expect(ValueScale.significant(value) == text)
    }
}
