// How this project's own format says where positions enter, and the sinusoids themselves.
import Foundation
import JSON
import Testing
import Torch
import Transformers

@Suite struct InductPositionsTests {
    private func positions(_ fields: String, dHead: Int = 6) throws -> Positions {
        let text = """
            {"model_type": "induct", "n_layers": 1, "n_heads": 2, "d_model": 9, "d_head": \(dHead), "d_vocab": 11,
            "n_ctx": 8, "normalization": "none", \(fields)}
            """
        return try TransformerConfig(JSONField(parsing: Array(text.utf8), source: "config.json")).positions
    }

    @Test func whatIsLeftOutIsUsual() throws {
        #expect(try positions(#""positions": "sinusoidal""#) == .sinusoidal(amplitude: 1))
        #expect(
            try positions(#""positions": "sinusoidal", "position_amplitude": 0.25"#)
                == .sinusoidal(amplitude: 0.25)
        )
        #expect(try positions(#""positions": "rotary""#) == .rotary(Rotary(dimensions: 6, base: 10_000)))
        #expect(
            try positions(#""positions": "rotary", "rotary_base": 50, "rotary_dim": 4"#)
                == .rotary(Rotary(dimensions: 4, base: 50))
        )
    }

    @Test(arguments: [
        (#""positions": "rotary""#, 5, "d_head: expected an even number, as heads are rotated, found 5"),
        (
            #""positions": "rotary", "rotary_dim": 3"#, 6,
            "rotary_dim: expected an even number, as heads are rotated, found 3"
        ),
        (#""positions": "sinusoidal", "position_amplitude": 0"#, 6, "position_amplitude: expected"),
        (
            #""positions": "alibi""#, 6,
            #"positions: expected one of "learned", "none", "rotary", "sinusoidal", found "alibi""#
        ),
    ])
    func whatIsNotKnownIsRefused(fields: String, dHead: Int, message: String) throws {
        let error = #expect(throws: JSONError.self) { try positions(fields, dHead: dHead) }
        let said = "\(try #require(error))"
        #expect(said.contains(message), "\(said)")
    }

    @Test func sinusoidsAreAsDefined() {
        let table = Positions.sinusoids(3..<6, width: 5)
        #expect(table.shape == [3, 5])
        for (row, position) in [3.0, 4, 5].enumerated() {
            // Three frequencies: three sines, two cosines.
            let angles = [0.0, 1, 2].map { position * pow(10_000, -$0 / 3) }
            let expected = angles.map { sin($0) } + angles.prefix(2).map { cos($0) }
            #expect(zip(table[row].doubles, expected).allSatisfy { ($0 - $1).magnitude < 1e-7 })
        }
    }
}
