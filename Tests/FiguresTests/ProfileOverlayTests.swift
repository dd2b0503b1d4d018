import Foundation
import Testing

@testable import Figures

@Suite struct ProfileOverlayTests {
    private func overlay(_ curves: [LayerCurve]) throws -> JSON {
        try JSON(
            ProfileOverlay(
                title: Samples.title,
                valueName: "score",
                curves: curves,
                intervals: Samples.intervals
            )
        )
    }

    @Test func relativeDepthRunsFromTheFirstLayerToTheLast() throws {
        let json = try JSON(Samples.overlay)
        let rows = json["data"]["values"].array
        #expect(rows.map { $0["depth"].double } == [0, 1, 0, 0.5, 1])
        #expect(rows.map { $0["layer"].double } == [0, 1, 0, 1, 2])
        #expect(rows.map { $0["mean"].double } == [0.1, 0.62, 0.3, nil, 0.2])
        let line = json.layers(of: "line")[0]["encoding"]
        #expect(line["x"]["scale"]["domain"].doubles == [0, 1])
        #expect(line["y"]["scale"]["domain"].doubles == [0, 0.8])
        #expect(json["encoding"]["color"]["legend"].isNull)
    }

    @Test func curvesAreNamedAtTheirEndsWithTheirPeaks() throws {
        let names = try JSON(Samples.overlay).labelRows
        #expect(names.map { $0["shown"].string } == ["small, peak 1.00", "large, peak 0.00"])
        #expect(names.map { $0["mean"].double } == [0.62, 0.2])
        #expect(names.map { $0["label"].double } == [0.62, 0.2])
    }

    @Test func theSubtitleSaysWhatBandsAndRingsAre() throws {
        #expect(
            try JSON(Samples.overlay)["title"]["subtitle"].strings == [
                "induct-2l, 64 prompts", "Bands: 95% over prompts",
                "Rings mark the peaks; beside the names, their relative depth",
            ]
        )
    }

    @Test(arguments: [3, 8, 12])
    func namesOfCurvesThatEndTogetherKeepTheirDistance(count: Int) throws {
        let curves = (0..<count).map { index in
            LayerCurve(name: "model \(index)", means: [0.1, 0.2 + Double(index % 5) / 10, 0.05])
        }
        let json = try overlay(curves)
        let domain = json.layers(of: "line")[0]["encoding"]["y"]["scale"]["domain"].doubles
        let height = try #require(json["height"].double)
        let places = json.labelRows.compactMap { $0["label"].double }
            .map { (domain[1] - $0) / (domain[1] - domain[0]) * height }.sorted()
        #expect(places.count == count)
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 > CurvePlot.labelStep - 0.01 })
        #expect(places.allSatisfy { (-0.01...height + 0.01).contains($0) })
        #expect(json.labelRows.map { $0["shown"].string }[1] == "2. model 1, peak 0.50")
    }

    @Test func twelveCurvesDifferWithoutColour() throws {
        let json = try overlay((0..<12).map { Samples.curve("m\($0)", layers: 6 + $0, peak: 2) })
        let dashes = json.layers(of: "line")[0]["encoding"]["strokeDash"]["scale"]["range"].array
        let shapes = json.layers(of: "point")[0]["encoding"]["shape"]["scale"]["range"].strings
        let looks = Set(zip(dashes, shapes).map { "\($0.doubles) \($1)" })
        #expect(looks.count == 12)
        #expect(json.labelRows.count == 12)
        #expect(json["data"]["values"].array.count == (6..<18).reduce(0, +))
        let colors = json["encoding"]["color"]["scale"]["range"].strings
        #expect(Set(zip(colors, shapes).map { $0 + $1 }).count == 12)
    }

    @Test func aCurveWithoutValuesIsNamedInTheSubtitle() throws {
        let json = try overlay([
            LayerCurve(name: "a", means: [nil, .nan]), LayerCurve(name: "b", means: [0.1, 0.3]),
        ])
        #expect(json.labelRows.map { $0["shown"].string } == ["b, peak 1.00"])
        #expect(json["title"]["subtitle"].strings.last == "Without a value: a")
    }

    @Test func longModelNamesAreWhole() throws {
        let name = "EleutherAI/pythia-6.9b-deduped"
        let json = try overlay([
            LayerCurve(name: name, means: [0.1, 0.4]), LayerCurve(name: "b", means: [0.1]),
        ])
        #expect(json.labelRows[0]["shown"].string == "\(name), peak 1.00")
        #expect(json["width"].double.map { (300...420).contains($0) } == true)
    }

    @Test func anOverlayOfNothingTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = ProfileOverlay(title: FigureTitle("t"), valueName: "v", curves: [], intervals: "")
        }
    }
}
