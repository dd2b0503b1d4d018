// What can be wrong with a pickle.
//
// Promises: every refusal names the file and either the byte of the pickle or the path of the value, what was found,
// what was expected, and what to do. What a pickle wanted to be called is named and never called.

import JSON

/// A pickle that cannot be used, or that asks for more than data.
public enum PickleError: Error, Equatable, Sendable {
    /// The stream of opcodes, at a byte of it.
    case stream(source: String, offset: Int, problem: Problem)
    /// A value is missing or is not what it should be. `path` is like `model_args.n_layer`, and empty for the whole.
    case field(source: String, path: String, expected: String, found: String)

    /// What is wrong with a stream.
    public enum Problem: Equatable, Sendable {
        /// It does not start as protocols 2 to 5 do.
        case notAPickle(found: String)
        /// Longer than any real one.
        case tooLong(size: Int, limit: Int)
        /// The bytes end before the pickle does; `needed` more would be read here.
        case truncated(needed: UInt64)
        /// Bytes after the end of the pickle.
        case trailing(count: Int)
        /// No opcode of any protocol.
        case unknownOpcode(UInt8)
        /// An opcode that data do not need.
        case refusedOpcode(String)
        /// A function or class that is not on the list.
        case refusedGlobal(String)
        /// A call of something that is not a function or class, or with something that is no tuple.
        case refusedCall(String)
        /// An opcode found something else on the stack than it needs.
        case stack(opcode: String, expected: String)
        /// A memo entry that was never stored.
        case noMemo(Int)
        /// Text that is not UTF-8.
        case notUTF8
        /// More values than any real file has.
        case tooManyValues(limit: Int)
    }
}

extension PickleError: CustomStringConvertible {
    /// One paragraph: file, place, what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .stream(let source, let offset, let problem):
            "\(source): byte \(offset) of the pickle: \(problem.finding) \(problem.remedy)"
        case .field(let source, let path, let expected, let found):
            "\(source): \(path.isEmpty ? "" : path + ": ")expected \(expected), found \(found). "
                + "The file was not written for this, or is damaged: save it again."
        }
    }
}

extension PickleError.Problem {
    fileprivate var finding: String {
        switch self {
        case .notAPickle(let found):
            "expected the start of a pickle of protocol 2 to 5, found \(found)."
        case .tooLong(let size, let limit):
            "it has \(size) bytes, and at most \(limit) are read."
        case .truncated(let needed):
            "it ends here, \(needed) byte\(needed == 1 ? "" : "s") too early."
        case .trailing(let count):
            "the pickle has ended, and \(count) more byte\(count == 1 ? "" : "s") follow."
        case .unknownOpcode(let byte):
            "0x\(String(byte, radix: 16)) is no opcode."
        case .refusedOpcode(let name):
            "opcode \(name) is refused: it can run code, and data do not need it. Nothing was run."
        case .refusedGlobal(let name):
            "it asks for \(Quoted.text(name)), which is not among the few names that tensors and plain values need. "
                + "Nothing was run."
        case .refusedCall(let what):
            "a call of \(what) is refused. Nothing was run."
        case .stack(let opcode, let expected):
            "\(opcode) needs \(expected), which is not there."
        case .noMemo(let place):
            "entry \(place) of the memo is read before it is written."
        case .notUTF8:
            "a text is not UTF-8."
        case .tooManyValues(let limit):
            "more than \(limit) values."
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .refusedOpcode, .refusedGlobal, .refusedCall:
            "If you trust where the file is from, load it with Python and save only its tensors and plain values; "
                + "if you do not, delete it."
        case .truncated:
            "The file is cut short or damaged: download or save it again."
        case .notAPickle:
            "Write it again with Python's pickle (protocol 2 or newer) or torch.save."
        default:
            "The file is damaged or no such pickle: download or save it again."
        }
    }
}
