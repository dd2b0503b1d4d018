import Testing

@testable import Figures

@Suite struct PaletteTests {
    @Test func scoresGetDarkerAllTheWay() {
        let luminance = (0...100).map {
            Palette.color(in: Palette.sequential, at: Double($0) / 100).luminance
        }
        #expect(zip(luminance, luminance.dropFirst()).allSatisfy { $0 > $1 })
        #expect(luminance[0] > 0.9 && luminance[100] < 0.03)
    }

    @Test func signedColoursAreLightestAtZeroAndBalanced() {
        let luminance = Palette.diverging.map(\.luminance)
        #expect(luminance.firstIndex(of: luminance.max() ?? 0) == 4)
        for step in 0..<4 { #expect(abs(luminance[step] - luminance[8 - step]) < 0.15) }
        #expect(Palette.diverging[0].blue > Palette.diverging[0].red)
        #expect(Palette.diverging[8].red > Palette.diverging[8].blue)
    }

    @Test(arguments: [Palette.sequential, Palette.diverging])
    func printedValuesAreReadableOnEveryColour(ramp: [RGB]) {
        for step in 0...1000 {
            let color = Palette.color(in: ramp, at: Double(step) / 1000)
            #expect(color.contrast(with: RGB(Palette.ink(on: color))) >= 4.5)
        }
    }

    @Test func coloursKeepTheirHexForm() {
        #expect(RGB("#0a6fff").hex == "#0a6fff")
        #expect(RGB("#ffffff").contrast(with: RGB("#000000")) == 21)
    }
}
