// Which models there are: the bundled ones by name, others by directory.
public import Foundation

/// Finds models by what a user calls them.
public enum ModelCatalog {
    /// Names of the bundled models, the default first.
    public static let bundled = ["induct-2l", "induct-4l"]

    /// The directory of a model.
    ///
    /// - Parameter name: a bundled model's name or a directory.
    /// - Throws: `ModelError.unknown`.
    public static func directory(of name: String) throws -> URL {
        if bundled.contains(name) {
            return Bundle.module.bundleURL.appending(path: "Models/\(name)")
        }
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else { throw ModelError.notADirectory(name) }
            return URL(filePath: name)
        }
        throw ModelError.unknown(name, bundled: bundled)
    }
}

/// What can be wrong with a model that was asked for.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Neither a bundled model nor a directory.
    case unknown(String, bundled: [String])
    /// A file where a directory is needed.
    case notADirectory(String)
    /// The tokenizer has ids that the model does not.
    case vocabularyMismatch(source: String, tokenizer: Int, model: Int)
    /// A device that this machine or this libtorch does not have.
    case noDevice(String)

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .unknown(let name, let bundled):
            """
            there is no model '\(name)': it is neither a bundled model (\(bundled.joined(separator: ", "))) nor a \
            directory. Give the path of a directory with config.json and model.safetensors.
            """
        case .notADirectory(let path):
            "\(path) is a file; name the directory that holds config.json and model.safetensors."
        case .vocabularyMismatch(let source, let tokenizer, let model):
            """
            \(source): the tokenizer has ids up to \(tokenizer - 1), the model's embedding ends at \(model - 1); \
            the files do not belong together.
            """
        case .noDevice(let name):
            "device \(name) is not available here; use --device cpu or auto."
        }
    }
}
