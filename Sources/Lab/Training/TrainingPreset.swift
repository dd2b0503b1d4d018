// Training runs with a name.
public import Runs

/// A run that need not be described.
public enum TrainingPreset: String, CaseIterable, Sendable {
    /// A transition within a minute on two cores.
    case quick
    /// The numbers of the Python project that this command comes from: patterns in random streams, about an hour.
    case `default`
    /// A model of characters on the text that is named.
    case shakespeareChar = "shakespeare-char"

    /// - Throws: `TrainingRequestError.unknown`.
    static func named(_ name: String) throws -> TrainingPreset {
        guard let preset = TrainingPreset(rawValue: name) else {
            throw TrainingRequestError.unknown(
                flag: "--preset",
                value: name,
                known: allCases.map(\.rawValue)
            )
        }
        return preset
    }

    /// What it asks for.
    public var request: TrainingRequest {
        var request = TrainingRequest()
        request.weightDecay = 0.01
        request.gradientClip = 1
        request.dropout = 0
        request.seed = 42
        request.topEigenvalues = 5
        switch self {
        case .quick:
            request.task = "repeat"
            request.vocabularySize = 65
            request.length = 65
            (request.layers, request.heads, request.dModel, request.dMLP) = (2, 4, 64, 0)
            request.deviation = 0.1
            (request.steps, request.batchSize, request.learningRate, request.warmUpSteps) = (
                1000, 32, 3e-3, 50
            )
            request.sequences = 0
            (request.evaluationInterval, request.evaluationCount) = (20, 32)
            (request.curvatureInterval, request.curvatureCount) = (100, 8)
            request.checkpointInterval = 200
        case .default:
            request.task = "patterns"
            request.vocabularySize = 50
            request.length = 256
            (request.layers, request.heads, request.dModel, request.dMLP) = (2, 8, 256, 1024)
            request.deviation = 0.02
            (request.steps, request.batchSize, request.learningRate, request.warmUpSteps) = (
                20000, 64, 3e-4, 1000
            )
            request.sequences = 10000
            (request.evaluationInterval, request.evaluationCount) = (100, 64)
            (request.curvatureInterval, request.curvatureCount) = (100, 8)
            request.checkpointInterval = 1000
        case .shakespeareChar:
            request.task = "text"
            request.length = 256
            (request.layers, request.heads, request.dModel, request.dMLP) = (4, 6, 192, 768)
            request.deviation = 0.02
            (request.steps, request.batchSize, request.learningRate, request.warmUpSteps) = (
                1500, 32, 2e-3, 100
            )
            request.weightDecay = 0.1
            (request.evaluationInterval, request.evaluationCount) = (100, 64)
            (request.curvatureInterval, request.curvatureCount) = (0, 8)
            request.checkpointInterval = 500
        }
        return request
    }
}
