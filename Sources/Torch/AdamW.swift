// AdamW (Loshchilov and Hutter 2019), fused: one pass over memory for all parameters.
import CTorch

/// State and update rule of AdamW for a fixed list of parameters.
public final class AdamW {
    /// Settings that stay the same from step to step.
    public struct Settings: Sendable, Equatable, Codable {
        /// Decay of the mean of gradients.
        public var beta1 = 0.9
        /// Decay of the mean of squared gradients.
        public var beta2 = 0.999
        /// Share of each parameter, times the learning rate, taken off at each step.
        public var weightDecay = 0.01
        /// Added to the root of the second moment.
        public var epsilon = 1e-8

        /// PyTorch's defaults unless named.
        public init(
            beta1: Double = 0.9,
            beta2: Double = 0.999,
            weightDecay: Double = 0.01,
            epsilon: Double = 1e-8
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.weightDecay = weightDecay
            self.epsilon = epsilon
        }
    }

    /// What is trained, written in place.
    public let parameters: [Tensor]
    /// Settings.
    public let settings: Settings
    /// The mean of gradients, by parameter; written in place.
    public let firstMoments: [Tensor]
    /// The mean of squared gradients, by parameter; written in place.
    public let secondMoments: [Tensor]
    /// Updates so far: with the moments, all that a later update depends on.
    public var stepCount = 0

    /// Starts with empty moments.
    public init(_ parameters: [Tensor], settings: Settings = Settings()) {
        self.parameters = parameters
        self.settings = settings
        firstMoments = parameters.map { $0.detached().zerosLike() }
        secondMoments = parameters.map { $0.detached().zerosLike() }
    }

    /// One update, in place. `gradients` are in the order of `parameters`.
    public func step(_ gradients: [Tensor], learningRate: Double) {
        precondition(
            gradients.count == parameters.count,
            "\(gradients.count) gradients for \(parameters.count) parameters"
        )
        stepCount += 1
        let status = withoutGradients {
            withHandles(parameters) { parameters, count in
                withHandles(gradients) { gradients, _ in
                    withHandles(firstMoments) { firstMoments, _ in
                        withHandles(secondMoments) { secondMoments, _ in
                            ct_adamw_(
                                parameters,
                                gradients,
                                firstMoments,
                                secondMoments,
                                count,
                                Int64(stepCount),
                                learningRate,
                                settings.beta1,
                                settings.beta2,
                                settings.weightDecay,
                                settings.epsilon
                            )
                        }
                    }
                }
            }
        }
        check(status, "AdamW.step")
    }
}
