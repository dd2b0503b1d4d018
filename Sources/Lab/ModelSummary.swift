// What `induct models` says about the models that there are.
import Checkpoints
import Foundation
public import Hub
import Transformers

/// Name, place and sizes of a model.
public struct ModelSummary: Encodable, Sendable {
    /// Where a model is.
    public enum Place: String, Encodable, Sendable {
        /// Comes with the program.
        case bundled
        /// In the cache, whole.
        case cached
        /// On the hub.
        case hub
    }

    /// What `--model` calls it.
    public let name: String
    /// Its id on the hub, if it is there.
    public let id: String?
    /// Where it is.
    public let place: Place
    /// Number of blocks.
    public let layers: Int
    /// Query heads a block.
    public let heads: Int
    /// Width of the residual stream.
    public let dModel: Int
    /// Number of weights, biases and gains.
    public let parameters: Int
    /// Bytes of its files, if they are on this machine.
    public let bytes: Int?

    /// The bundled models, those in a cache that can be loaded, and the other ones that are known.
    public static func all(in cache: HubCache) throws -> [ModelSummary] {
        let bundled = try ModelCatalog.bundled.map { name in
            let directory = try ModelCatalog.files(at: ModelCatalog.place(of: name), reporting: FetchReport())
            return try ModelSummary(name: name, id: nil, place: .bundled, directory: directory)
        }
        let cached = cache.models.compactMap { id -> ModelSummary? in
            guard let snapshot = cache.snapshot(of: id), snapshot.missing.isEmpty else { return nil }
            let name = KnownModel.named(id.description)?.name ?? id.description
            // The cache is shared with other programs: what is not a decoder that loads here is none of ours.
            return try? ModelSummary(
                name: name,
                id: id.description,
                place: .cached,
                directory: snapshot.directory
            )
        }
        let ids = Set(cached.compactMap(\.id))
        let known = KnownModel.all.filter { !ids.contains($0.id) }.map { model in
            ModelSummary(
                name: model.name,
                id: model.id,
                place: .hub,
                layers: model.layers,
                heads: model.heads,
                dModel: model.width,
                parameters: model.parameters,
                bytes: nil
            )
        }
        return bundled + cached + known
    }

    private init(
        name: String,
        id: String?,
        place: Place,
        layers: Int,
        heads: Int,
        dModel: Int,
        parameters: Int,
        bytes: Int?
    ) {
        self.name = name
        self.id = id
        self.place = place
        self.layers = layers
        self.heads = heads
        self.dModel = dModel
        self.parameters = parameters
        self.bytes = bytes
    }

    /// Reads the sizes of a model from its files.
    private init(name: String, id: String?, place: Place, directory: URL) throws {
        let files = try ModelFiles(directory)
        let config = try TransformerConfig(files.config)
        self.init(
            name: name,
            id: id,
            place: place,
            layers: config.layers,
            heads: config.heads,
            dModel: config.dModel,
            parameters: files.weights.parameterCount,
            bytes: try bytesOfFiles(in: directory)
        )
    }
}

/// Bytes of all files in a directory, links followed.
private func bytesOfFiles(in directory: URL) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: directory.path).reduce(0) { sum, name in
        let path = directory.appending(path: name).resolvingSymlinksInPath().path
        return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
    }
}
