import Foundation
import Testing

@testable import Figures

@Suite struct SpecTests {
    @Test(arguments: Samples.all.map(\.name))
    func everyFigureIsASelfContainedVegaLite6Specification(name: String) throws {
        let figure = try #require(Samples.all.first { $0.name == name }?.figure)
        let json = try JSON(figure)
        #expect(json["$schema"].string == "https://vega.github.io/schema/vega-lite/v6.json")
        #expect(json["title"]["text"].strings == ["Title & <b>more</b>"])
        #expect(json["title"]["subtitle"][0].string == "induct-2l, 64 prompts")
        #expect(json["config"]["background"].string == "#ffffff")
        #expect(json["description"].string?.hasPrefix("Title & <b>more</b>. induct-2l, 64 prompts. ") == true)
        #expect(json.allKeys.isDisjoint(with: ["url", "href", "src"]))
    }

    @Test(arguments: Samples.all.map(\.name))
    func equalFiguresGiveEqualBytesSafeInHTML(name: String) throws {
        let figure = try #require(Samples.all.first { $0.name == name }?.figure)
        let bytes = try figure.spec.json()
        #expect(try figure.spec.json() == bytes)
        #expect(!bytes.contains(UInt8(ascii: "<")))
    }

    @Test func aFigureEncodesToItsSpecification() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(Samples.bars) == encoder.encode(Samples.bars.spec))
    }

    @Test func keysAreSorted() throws {
        let text = String(decoding: try Samples.bars.spec.json(), as: UTF8.self)
        #expect(
            text.hasPrefix(
                ##"{"$schema":"https://vega.github.io/schema/vega-lite/v6.json","config":{"axis":{"##
            )
        )
    }

    @Test func numbersWithoutAJSONFormBecomeNull() throws {
        let values: DataValue = .list([
            .number(.nan), .number(.infinity), .measured(nil), .measured(-.infinity), 3,
        ])
        #expect(
            String(decoding: try JSONEncoder().encode(values), as: UTF8.self) == "[null,null,null,null,3]"
        )
    }

    @Test(arguments: [
        (Double(Float(0.1)), 0.1), (-0.123456789, -0.123457), (12345.678, 12345.7), (0, 0), (1, 1),
        (123456789, 123456789), (1.23456789e-20, 1.23456789e-20),
    ])
    func measurementsKeepSixDigits(value: Double, kept: Double) {
        #expect(DataValue.measured(value) == .number(kept))
    }
}
