import Foundation
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct UnpicklerTests {
    private func text(_ field: PickleField) throws -> String {
        switch field.node {
        case .tuple(let elements):
            return try "(" + elements.map { try text(at($0, field)) }.joined(separator: ",") + ")"
        case .list(let elements):
            return try "[" + elements.map { try text(at($0, field)) }.joined(separator: ",") + "]"
        default: return field.summary
        }
    }

    private func at(_ index: Int32, _ field: PickleField) -> PickleField {
        PickleField(pickle: field.pickle, index: index, path: "")
    }

    @Test(arguments: 2...5)
    func protocols(version: Int) throws {
        let file = try Data(contentsOf: fixture("pickles/protocol-\(version).pkl"))
        let root = try Pickle(Array(file), source: "p").value
        #expect(
            try root.fields().map(\.name) == [
                "ints", "large", "float", "true", "none", "bytes", "tuple", "shared",
            ]
        )
        #expect(
            try text(root.require("ints"))
                == "[0,1,-1,255,256,65536,-2147483648,2147483648,\(Int.min),\(Int.max)]"
        )
        #expect(try root.require("large").summary == "a whole number beyond 64 bits")
        #expect(try root.require("float").summary == "-0.1")
        #expect(try root.require("true").summary == "True")
        #expect(try root.require("none").summary == "None")
        // Protocol 2 has no bytes: it calls an encoder, which is noted and not done.
        #expect(try root.require("bytes").summary == (version == 2 ? "an object" : "bytes"))
        #expect(try text(root.require("tuple")) == "(1,(2,3),(),(4,4,4,4,4))")
        let long = "\"" + String(repeating: "é", count: 80) + "…\""
        #expect(try text(root.require("shared")) == "[[\"x\",\(long)],[\"x\",\(long)]]")
        #expect(try root.pairs().map(\.key.summary).contains("3"))
    }

    @Test func aValueThatHoldsItselfIsRead() throws {
        let file = try Data(contentsOf: fixture("pickles/circle.pkl"))
        let root = try Pickle(Array(file), source: "p").value
        #expect(try root.require("circle").summary == "a list of 1 value")
        let list = Opcodes.pickle(Array("]q\0h\0a".utf8))
        #expect(try Pickle(list, source: "p").value.summary == "a list of 1 value")
    }

    @Test func sharedListsAreNotExpanded() throws {
        // Sixty lists, each of which holds the one before it ten times: 10^60 values if they were.
        var parts: [UInt8] = Array("]".utf8)
        for place in 0..<60 as Range<UInt8> {
            parts += [0x71, place] + Array("](".utf8)
            for _ in 0..<10 { parts += [0x68, place] }
            parts += Array("e".utf8)
        }
        let root = try Pickle(Opcodes.pickle(parts), source: "p").value
        #expect(root.summary == "a list of 10 values")
    }

    @Test func lastOfTwoEqualKeysCounts() throws {
        let one = Opcodes.dictionary(("a", Opcodes.int(1)), ("b", Opcodes.int(2)), ("a", Opcodes.int(-3)))
        let root = try Pickle(Opcodes.pickle(one), source: "p").value
        #expect(try root.require("a").int() == -3)
        #expect(try root.fields().map { "\($0.name) \($0.field.summary)" } == ["a -3", "b 2"])
    }

    /// Every opcode and name that could run something, each in the way that Python would run it.
    @Test(arguments: [
        ("cos\nsystem\nX\u{2}\0\0\0ls\u{85}R", 0, "it asks for \"os.system\""),
        ("cposix\nsystem\n", 0, "it asks for \"posix.system\""),
        ("c__builtin__\neval\n", 0, "it asks for \"__builtin__.eval\""),
        ("cbuiltins\ngetattr\n", 0, "it asks for \"builtins.getattr\""),
        ("csubprocess\nPopen\n", 0, "it asks for \"subprocess.Popen\""),
        ("ctorch\nload\n", 0, "it asks for \"torch.load\""),
        ("ctorch.serialization\nload\n", 0, "it asks for \"torch.serialization.load\""),
        ("ctorch.hub\nload\n", 0, "it asks for \"torch.hub.load\""),
        (
            "ctorch._utils\n_rebuild_tensor_v2.__globals__\n", 0,
            "it asks for \"torch._utils._rebuild_tensor_v2.__globals__\""
        ),
        ("X\u{2}\0\0\0osX\u{6}\0\0\0system\u{93}", 18, "it asks for \"os.system\""),
        ("]", -1, ""),
        ("(ios\nsystem\n", 1, "opcode INST is refused"),
        ("(X\u{2}\0\0\0lso", 8, "opcode OBJ is refused"),
        ("ccollections\nOrderedDict\n)\u{81}", 26, "opcode NEWOBJ is refused"),
        ("ccollections\nOrderedDict\n)}\u{92}", 27, "opcode NEWOBJ_EX is refused"),
        ("\u{82}\u{1}", 0, "opcode EXT1 is refused"),
        ("Pid\n", 0, "opcode PERSID is refused"),
        ("\u{97}", 0, "opcode NEXT_BUFFER is refused"),
        ("NN\u{85}R", 3, "a call of something that is no function or class is refused"),
        (
            "ctorch\nSize\nNR", 13,
            "a call of a function or class with something that is no tuple of arguments"
        ),
        (
            "ccollections\nOrderedDict\nN\u{85}R", 27,
            "a call of collections.OrderedDict with arguments is refused"
        ),
        ("ctorch\nFloatStorage\n)R", 21, "a call of a storage type is refused"),
        ("ctorch\nfloat32\n)R", 16, "a call of an element type is refused"),
        ("]}b", 2, "a call of BUILD on a plain value is refused"),
        ("ctorch\nSize\n}b", 13, "a call of BUILD on a plain value is refused"),
    ])
    func whatCouldRunIsRefusedByName(code: String, offset: Int, expected: String) throws {
        // Latin-1, so that every scalar is one byte.
        let bytes = [0x80, 2] + code.unicodeScalars.map { UInt8($0.value) } + Array(".".utf8)
        if offset < 0 {
            _ = try Pickle(bytes, source: "p")
            return
        }
        do {
            _ = try Pickle(bytes, source: "p")
            Issue.record("accepted: \(code)")
        } catch {
            #expect("\(error)".hasPrefix("p: byte \(offset + 2) of the pickle: " + expected))
            #expect("\(error)".contains("Nothing was run."))
        }
    }

    @Test(
        arguments: [
            ([], "byte 0 of the pickle: expected the start of a pickle of protocol 2 to 5, found nothing."),
            (
                Array("(I1\n.".utf8),
                "byte 0 of the pickle: expected the start of a pickle of protocol 2 to 5, found byte 0x28."
            ),
            (
                [0x80, 6],
                "byte 0 of the pickle: expected the start of a pickle of protocol 2 to 5, found protocol 6."
            ),
            ([0x80, 2], "byte 2 of the pickle: it ends here, 1 byte too early."),
            ([0x80, 2, 0xff], "byte 2 of the pickle: 0xff is no opcode."),
            ([0x80, 2, 0x2e], "byte 2 of the pickle: STOP needs a value, which is not there."),
            (
                [0x80, 2, 0x4e, 0x2e, 0, 0],
                "byte 4 of the pickle: the pickle has ended, and 2 more bytes follow."
            ),
            (
                [0x80, 2, 0x58, 0xff, 0xff, 0xff, 0xff],
                "byte 2 of the pickle: it ends here, 4294967295 bytes too early."
            ),
            (
                [0x80, 4, 0x8d] + [UInt8](repeating: 0xff, count: 8) + [0x2e],
                "byte 2 of the pickle: it ends here, 18446744073709551614 bytes too early."
            ),
            (
                [0x80, 2, 0x8b, 0xff, 0xff, 0xff, 0x7f, 1],
                "byte 2 of the pickle: it ends here, 2147483646 bytes too early."
            ),
            ([0x80, 2, 0x58, 1, 0, 0, 0, 0xff, 0x2e], "byte 2 of the pickle: a text is not UTF-8."),
            (
                [0x80, 2, 0x68, 7, 0x2e],
                "byte 2 of the pickle: entry 7 of the memo is read before it is written."
            ),
            ([0x80, 2, 0x74], "byte 2 of the pickle: TUPLE needs a mark, which is not there."),
            (
                [0x80, 2, 0x4e, 0x28, 0x30, 0x30, 0x30],
                "byte 6 of the pickle: POP needs a value, which is not there."
            ),
            (
                [0x80, 2, 0x4e, 0x28, 0x4e, 0x65],
                "byte 5 of the pickle: APPENDS needs a list, which is not there."
            ),
            (
                [0x80, 2, 0x7d, 0x28, 0x4e, 0x75],
                "byte 5 of the pickle: SETITEMS needs a dictionary, keys and values, which is not there."
            ),
            (
                [0x80, 4, 0x4e, 0x4e, 0x93],
                "byte 4 of the pickle: STACK_GLOBAL needs two names, which is not there."
            ),
        ] as [([UInt8], String)]
    )
    func brokenStreams(bytes: [UInt8], expected: String) {
        do {
            _ = try Pickle(bytes, source: "p")
            Issue.record("accepted: \(bytes)")
        } catch {
            #expect("\(error)".hasPrefix("p: " + expected))
        }
    }

    @Test func everyTruncationIsFound() throws {
        for version in 2...5 {
            let whole = Array(try Data(contentsOf: fixture("pickles/protocol-\(version).pkl")))
            for count in 0..<whole.count {
                #expect(throws: PickleError.self) { _ = try Pickle(Array(whole[..<count]), source: "p") }
            }
        }
    }

    @Test func floodsAreStopped() {
        // A list of a million and one Nones.
        let flood = [0x80, 2, 0x5d, 0x28] + [UInt8](repeating: 0x4e, count: 1_000_000) + Array("e.".utf8)
        do {
            _ = try Pickle(flood, source: "p")
            Issue.record("accepted")
        } catch {
            #expect("\(error)".hasPrefix("p: byte 1000003 of the pickle: more than 1000000 values."))
        }
        do {
            _ = try Pickle([UInt8](repeating: 0x80, count: Pickle.longest + 1), source: "p")
            Issue.record("accepted")
        } catch {
            #expect(
                "\(error)".hasPrefix(
                    "p: byte 0 of the pickle: it has 16777217 bytes, and at most 16777216 are read."
                )
            )
        }
    }

    @Test func onlyShortTextsAreTaken() throws {
        let long = String(repeating: "a", count: 1025)
        let root = try Pickle(
            Opcodes.pickle(Opcodes.dictionary(("a", Opcodes.text(long)), (long, Opcodes.none))),
            source: "p"
        ).value
        #expect(throws: PickleError.self) { try root.require("a").string() }
        #expect(throws: PickleError.self) { try root.fields() }
    }
}
