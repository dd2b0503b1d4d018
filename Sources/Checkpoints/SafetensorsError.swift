// What can be wrong with a safetensors file.
//
// Promises: every refusal names the file and, where there is one, the tensor; says what was found and what
// was expected; and what to do about it.

import JSON

/// A safetensors file that cannot be used.
public struct SafetensorsError: Error, Equatable, Sendable {
    /// What is wrong.
    public enum Problem: Equatable, Sendable {
        /// Fewer bytes than the 8 of the header's length.
        case noHeaderLength(size: Int)
        /// The text that Git LFS leaves in place of a file that it has not fetched.
        case gitLFSPointer
        /// A header longer than any real one.
        case headerTooLong(length: UInt64, limit: Int)
        /// A header that would end after the file does.
        case headerBeyondFile(length: UInt64, size: Int)
        /// A header that does not start with `{`.
        case headerNotObject(found: String)
        /// A header that is not JSON, at byte `offset` of the header.
        case headerNotJSON(offset: Int, problem: String)
        /// A field of the header that is missing or of the wrong kind.
        case field(name: String, expected: String, found: String)
        /// An element type that the format does not have.
        case unknownDType(String)
        /// More elements or bytes than a number can count.
        case sizeOverflow(dtype: String, shape: [Int])
        /// A number of bits that does not fill whole bytes.
        case partialByte(dtype: String, shape: [Int])
        /// Offsets that hold another number of bytes than shape and type need.
        case sizeMismatch(dtype: String, shape: [Int], expected: Int, found: Int)
        /// An end before the beginning.
        case reversedOffsets(begin: Int, end: Int)
        /// Offsets beyond the data that the file has.
        case beyondData(begin: Int, end: Int, size: Int)
        /// Bytes that another tensor has too.
        case overlap(begin: Int, other: String, otherEnd: Int)
        /// Bytes that no tensor has; `end` is where the next tensor, or the file, goes on.
        case hole(begin: Int, end: Int)
        /// A tensor was asked for that the file does not hold; some that it does hold.
        case noSuchTensor(count: Int, examples: [String])
        /// A tensor was asked for whose type is not read here.
        case unsupportedDType(String)
        /// A file was finished before all bytes of a tensor were written.
        case incomplete(expected: Int, found: Int)
    }

    /// The file, as a path.
    public let file: String
    /// The tensor; nil where the whole file is meant.
    public let tensor: String?
    /// What is wrong.
    public let problem: Problem

    /// An error about a file or a tensor in it.
    public init(file: String, tensor: String? = nil, problem: Problem) {
        self.file = file
        self.tensor = tensor
        self.problem = problem
    }
}

extension SafetensorsError: CustomStringConvertible {
    /// One paragraph: file, tensor, what was found, what was expected, what to do.
    public var description: String {
        let place = tensor.map { "\(file): tensor \(Quoted.text($0)): " } ?? "\(file): "
        return place + finding + " " + remedy
    }

    private var finding: String {
        switch problem {
        case .noHeaderLength(let size):
            "it has \(size) bytes, and a safetensors file starts with the 8 bytes of its header's length."
        case .gitLFSPointer:
            "it is a Git LFS pointer, the stand-in for a file that has not been fetched."
        case .headerTooLong(let length, let limit):
            "its header claims \(length) bytes, and at most \(limit) are allowed."
        case .headerBeyondFile(let length, let size):
            "its header claims \(length) bytes, and the file has \(size) in all."
        case .headerNotObject(let found):
            "its header starts with \(found), and a JSON object ('{') is expected."
        case .headerNotJSON(let offset, let problem):
            "its header is not usable JSON, at byte \(offset) of it: \(problem)."
        case .field(let name, let expected, let found):
            "\(name): expected \(expected), found \(found)."
        case .unknownDType(let name):
            "dtype: expected a type of the safetensors format, found \(Quoted.text(name))."
        case .sizeOverflow(let dtype, let shape):
            "shape \(text(shape)) of \(dtype) has more bytes than can be counted."
        case .partialByte(let dtype, let shape):
            "shape \(text(shape)) of \(dtype) does not fill whole bytes."
        case .sizeMismatch(let dtype, let shape, let expected, let found):
            "data_offsets hold \(found) bytes, and shape \(text(shape)) of \(dtype) needs \(expected)."
        case .reversedOffsets(let begin, let end):
            "data_offsets [\(begin), \(end)] end before they begin."
        case .beyondData(let begin, let end, let size):
            "data_offsets [\(begin), \(end)] go beyond the \(size) bytes of data that the file has."
        case .overlap(let begin, let other, let otherEnd):
            "its data begin at \(begin), before those of tensor \(Quoted.text(other)) end at \(otherEnd)."
        case .hole(let begin, let end):
            "the bytes from \(begin) to \(end) of the data belong to no tensor, which the format forbids."
        case .noSuchTensor(let count, let examples):
            "there is no such tensor among the \(count) in the file"
                + (examples.isEmpty
                    ? "." : ", such as " + examples.map(Quoted.text).joined(separator: ", ") + ".")
        case .unsupportedDType(let name):
            "its type \(name) is not supported; "
                + SafetensorsDType.allCases.map(\.rawValue).joined(separator: ", ") + " are."
        case .incomplete(let expected, let found):
            "\(found) of its \(expected) bytes were written when the file was finished."
        }
    }

    private var remedy: String {
        switch problem {
        case .gitLFSPointer: "Run `git lfs pull` in its directory, or download the file itself."
        case .noSuchTensor: "Check that the file belongs to this model and configuration."
        case .unsupportedDType: "Convert the tensor to one of them first."
        case .incomplete: "Nothing was left on disk; run the command again."
        case .headerBeyondFile, .beyondData: "The file is cut short or damaged: download or save it again."
        default: "The file is damaged or is not a safetensors file: download or save it again."
        }
    }

    private func text(_ shape: [Int]) -> String {
        let most = 16
        let shown = shape.prefix(most).map(String.init).joined(separator: ", ")
        return "[" + shown + (shape.count > most ? ", … \(shape.count) in all" : "") + "]"
    }
}
