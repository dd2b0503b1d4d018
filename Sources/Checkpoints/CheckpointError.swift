// What can be wrong with a model directory.

/// A model that cannot be loaded.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The directory has no config.json.
    case noConfig(directory: String)
    /// The directory has no weights that can be read.
    case noWeights(directory: String)
    /// `model_type` names no architecture that is known here.
    case unknownArchitecture(source: String, name: String, known: [String])
    /// A setting of a known architecture that is not supported.
    case unsupported(source: String, setting: String, remedy: String)
    /// The weights lack a tensor that the config asks for.
    case missingTensor(source: String, name: String)
    /// A tensor's shape contradicts the config.
    case shape(source: String, name: String, expected: [Int], found: [Int])
    /// A tensor's type cannot be computed with.
    case dtype(source: String, name: String, found: String)

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .noConfig(let directory):
            "\(directory) has no config.json; name a directory that Hugging Face's save_pretrained wrote."
        case .noWeights(let directory):
            "\(directory) has no model.safetensors; download the model again, or save it with safe_serialization."
        case .unknownArchitecture(let source, let name, let known):
            "\(source): model_type is \"\(name)\"; known here are: \(known.joined(separator: ", "))."
        case .unsupported(let source, let setting, let remedy):
            "\(source): \(setting) is not supported; \(remedy)."
        case .missingTensor(let source, let name):
            "\(source) has no tensor \(name), which config.json asks for; the two do not belong together, or the "
                + "download is incomplete."
        case .shape(let source, let name, let expected, let found):
            "\(source): tensor \(name) has shape \(found), config.json asks for \(expected); the two do not belong "
                + "together."
        case .dtype(let source, let name, let found):
            "\(source): tensor \(name) has type \(found), which cannot be computed with; save the model in float32, "
                + "float16 or bfloat16."
        }
    }
}
