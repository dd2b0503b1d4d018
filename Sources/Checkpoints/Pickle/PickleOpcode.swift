// The opcodes of pickles. Source: Python's `pickletools`.

/// An opcode that is taken.
enum PickleOpcode: UInt8 {
    case proto = 0x80
    case frame = 0x95
    case stop = 0x2e
    case mark = 0x28
    case pop = 0x30
    case popMark = 0x31
    case dup = 0x32
    case none = 0x4e
    case newTrue = 0x88
    case newFalse = 0x89
    case binInt = 0x4a
    case binInt1 = 0x4b
    case binInt2 = 0x4d
    case long1 = 0x8a
    case long4 = 0x8b
    case binFloat = 0x47
    case shortBinString = 0x55
    case binString = 0x54
    case shortBinUnicode = 0x8c
    case binUnicode = 0x58
    case binUnicode8 = 0x8d
    case shortBinBytes = 0x43
    case binBytes = 0x42
    case binBytes8 = 0x8e
    case emptyTuple = 0x29
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyList = 0x5d
    case append = 0x61
    case appends = 0x65
    case emptyDict = 0x7d
    case setItem = 0x73
    case setItems = 0x75
    case binGet = 0x68
    case longBinGet = 0x6a
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94
    case global = 0x63
    case stackGlobal = 0x93
    case reduce = 0x52
    case build = 0x62
    case binPersistentID = 0x51

    /// Python's name for it.
    var name: String {
        switch self {
        case .proto: "PROTO"
        case .frame: "FRAME"
        case .stop: "STOP"
        case .mark: "MARK"
        case .pop: "POP"
        case .popMark: "POP_MARK"
        case .dup: "DUP"
        case .none: "NONE"
        case .newTrue: "NEWTRUE"
        case .newFalse: "NEWFALSE"
        case .binInt: "BININT"
        case .binInt1: "BININT1"
        case .binInt2: "BININT2"
        case .long1: "LONG1"
        case .long4: "LONG4"
        case .binFloat: "BINFLOAT"
        case .shortBinString: "SHORT_BINSTRING"
        case .binString: "BINSTRING"
        case .shortBinUnicode: "SHORT_BINUNICODE"
        case .binUnicode: "BINUNICODE"
        case .binUnicode8: "BINUNICODE8"
        case .shortBinBytes: "SHORT_BINBYTES"
        case .binBytes: "BINBYTES"
        case .binBytes8: "BINBYTES8"
        case .emptyTuple: "EMPTY_TUPLE"
        case .tuple: "TUPLE"
        case .tuple1: "TUPLE1"
        case .tuple2: "TUPLE2"
        case .tuple3: "TUPLE3"
        case .emptyList: "EMPTY_LIST"
        case .append: "APPEND"
        case .appends: "APPENDS"
        case .emptyDict: "EMPTY_DICT"
        case .setItem: "SETITEM"
        case .setItems: "SETITEMS"
        case .binGet: "BINGET"
        case .longBinGet: "LONG_BINGET"
        case .binPut: "BINPUT"
        case .longBinPut: "LONG_BINPUT"
        case .memoize: "MEMOIZE"
        case .global: "GLOBAL"
        case .stackGlobal: "STACK_GLOBAL"
        case .reduce: "REDUCE"
        case .build: "BUILD"
        case .binPersistentID: "BINPERSID"
        }
    }

    /// Those that are not: they make objects and call things, or belong to the text of protocols 0 and 1 or to kinds
    /// of values that no checkpoint needs.
    static let refused: [UInt8: String] = [
        0x46: "FLOAT", 0x49: "INT", 0x4c: "LONG", 0x50: "PERSID", 0x53: "STRING", 0x56: "UNICODE",
        0x64: "DICT", 0x67: "GET", 0x69: "INST", 0x6c: "LIST", 0x6f: "OBJ", 0x70: "PUT", 0x81: "NEWOBJ",
        0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4", 0x8f: "EMPTY_SET", 0x90: "ADDITEMS", 0x91: "FROZENSET",
        0x92: "NEWOBJ_EX", 0x96: "BYTEARRAY8", 0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
    ]
}
