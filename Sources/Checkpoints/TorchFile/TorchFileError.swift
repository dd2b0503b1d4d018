// What can be wrong with a file of torch.save: its container, its storages, its tensors. Its pickle has `PickleError`.
//
// Promises: every refusal names the file and the record or tensor, what was found, what was expected, what to do.

import JSON

/// A file of PyTorch that cannot be used.
public struct TorchFileError: Error, Equatable, Sendable {
    /// What is wrong.
    public enum Problem: Equatable, Sendable {
        /// The text that Git LFS leaves in place of a file that it has not fetched.
        case gitLFSPointer
        /// The container that torch.save wrote before PyTorch 1.6.
        case containerBefore16
        /// A program that torch.jit.save wrote.
        case torchScript
        /// Neither of these, nor a zip archive that ends as one does.
        case notAnArchive
        /// A part of the archive that contradicts the rest of it.
        case archive(String)
        /// A record that is packed.
        case compressed(method: Int, size: UInt64, unpacked: UInt64)
        /// A record that shares bytes with another.
        case overlap(other: String)
        /// A record that ends after its place does.
        case beyondFile(end: UInt64, size: Int)
        /// Two records of one name.
        case twice
        /// More records than any real file has.
        case tooManyRecords(count: UInt64, limit: Int)
        /// No `data.pkl`, which torch.save always writes.
        case noPickle
        /// Written on a machine with the other byte order.
        case byteOrder(String)
        /// A tensor's storage has no record.
        case noRecord(String)
        /// A storage has fewer bytes than its description says.
        case storageTooSmall(record: String, expected: String, found: Int)
        /// A tensor reaches beyond its storage.
        case beyondStorage(shape: [Int], strides: [Int], offset: Int, elements: Int)
        /// A part of a tensor's description that is not what it should be.
        case tensor(part: String, expected: String, found: String)
    }

    /// The file, as a path.
    public let file: String
    /// The record or tensor, such as `record a/data/0`; nil where the whole file is meant.
    public let place: String?
    /// What is wrong.
    public let problem: Problem

    /// An error about a file or a part of it.
    public init(file: String, place: String? = nil, problem: Problem) {
        self.file = file
        self.place = place
        self.problem = problem
    }

    static func record(_ name: String) -> String { "record \(Quoted.text(name))" }
    static func tensor(_ name: String) -> String { "tensor \(Quoted.text(name))" }
}

extension TorchFileError: CustomStringConvertible {
    /// One paragraph: file, place, what was found, what was expected, what to do.
    public var description: String {
        "\(file): " + (place.map { $0 + ": " } ?? "") + finding + " " + remedy
    }

    private var finding: String {
        switch problem {
        case .gitLFSPointer:
            "it is a Git LFS pointer, the stand-in for a file that has not been fetched."
        case .containerBefore16:
            "it is in the container that torch.save wrote before PyTorch 1.6, which is not read here."
        case .torchScript:
            "it is a TorchScript program, and a state dict is needed."
        case .notAnArchive:
            "expected the zip archive that torch.save writes, and it does not end as one."
        case .archive(let text):
            text + "."
        case .compressed(let method, let size, let unpacked):
            "it is packed (method \(method), \(size) bytes for \(unpacked)), and torch.save stores records as they are."
        case .overlap(let other):
            "it shares bytes with record \(Quoted.text(other))."
        case .beyondFile(let end, let size):
            "it ends at byte \(end), and its place ends at byte \(size)."
        case .twice:
            "there are two records of this name."
        case .tooManyRecords(let count, let limit):
            "\(count) records, and at most \(limit) are read."
        case .noPickle:
            "the archive has no data.pkl, which torch.save always writes."
        case .byteOrder(let found):
            "expected little, found \(Quoted.text(found)): it was saved on a machine with another byte order."
        case .noRecord(let name):
            "its storage is in record \(Quoted.text(name)), which the archive lacks."
        case .storageTooSmall(let record, let expected, let found):
            "its storage needs \(expected), and record \(Quoted.text(record)) has \(found)."
        case .beyondStorage(let shape, let strides, let offset, let elements):
            "shape \(shape) with strides \(strides) from element \(offset) reaches beyond the \(elements) elements of "
                + "its storage."
        case .tensor(let part, let expected, let found):
            "\(part): expected \(expected), found \(found)."
        }
    }

    private var remedy: String {
        switch problem {
        case .gitLFSPointer:
            "Run `git lfs pull` in its directory, or download the file itself."
        case .containerBefore16:
            "Convert it: python -c \"import sys, torch; torch.save(torch.load(sys.argv[1], map_location='cpu', "
                + "weights_only=True), sys.argv[2])\" OLD NEW"
        case .torchScript:
            "Convert it: python -c \"import sys, torch; torch.save(torch.jit.load(sys.argv[1], map_location='cpu')"
                + ".state_dict(), sys.argv[2])\" OLD NEW"
        case .compressed:
            "Save it again with torch.save, or unpack the archive and store it without compression."
        case .byteOrder:
            "Load it with Python and save it again on this machine."
        case .beyondFile, .notAnArchive:
            "The file is cut short, damaged or of another kind: download or save it again."
        default:
            "The file is damaged or was not written by torch.save: download or save it again."
        }
    }
}
