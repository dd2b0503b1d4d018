// Choices that options take by name.
public import ArgumentParser
public import Induction
public import Runs

extension AblationMode: ExpressibleByArgument {}
extension ComputeDevice: ExpressibleByArgument {}
extension ComputeType: ExpressibleByArgument {}
extension Corruption: ExpressibleByArgument {}
extension HeadScore: ExpressibleByArgument {}
extension MLPMode: ExpressibleByArgument {}
extension OutputMetric: ExpressibleByArgument {}
extension PairRule: ExpressibleByArgument {}
extension PatchingDirection: ExpressibleByArgument {}
extension PromptKind: ExpressibleByArgument {}
extension ReadPositions: ExpressibleByArgument {}
