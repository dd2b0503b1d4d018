// What can be wrong with a model's files as a whole: which there are, and whether they belong together.

import JSON

/// A model that cannot be loaded.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The directory has no config.json, and no nanoGPT checkpoint either.
    case noConfig(directory: String)
    /// The file holds weights alone, and no config.json is beside it.
    case noConfigBeside(file: String)
    /// The directory has no weights that can be read.
    case noWeights(directory: String)
    /// A file that torch.save wrote holds neither a state dict nor a nanoGPT checkpoint.
    case noStateDict(file: String, found: String)
    /// `model_type` names no architecture that is known here.
    case unknownArchitecture(source: String, name: String, known: [String])
    /// A setting of a known architecture that is not supported.
    case unsupported(source: String, setting: String, remedy: String)
    /// A field of an index of shards is not what it should be.
    case index(source: String, field: String, expected: String, found: String)
    /// A file that the index names is not there.
    case missingShard(source: String, field: String, file: String)
    /// A file that the index names lacks a tensor that the index says it has.
    case notInShard(source: String, field: String, file: String)
    /// The weights lack a tensor that the config asks for.
    case missingTensor(source: String, name: String)
    /// A tensor's shape contradicts the config.
    case shape(source: String, name: String, expected: [Int], found: [Int])
    /// A tensor's type cannot be computed with.
    case dtype(source: String, name: String, found: String)
    /// A tensor has more elements than the file has numbers for it.
    case repeated(source: String, name: String, shape: [Int])
    /// A tensor holds a number that is not finite.
    case notFinite(source: String, name: String, index: [Int], value: String)
    /// A tensor holds a number that is too large for the type that was asked for.
    case beyondRange(source: String, name: String, index: [Int], value: String, dtype: String)
    /// A character vocabulary contradicts itself.
    case vocabulary(source: String, field: String, expected: String, found: String)

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .noConfig(let directory):
            "\(directory) has no config.json; name a directory that Hugging Face's save_pretrained wrote, or "
                + "nanoGPT's ckpt.pt."
        case .noConfigBeside(let file):
            "\(file) holds weights without a config, and there is no config.json beside it; put the model's "
                + "config.json into the same directory."
        case .noWeights(let directory):
            "\(directory) has none of \(ModelFiles.weightNames.joined(separator: ", ")); download the "
                + "model again, or save it again."
        case .noStateDict(let file, let found):
            "\(file): expected a state dict of tensors, or nanoGPT's dictionary with model and model_args, found "
                + "\(found); save model.state_dict() with torch.save."
        case .unknownArchitecture(let source, let name, let known):
            "\(source): model_type is \"\(name)\"; known here are: \(known.joined(separator: ", "))."
        case .unsupported(let source, let setting, let remedy):
            "\(source): \(setting) is not supported; \(remedy)."
        case .index(let source, let field, let expected, let found):
            "\(source): \(field): expected \(expected), found \(found); download the file again."
        case .missingShard(let source, let field, let file):
            "\(source): \(field): there is no \(Quoted.text(file)) beside the index; the download is incomplete."
        case .notInShard(let source, let field, let file):
            "\(source): \(field): \(Quoted.text(file)) has no such tensor; the files do not belong together."
        case .missingTensor(let source, let name):
            "\(source) has no tensor \(name), which the config asks for; the two do not belong together, or the "
                + "download is incomplete."
        case .shape(let source, let name, let expected, let found):
            "\(source): tensor \(name) has shape \(found), the config asks for \(expected); the two do not belong "
                + "together."
        case .dtype(let source, let name, let found):
            "\(source): tensor \(name) has type \(found), which cannot be computed with; save the model in float32, "
                + "float16 or bfloat16."
        case .repeated(let source, let name, let shape):
            "\(source): tensor \(name) of shape \(shape) repeats fewer numbers than it has elements; save it with "
                + ".contiguous()."
        case .notFinite(let source, let name, let index, let value):
            "\(source): tensor \(name) has \(value) at \(index), and weights must be finite; the training run "
                + "failed or the file is damaged: use another checkpoint."
        case .beyondRange(let source, let name, let index, let value, let dtype):
            "\(source): tensor \(name) has \(value) at \(index), which is too large for \(dtype); load it "
                + "in float32 or bfloat16."
        case .vocabulary(let source, let field, let expected, let found):
            "\(source): \(field): expected \(expected), found \(found); run nanoGPT's prepare.py again."
        }
    }
}
