import Testing

@testable import induct

@Suite struct SparklineTests {
    @Test(
        arguments: [
            ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"),
            ([7, 0], 2, "█▁"),
            ([-3, -1, -2], 3, "▁█▅"),
            // Spaces on the left until there are enough values.
            ([1, 2], 5, "   ▁█"),
            ([], 3, "   "),
            // All equal, and a single one.
            ([5, 5, 5], 3, "▄▄▄"),
            ([0], 1, "▄"),
            // Six values in three characters: means 1, 3, 9.
            ([0, 2, 4, 2, 8, 10], 3, "▁▃█"),
            // Seven values in three characters: two, two and three of them.
            ([0, 0, 4, 4, 8, 8, 8], 3, "▁▅█"),
        ] as [([Double], Int, String)]
    )
    func eightHeightsFromLeastToGreatest(values: [Double], width: Int, line: String) {
        #expect(Sparkline.text(values, width: width) == line)
    }

    @Test(
        arguments: [
            ([nil, 1, nil, 2], 4, "·▁·█"),
            ([.nan, 1, .infinity, 2, -.infinity], 5, "·▁·█·"),
            ([nil, nil], 2, "··"),
            // A share with one value has that value.
            ([1, nil, nil, nil, nil, 3], 3, "▁·█"),
        ] as [([Double?], Int, String)]
    )
    func whatIsUndefinedIsAGap(values: [Double?], width: Int, line: String) {
        #expect(Sparkline.text(values, width: width) == line)
    }

    @Test func theEndsOfTheNumbersFit() {
        let most = Double.greatestFiniteMagnitude
        #expect(Sparkline.text([-most, 0, most], width: 3) == "▁▅█")
        #expect(Sparkline.text([most, most, most, 0], width: 2) == "█▁")
        let least = Double.leastNonzeroMagnitude
        #expect(Sparkline.text([0, least], width: 2).count == 2)
    }

    @Test(arguments: [1, 7, 40])
    func theWidthIsFixed(width: Int) {
        for count in [0, 1, 2, 39, 40, 41, 5000] {
            let values = (0..<count).map { $0 % 17 == 3 ? nil : Double($0 * $0 % 101) }
            #expect(Sparkline.text(values, width: width).count == width)
        }
    }

    @Test func noWidthTraps() async {
        await #expect(processExitsWith: .failure) { _ = Sparkline.text([1], width: 0) }
    }
}
