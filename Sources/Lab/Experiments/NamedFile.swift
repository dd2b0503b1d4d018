// Results on their way to a run's directory: files and figures, each with its name.
import Checkpoints
public import Figures
import Files
public import Foundation
import JSON
public import Runs

/// A figure and the name of its file.
public struct NamedFigure {
    /// Without an ending.
    public let name: String
    /// What is drawn.
    public let figure: any Figure
    /// Where a copy of its PNG goes, from the working directory on and without an ending; nil for no copy.
    public let copyPath: String?

    /// All fields.
    public init(name: String, figure: any Figure, copiedAs copyPath: String? = nil) {
        self.name = name
        self.figure = figure
        self.copyPath = copyPath
    }

    /// The same in the run's directory only.
    public var withoutCopy: NamedFigure { NamedFigure(name: name, figure: figure) }

    /// The file in a run's directory that has the specifications of its figures, to be drawn again by whoever wants to.
    public static let listName = "figures.json"

    /// `{"figures": [{"name": "...", "spec": {...}}]}`, in order.
    public static func json(_ figures: [NamedFigure]) throws -> Data {
        var data = Data(#"{"figures":["#.utf8)
        for (index, figure) in figures.enumerated() {
            data += Data("\(index == 0 ? "" : ",")\n{\"name\":\(JSONText.string(figure.name)),\"spec\":".utf8)
            data += try figure.figure.spec.json() + Data("}".utf8)
        }
        return data + Data("]}\n".utf8)
    }
}

/// A result file: its contents and its name below the run's directory.
public struct NamedFile: Equatable, Sendable {
    /// What is in a file.
    public enum Contents: Equatable, Sendable {
        /// Bytes as they are: JSON, CSV, Markdown.
        case bytes(Data)
        /// An array for NumPy, row-major.
        case array([Float], shape: [Int])
    }

    /// With its ending.
    public let name: String
    /// What is in it.
    public let contents: Contents
    /// What its copy in `outputs` is called, in front of the time; nil for no copy.
    public let copyName: String?

    /// A file of text.
    public init(_ name: String, _ text: String, copiedAs copyName: String? = nil) {
        self.init(name, Data(text.utf8), copiedAs: copyName)
    }

    /// A file of bytes.
    public init(_ name: String, _ data: Data, copiedAs copyName: String? = nil) {
        self.name = name
        self.contents = .bytes(data)
        self.copyName = copyName
    }

    /// A `.npy` file.
    public init(_ name: String, _ values: [Float], shape: [Int]) {
        self.name = name
        self.contents = .array(values, shape: shape)
        self.copyName = nil
    }

    /// Writes the contents to a file, whole or not at all; throws `FileError`.
    public func write(to url: URL) throws {
        switch contents {
        case .bytes(let data): try AtomicFile.write(data, to: url)
        case .array(let values, let shape): try NumpyArrayFile.write(values, shape: shape, to: url)
        }
    }
}

extension PartWriter {
    /// Writes a result file; throws `FileError`.
    public func write(_ file: NamedFile) throws {
        try file.write(to: place(file.name))
    }
}
