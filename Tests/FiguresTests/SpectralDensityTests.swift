import Foundation
import Testing

@testable import Figures

@Suite struct SpectralDensityTests {
    @Test func ridgesStandInTheOrderOfTheirSteps() throws {
        let json = try JSON(Samples.spectralDensity)
        #expect(json["params"][0]["value"].strings == ["0", "100"])
        let y = try #require(json.layers(of: "line").first)["encoding"]["y"]
        #expect(y["axis"]["values"].doubles == [0, 1])
        let domain = y["scale"]["domain"].doubles
        #expect(domain.count == 2 && domain[0] > 1 && domain[1] < -0.9)
    }

    @Test func heightIsTheLogarithmOfTheDensityAboveAFloor() throws {
        let lines = try JSON(Samples.spectralDensity).layers(of: "line")
        #expect(lines.count == 2)
        // Largest density 40: ridges reach from 1e-6 to 1e2, 8 decades, at 0.92 of a row.
        func height(_ density: Double) -> Double { log10(density / 1e-6) / 8 * 0.92 }
        let first = lines[0]["data"]["values"].array
        #expect(first.map { $0["x"].double } == [-1, -0.01, 0, 0.01, 1, 5, 10])
        let expected = [0, height(20), height(40), height(20), 0, 0, height(0.001)]
        for (row, height) in zip(first, expected) {
            #expect(abs((row["y"].double ?? .nan) + height) < 1e-5)
        }
        let second = lines[1]["data"]["values"].array
        #expect(second.map { $0["y"].double == nil } == [false, false, false, false, true, false, false])
        #expect(second.allSatisfy { $0["base"].double == 1 })
    }

    @Test func theBulkAndTheOutliersAreBothReadable() throws {
        let x = try #require(try JSON(Samples.spectralDensity).layers(of: "line").first)["encoding"]["x"]
        #expect(x["scale"]["type"].string == "symlog")
        #expect(x["scale"]["constant"].double == 0.01)
        #expect(x["scale"]["domain"].doubles == [-1, 10])
        #expect(
            x["title"].string
                == "eigenvalue of the Hessian; logarithmic on both sides of zero, linear within ±0.01"
        )
    }

    @Test func aWideBulkHasALinearAxis() throws {
        let json = try JSON(
            SpectralDensity(
                title: Samples.title,
                ridges: [.init(step: 3, eigenvalues: [-2, -1, 1, 2], density: [0.1, 0.3, 0.4, 0.2])],
                transition: nil
            )
        )
        let x = try #require(json.layers(of: "line").first)["encoding"]["x"]
        #expect(x["scale"]["type"].string == "linear" && x["scale"]["domain"].doubles == [-2, 2])
        #expect(json["title"]["subtitle"].strings.last == "No transition found")
    }

    @Test func outliersAreTicksAndTheTransitionIsOrange() throws {
        let json = try JSON(Samples.spectralDensity)
        let ticks = json.layers(of: "rule").flatMap { $0["data"]["values"].array }.filter {
            !$0["foot"].isMissing
        }
        #expect(ticks.map { $0["x"].double } == [10, -1, 5])
        #expect(ticks.map { $0["y"].double } == [0, 0, 1])
        let colors = json.layers(of: "line").map { $0["encoding"]["color"]["value"].string }
        #expect(colors == [Palette.categories[0], Palette.highlight])
        #expect(
            json["title"]["subtitle"].strings.dropFirst() == [
                "Height: logarithm of the density per unit of eigenvalue, base 1e\u{2212}6, top 100",
                "Ticks below a ridge: outermost eigenvalues",
                "Orange: in the transition, step 50 to 200, midpoint 100",
                "Densities undefined, drawn as gaps: 1", "Outermost eigenvalues without a value: 1",
            ]
        )
    }

    @Test func theFloorIsDrawnThroughItsEnds() throws {
        let eigenvalues = (0..<100).map { Double($0) }
        let density = eigenvalues.map { $0 == 50 ? 1.0 : 0 }
        let json = try JSON(
            SpectralDensity(
                title: Samples.title,
                ridges: [.init(step: 0, eigenvalues: eigenvalues, density: density)],
                transition: nil
            )
        )
        let rows = try #require(json.layers(of: "line").first)["data"]["values"].array
        #expect(rows.map { $0["x"].double } == [0, 49, 50, 51, 99])
    }

    @Test func aDensityBetweenGapsIsABar() throws {
        let json = try JSON(
            SpectralDensity(
                title: Samples.title,
                ridges: [.init(step: 0, eigenvalues: [1, 2, 3, 4], density: [0.1, nil, 0.2, 0.1])],
                transition: nil
            )
        )
        let bars = json.layers(of: "rule").flatMap { $0["data"]["values"].array }.filter {
            !$0["base"].isMissing
        }
        #expect(bars.map { $0["x"].double } == [1])
    }

    @Test(arguments: [1, 2, 11, 50, 200])
    func anyNumberOfRidgesFitsAPage(count: Int) throws {
        let json = try JSON(
            SpectralDensity(
                title: Samples.title,
                ridges: (0..<count).map { .init(step: $0, eigenvalues: [-1, 0, 1], density: [0, 1, 0]) },
                transition: nil
            )
        )
        let height = try #require(json["height"].double)
        #expect(height < 1300)
        let labels = try #require(json.layers(of: "line").first)["encoding"]["y"]["axis"]["values"].doubles
        // Labels are a line apart.
        #expect(labels.count <= Int(height / 12) + 1)
    }

    @Test func densitiesThatAreNoneTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = SpectralDensity.Ridge(step: 0, eigenvalues: [1, 2], density: [0.1, -0.1])
        }
        await #expect(processExitsWith: .failure) {
            _ = SpectralDensity.Ridge(step: 0, eigenvalues: [2, 1], density: [0.1, 0.1])
        }
        await #expect(processExitsWith: .failure) {
            _ = SpectralDensity.Ridge(step: 0, eigenvalues: [1, 2], density: [0.1])
        }
        await #expect(processExitsWith: .failure) {
            let ridge = SpectralDensity.Ridge(step: 5, eigenvalues: [1, 2], density: [0.1, 0.1])
            _ = SpectralDensity(title: FigureTitle("t"), ridges: [ridge, ridge], transition: nil)
        }
    }
}
