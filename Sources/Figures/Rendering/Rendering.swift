// What goes into and what comes out of a batch of drawings.

public import Foundation

/// A file format of pictures.
public enum FigureFormat: String, CaseIterable, Codable, Sendable {
    /// Pixels, at twice the nominal size.
    case png
    /// Vectors.
    case svg
}

/// A figure to draw, with the name that answers refer to.
public struct DrawingRequest: Sendable {
    /// The figure's name, unique within a batch by custom: a file name without extension, say.
    public var name: String
    /// What to draw.
    public var spec: Spec
    /// The formats to draw it in.
    public var formats: [FigureFormat]

    /// A figure in the given formats.
    public init(name: String, figure: some Figure, formats: [FigureFormat] = FigureFormat.allCases) {
        self.init(name: name, spec: figure.spec, formats: formats)
    }

    /// A specification in the given formats.
    public init(name: String, spec: Spec, formats: [FigureFormat] = FigureFormat.allCases) {
        self.name = name
        self.spec = spec
        self.formats = formats
    }
}

/// One picture.
public struct Drawing: Equatable, Sendable {
    /// The name of the figure, as asked for.
    public var figure: String
    /// The format of `data`.
    public var format: FigureFormat
    /// The bytes of the picture file.
    public var data: Data
}

/// The pictures of a batch, and those that are missing. Every format of every request is in one of the two.
public struct Rendering: Equatable, Sendable {
    /// The pictures drawn, in the order asked for.
    public var drawings: [Drawing] = []
    /// The pictures that could not be drawn, in the order asked for.
    public var failures: [DrawingFailure] = []

    /// The bytes of one picture, or nil where it was not asked for or not drawn.
    public func data(of figure: String, _ format: FigureFormat) -> Data? {
        drawings.first { $0.figure == figure && $0.format == format }?.data
    }
}
