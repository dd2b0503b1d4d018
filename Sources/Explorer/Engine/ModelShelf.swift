// Loaded models, the last few that were used. Lives on the models' thread and nowhere else.
import Lab

/// A few models in memory.
final class ModelShelf {
    private let capacity: Int
    /// The last used one last.
    private var models: [(name: String, model: LoadedModel)] = []
    /// What long work is using; it is in memory anyway.
    private var inUse: String?

    init(capacity: Int) { self.capacity = capacity }

    /// The model, loaded if it is not. It runs as the command line runs it where no option says otherwise, with the memory
    /// budget that its sweeps would have.
    ///
    /// - Throws: what is wrong with its files, `MemoryError`.
    func model(_ name: String) throws -> LoadedModel {
        if let index = models.firstIndex(where: { $0.name == name }) {
            let entry = models.remove(at: index)
            models.append(entry)
            return entry.model
        }
        // Room first: memory for one model more is not always there.
        while models.count >= capacity {
            models.remove(at: models.firstIndex { $0.name != inUse } ?? 0)
        }
        // Any question with a sweep: the budget depends on the model alone.
        let usual = try ExperimentRun(ModelExperiment(Paths(), of: name)).experiment.compute
        let model = try OpenedModel(name).load(usual)
        models.append((name, model))
        return model
    }

    /// The model for long work, which is not put away while `body` runs.
    func holding<Value>(_ name: String, _ body: (LoadedModel) throws -> Value) throws -> Value {
        let model = try model(name)
        inUse = name
        defer { inUse = nil }
        return try body(model)
    }

    /// Names of what is loaded, the last used one last.
    var names: [String] { models.map(\.name) }
}
