// The analyses that there are.

/// Every analysis of one model: a receipt is done again by the one whose command it names.
public let analyses: [any Analysis.Type] = [
    Scan.self,
    Ablate.self,
    Patch.self,
    CircuitSurvey.self,
    Lens.self,
    Paths.self,
    Attribution.self,
    Hessian.self,
]
