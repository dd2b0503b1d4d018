import Testing

@testable import Figures

@Suite struct EigenvalueEvolutionTests {
    @Test func eachEndHasAPanelAndEachRankALine() throws {
        let panels = try JSON(Samples.eigenvalueEvolution)["concat"].array
        #expect(panels.count == 2)
        let top = try #require(panels[0].layers(of: "line").first)["data"]["values"].array
        // The first rank is drawn last.
        #expect(
            top.filter { $0["line"].string == "2" }.map { $0["y"].double } == [8, 10, 9]
        )
        #expect(top.filter { $0["line"].string == "1" }.map { $0["y"].double } == [5, nil, 6])
        #expect(top.filter { $0["line"].string == "0" }.map { $0["y"].double } == [4, nil])
        #expect(Set(panels[0].labelRows.compactMap { $0["shown"].string }) == ["λ 1", "λ 2", "λ 3"])
        #expect(Set(panels[1].labelRows.compactMap { $0["shown"].string }) == ["λ min"])
    }

    @Test func boundsLongerThanThePointsAreBarsAndTheLargestIsSaid() throws {
        let json = try JSON(Samples.eigenvalueEvolution)
        let bars = json["concat"][0].layers(of: "rule").flatMap { $0["data"]["values"].array }.filter {
            !$0["line"].isMissing && !$0["low"].isMissing
        }
        #expect(bars.map { $0["low"].double } == [1])
        #expect(bars.map { $0["high"].double } == [7])
        #expect(
            json["title"]["subtitle"].strings.dropFirst(2) == [
                "Residual bounds: 3 at most; bars where they are longer than the points",
                "Undefined, drawn as gaps: λ 3 at 2 of 3 evaluations, λ 2 at 1 of 3 evaluations",
            ]
        )
    }

    @Test func smallBoundsAreSaidAndUnknownOnesNot() throws {
        func subtitle(_ residual: Double?) throws -> [String] {
            try JSON(
                EigenvalueEvolution(
                    title: Samples.title,
                    evaluations: [.init(step: 3, top: [.init(value: 5, residual: residual)])],
                    transition: nil
                )
            )["title"]["subtitle"].strings
        }
        #expect(
            try subtitle(1e-7).last == "Residual bounds: 1e\u{2212}7 at most, less than the points’ size"
        )
        #expect(try subtitle(nil).last == "No transition found")
    }

    @Test(arguments: [(1, 1), (12, 12), (13, 5), (40, 7)])
    func ofManyRanksAFewAreNamed(count: Int, named: Int) throws {
        let figure = EigenvalueEvolution(
            title: Samples.title,
            evaluations: [
                .init(step: 5, top: (0..<count).map { .init(value: 100 / Double($0 + 1)) })
            ],
            transition: nil
        )
        let names = try JSON(figure)["concat"][0].labelRows.compactMap { $0["shown"].string }
        #expect(Set(names).count == named)
        #expect(names.contains("λ 1") && names.contains("λ \(count)"))
    }

    @Test func ranksDifferInColourTheFirstTheDarkest() throws {
        let line = try #require(try JSON(Samples.eigenvalueEvolution)["concat"][0].layers(of: "line").first)
        let colors = line["encoding"]["color"]["scale"]["range"].strings.map { RGB($0).luminance }
        #expect(colors.count == 3 && colors == colors.sorted().reversed())
    }

    @Test func noEigenvalueNegativeBoundsAndStepsThatFallTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = EigenvalueEvolution(
                title: FigureTitle("t"),
                evaluations: [.init(step: 1, top: [])],
                transition: nil
            )
        }
        await #expect(processExitsWith: .failure) {
            _ = EigenvalueEvolution.Eigenvalue(value: 1, residual: -1)
        }
        await #expect(processExitsWith: .failure) {
            _ = EigenvalueEvolution(
                title: FigureTitle("t"),
                evaluations: [.init(step: 2, top: [.init(value: 1)]), .init(step: 1, top: [])],
                transition: nil
            )
        }
    }
}
