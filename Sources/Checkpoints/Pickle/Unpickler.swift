// The machine that reads a pickle's opcodes: a stack, marks in it, and a memo.
// Source: Python's `pickletools`, which documents each opcode.
//
// Promises: nothing is called, imported or set. Opcodes that only plain values, tensors and the calls on the list
// (`PickleGlobal`) need are taken, all others are refused by name. Memory is proportional to the number of bytes,
// whatever they say: lengths are checked against what is left, and calls are only noted down.

struct Unpickler {
    private(set) var nodes: [PickleNode] = []
    private let bytes: [UInt8]
    private let source: String
    private var position = 0
    /// Where the opcode that is being carried out begins.
    private var start = 0
    private var stack: [Int32] = []
    private var marks: [Int32] = []
    private var memo: [Int: Int32] = [:]

    init(_ bytes: [UInt8], source: String) {
        self.bytes = bytes
        self.source = source
    }

    /// Runs to the end; returns the number of the one value that is left.
    mutating func read() throws(PickleError) -> Int32 {
        guard bytes.count <= Pickle.longest else {
            throw error(.tooLong(size: bytes.count, limit: Pickle.longest))
        }
        guard bytes.first == PickleOpcode.proto.rawValue else {
            throw error(
                .notAPickle(found: bytes.first.map { "byte 0x" + String($0, radix: 16) } ?? "nothing")
            )
        }
        while true {
            start = position
            let byte = UInt8(try number(1))
            guard let opcode = PickleOpcode(rawValue: byte) else {
                if let name = PickleOpcode.refused[byte] { throw error(.refusedOpcode(name)) }
                throw error(.unknownOpcode(byte))
            }
            if opcode == .stop { break }
            try run(opcode)
        }
        guard position == bytes.count else {
            start = position
            throw error(.trailing(count: bytes.count - position))
        }
        return try pop(.stop)
    }

    private mutating func run(_ opcode: PickleOpcode) throws(PickleError) {
        switch opcode {
        case .stop: break
        case .proto:
            let version = Int(try number(1))
            guard 2...5 ~= version else { throw error(.notAPickle(found: "protocol \(version)")) }
        case .frame: _ = try length(8, of: opcode, checked: false)
        case .mark: marks.append(Int32(stack.count))
        case .pop:
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop(opcode) }
        case .popMark: _ = try popToMark(opcode)
        case .dup: stack.append(try top(opcode))
        case .none: try push(.none)
        case .newTrue: try push(.bool(true))
        case .newFalse: try push(.bool(false))
        case .binInt: try push(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
        case .binInt1: try push(.int(Int(try number(1))))
        case .binInt2: try push(.int(Int(try number(2))))
        case .long1: try pushLong(try length(1, of: opcode))
        case .long4: try pushLong(try length(4, of: opcode))
        case .binFloat: try push(.float(Double(bitPattern: UInt64(bigEndian: try number(8)))))
        case .shortBinUnicode, .shortBinString: try pushText(try length(1, of: opcode))
        case .binUnicode, .binString: try pushText(try length(4, of: opcode))
        case .binUnicode8: try pushText(try length(8, of: opcode))
        case .shortBinBytes: try pushBytes(try length(1, of: opcode))
        case .binBytes: try pushBytes(try length(4, of: opcode))
        case .binBytes8: try pushBytes(try length(8, of: opcode))
        case .emptyTuple: try push(.tuple([]))
        case .tuple1: try pushTuple(1, opcode)
        case .tuple2: try pushTuple(2, opcode)
        case .tuple3: try pushTuple(3, opcode)
        case .tuple: try push(.tuple(try popToMark(opcode)))
        case .emptyList: try push(.list([]))
        case .append: try append([try pop(opcode)], opcode)
        case .appends: try append(try popToMark(opcode), opcode)
        case .emptyDict: try push(.dictionary([]))
        case .setItem:
            let value = try pop(opcode)
            try set([try pop(opcode), value], opcode)
        case .setItems: try set(try popToMark(opcode), opcode)
        case .binGet: try pushMemo(Int(try number(1)))
        case .longBinGet: try pushMemo(Int(try number(4)))
        case .binPut: memo[Int(try number(1))] = try top(opcode)
        case .longBinPut: memo[Int(try number(4))] = try top(opcode)
        case .memoize: memo[memo.count] = try top(opcode)
        case .global: try pushGlobal(try line() + "." + line())
        case .stackGlobal:
            let name = try popText(opcode)
            try pushGlobal(try popText(opcode) + "." + name)
        case .reduce: try reduce()
        case .build: try build()
        case .binPersistentID: try push(.persistent(try pop(opcode)))
        }
    }
}

// Calls, as far as they go
extension Unpickler {
    private mutating func pushGlobal(_ name: String) throws(PickleError) {
        guard let global = PickleGlobal(name) else { throw error(.refusedGlobal(name)) }
        try push(.global(global))
    }

    /// Notes a call down. Only an empty `OrderedDict()` has a meaning of its own: what it holds is set afterwards.
    private mutating func reduce() throws(PickleError) {
        let arguments = try pop(.reduce)
        guard case .global(let global) = nodes[Int(try pop(.reduce))] else {
            throw error(.refusedCall("something that is no function or class"))
        }
        guard case .tuple(let values) = nodes[Int(arguments)] else {
            throw error(.refusedCall("a function or class with something that is no tuple of arguments"))
        }
        switch global {
        case .orderedDict:
            guard values.isEmpty else {
                throw error(.refusedCall("collections.OrderedDict with arguments"))
            }
            try push(.dictionary([]))
        case .element: throw error(.refusedCall("an element type"))
        case .storage: throw error(.refusedCall("a storage type"))
        case .rebuildTensor, .rebuildParameter, .inert: try push(.object(global, arguments))
        }
    }

    /// Attributes of a dictionary (a state dict's version numbers) or of a value that is not looked into: dropped.
    private mutating func build() throws(PickleError) {
        _ = try pop(.build)
        switch nodes[Int(try top(.build))] {
        case .dictionary, .object: break
        default: throw error(.refusedCall("BUILD on a plain value"))
        }
    }
}

// Stack and memo
extension Unpickler {
    private mutating func push(_ node: PickleNode) throws(PickleError) {
        guard nodes.count < Pickle.mostValues else {
            throw error(.tooManyValues(limit: Pickle.mostValues))
        }
        stack.append(Int32(nodes.count))
        nodes.append(node)
    }

    private mutating func pushMemo(_ place: Int) throws(PickleError) {
        guard let value = memo[place] else { throw error(.noMemo(place)) }
        stack.append(value)
    }

    private func top(_ opcode: PickleOpcode) throws(PickleError) -> Int32 {
        guard let last = stack.last, stack.count > marks.last ?? 0 else {
            throw error(.stack(opcode: opcode.name, expected: "a value"))
        }
        return last
    }

    private mutating func pop(_ opcode: PickleOpcode) throws(PickleError) -> Int32 {
        let value = try top(opcode)
        stack.removeLast()
        return value
    }

    private mutating func popToMark(_ opcode: PickleOpcode) throws(PickleError) -> [Int32] {
        guard let mark = marks.popLast() else {
            throw error(.stack(opcode: opcode.name, expected: "a mark"))
        }
        let values = Array(stack[Int(mark)...])
        stack.removeSubrange(Int(mark)...)
        return values
    }

    private mutating func popText(_ opcode: PickleOpcode) throws(PickleError) -> String {
        guard case .string(let range) = nodes[Int(try pop(opcode))] else {
            throw error(.stack(opcode: opcode.name, expected: "two names"))
        }
        return String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }

    private mutating func pushTuple(_ count: Int, _ opcode: PickleOpcode) throws(PickleError) {
        var values: [Int32] = []
        for _ in 0..<count { values.append(try pop(opcode)) }
        try push(.tuple(values.reversed()))
    }

    private mutating func append(_ values: [Int32], _ opcode: PickleOpcode) throws(PickleError) {
        let place = Int(try top(opcode))
        guard case .list(var elements) = nodes[place] else {
            throw error(.stack(opcode: opcode.name, expected: "a list"))
        }
        // Taken out while it grows, so that it is not copied for every element.
        nodes[place] = .none
        elements.append(contentsOf: values)
        nodes[place] = .list(elements)
    }

    private mutating func set(_ pairs: [Int32], _ opcode: PickleOpcode) throws(PickleError) {
        let place = Int(try top(opcode))
        guard case .dictionary(var elements) = nodes[place], pairs.count.isMultiple(of: 2) else {
            throw error(.stack(opcode: opcode.name, expected: "a dictionary, keys and values"))
        }
        nodes[place] = .none
        elements.append(contentsOf: pairs)
        nodes[place] = .dictionary(elements)
    }
}

// Bytes
extension Unpickler {
    private mutating func take(_ count: Int) throws(PickleError) -> ArraySlice<UInt8> {
        let left = bytes.count - position
        guard count <= left else { throw error(.truncated(needed: UInt64(count - left))) }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// A little-endian number without sign.
    private mutating func number(_ size: Int) throws(PickleError) -> UInt64 {
        try take(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A length, which what is left must hold unless the opcode does without (a frame only groups opcodes).
    private mutating func length(
        _ size: Int,
        of opcode: PickleOpcode,
        checked: Bool = true
    ) throws(PickleError) -> Int {
        let length = try number(size)
        let left = UInt64(bytes.count - position)
        guard length <= left || !checked else { throw error(.truncated(needed: length - left)) }
        return Int(clamping: length)
    }

    private mutating func pushLong(_ size: Int) throws(PickleError) {
        let digits = try take(size)
        guard size <= 8 else { return try push(.largeInt) }
        // Two's complement, little endian, as many bytes as needed.
        let fill: UInt64 = digits.last.map { $0 >= 0x80 } == true ? .max : 0
        try push(.int(Int(bitPattern: UInt(digits.reversed().reduce(fill) { $0 << 8 | UInt64($1) }))))
    }

    private mutating func pushText(_ size: Int) throws(PickleError) {
        let from = position
        guard String(validating: try take(size), as: UTF8.self) != nil else { throw error(.notUTF8) }
        try push(.string(Int32(from)..<Int32(position)))
    }

    private mutating func pushBytes(_ size: Int) throws(PickleError) {
        _ = try take(size)
        try push(.bytes)
    }

    /// The text up to the next line feed.
    private mutating func line() throws(PickleError) -> String {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            position = bytes.count
            throw error(.truncated(needed: 1))
        }
        defer { position = end + 1 }
        guard let text = String(validating: bytes[position..<end], as: UTF8.self) else {
            throw error(.notUTF8)
        }
        return text
    }

    private func error(_ problem: PickleError.Problem) -> PickleError {
        .stream(source: source, offset: start, problem: problem)
    }
}
