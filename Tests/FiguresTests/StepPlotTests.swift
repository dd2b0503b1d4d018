import Testing

@testable import Figures

@Suite struct StepPlotTests {
    private func plot(_ series: [StepSeries], header: String? = nil, context: Int = 0) -> StepPlot {
        StepPlot(
            header: header,
            lines: series.enumerated().map {
                .init(name: "s\($0)", series: $1, color: Palette.categories[$0], label: "s\($0)")
            },
            context: (0..<context).map { ("grey \($0)", Samples.series(nil, 1)) },
            steps: StepAxis(steps: series.flatMap(\.steps), width: 400),
            values: ValueAxis(0...1),
            height: 100,
            transition: nil
        )
    }

    @Test func sparseSeriesHavePointsAndDenseOnesOnlyWhereNoLineLeads() {
        func points(_ count: Int) -> Int {
            let steps = Array(1...count)
            let dense = StepSeries(steps: steps, values: steps.map { $0 == count - 1 ? nil : 0.5 })
            return plot([dense]).curves[1].data?.values.count ?? 0
        }
        #expect(points(30) == 29)
        // The last value stands alone behind a gap.
        #expect(points(60) == 1)
    }

    @Test func namesStandApartBesideTheirLastValues() throws {
        let series = (0..<4).map { _ in Samples.series(0.5, 0.5, nil) }
        let rows = try #require(plot(series).labels.first?.data?.values)
        let places = rows.compactMap { row -> Double? in
            guard case .number(let value) = row["label"] else { return nil }
            return (1 - value) * 100
        }
        #expect(places.count == 4)
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= StepPlot.labelStep - 1e-9 })
        #expect(rows.allSatisfy { $0["x"] == .number(10) && $0["end"] == .number(0.5) })
    }

    @Test func undefinedValuesAreCountedForEveryCurve() {
        let gaps = plot([Samples.series(nil, 1, .nan), Samples.series(1, 0.5)], context: 8)
        #expect(
            StepPlot.notes(on: [gaps]) == [
                "Undefined, drawn as gaps: s0 at 2 of 3 evaluations, "
                    + (0..<5).map { "grey \($0) at 1 of 2 evaluations" }.joined(separator: ", ")
                    + " and 3 more"
            ]
        )
        #expect(StepPlot.notes(on: [plot([Samples.series(1, 0.5)])]).isEmpty)
    }

    @Test func valuesAboveTheAxisAreCounted() {
        #expect(
            StepPlot.notes(on: [plot([Samples.series(0.5, 7, 0.1, 1)], header: "v")])
                == ["v: 1 value above the axis (triangles), up to 7 at step 10"]
        )
    }

    @Test func longHeadersAreCut() throws {
        let header = plot([], header: nil).header(String(repeating: "long ", count: 40))
        guard case .text(let text) = header.data?.values[0]["shown"] else { return #expect(Bool(false)) }
        #expect(text.count == 90 && text.hasSuffix("…"))
    }
}
