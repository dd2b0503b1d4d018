// Lists of heads as --heads, --senders and --receivers take them.
import ArgumentParser
import Testing
import Transformers

@testable import induct

private struct Heads: ParsableArguments {
    @Option(transform: HeadList.init) var heads: HeadList?
}

@Suite struct HeadListTests {
    @Test(arguments: [
        ("L2H5,3.1", [Head(layer: 2, index: 5), Head(layer: 3, index: 1)]),
        ("l10h0", [Head(layer: 10, index: 0)]),
        (" 1.2 , L0H3", [Head(layer: 1, index: 2), Head(layer: 0, index: 3)]),
        ("0.3,L0H3,0.1", [Head(layer: 0, index: 3), Head(layer: 0, index: 1)]),
    ])
    func spellings(text: String, heads: [Head]) throws {
        #expect(try Heads.parse(["--heads", text]).heads == .listed(heads))
    }

    @Test func all() throws {
        #expect(try Heads.parse(["--heads", "all"]).heads == .all)
        #expect(try Heads.parse([]).heads == nil)
    }

    @Test(arguments: [
        ("L2", "L2"), ("2", "2"), ("2.5,", ""), ("2.5;3.1", "2.5;3.1"), ("L1H-1", "L1H-1"),
        ("1.2.3", "1.2.3"), ("L1.2", "L1.2"), ("H1L2", "H1L2"), ("0.1,all", "all"), ("LH", "LH"),
        ("99999999999999999999.0", "99999999999999999999.0"),
    ])
    func whatIsNoHead(text: String, item: String) {
        let error = #expect(throws: (any Error).self) { _ = try Heads.parse(["--heads=\(text)"]) }
        #expect(
            error.map { Heads.message(for: $0) } == """
                The value '\(text)' is invalid for '--heads <heads>': '\(item)' is no head. A list of heads is layers and \
                heads from 0, such as L2H5,L3H1 or 2.5,3.1, or 'all'.
                """
        )
    }
}
