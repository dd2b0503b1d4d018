// Path patching (Wang et al. 2022, section 3.1; Goldowsky-Dill et al. 2023): what one head tells another.
//
// Quantity: a metric of the base run in which one input (q, k or v) of one receiver is what it would be if one sender had
// written what it wrote in the other run, everything else as in the base run. Two steps. First the base run with the
// sender's z from the other run and the z of all other heads frozen to the base run; what MLPs write is frozen, too, or
// computed anew. The receivers' inputs are recorded. Then the base run with one recorded input put in its place.
// Denoising: base is the corrupted run, other the clean one. Noising: the other way.
//
// It does not show whether the receiver needs this path alone: two paths that do nothing each may do a lot together.
public import Torch
public import Transformers

/// Patches every path from a sender to a receiver in a later layer, one at a time.
///
/// - Parameters:
///   - model: the model.
///   - base: prompts of the run that is changed.
///   - other: prompts of the run that the senders' outputs come from, each as long as that of `base`.
///   - senders: heads whose output is replaced.
///   - receivers: what takes the change; see `TransformerConfig.pathReceivers`.
///   - positions: where the sender's output is replaced; nil for all positions.
///   - mlps: what MLPs do between sender and receiver.
///   - cells: predictions that are read, at least one a prompt; of a prompt's predictions the mean is taken.
///   - batchSize: prompts at a time.
///   - budget: bytes that activations may take; nil takes a quarter of what is free.
///   - progress: called with path runs done and their number; what it throws ends the work.
///   - metric: read from the predictions; its cells are those of `cells`.
/// - Throws: `TokensError`, `SelectionError`, `PathError`, and what `metric` and `progress` throw.
public func patchPaths(
    of model: Transformer,
    base: Tokens,
    other: Tokens,
    from senders: [Head],
    to receivers: [PathReceiver],
    positions: [Int]? = nil,
    mlps: MLPMode,
    reading cells: [OutputCell],
    batchSize: Int = 16,
    budget: Int? = nil,
    progress: (Int, Int) throws -> Void = { _, _ in },
    metric: CellMetric
) throws -> PathEffects {
    let pair = RunPair(base: base, other: other, cells: cells)
    try pair.validate(for: model.config, heads: senders, .z, positions: positions)
    for receiver in receivers { try receiver.validate(for: model.config) }
    let fans = senders.map { PathFan(sender: $0, receivers: receivers, config: model.config) }
        .filter { !$0.receivers.isEmpty }
    guard !fans.isEmpty else { throw PathError.noPaths(senders: senders, receivers: receivers) }

    let ends = fans.flatMap { fan in fan.receivers.map { (fan.sender, $0) } }
    var effects = PathEffects(
        mlps: mlps,
        base: [],
        other: [],
        paths: ends.map { .init(sender: $0, receiver: $1, values: []) }
    )
    let chunks = pair.chunks(of: batchSize)
    var done = 0
    for chunk in chunks {
        func sweep(_ tokens: Tokens, _ variations: [[Intervention]], _ budget: Int?) throws -> SweepResult {
            try model.sweep(
                tokens,
                variations: variations,
                reading: chunk.cells,
                budget: budget,
                progress: { made, count in
                    if count > 0 { try progress(done + made, ends.count * chunks.count) }
                },
                metric: { logits, local in try metric(logits, local.map { chunk.indices[$0] }) }
            )
        }
        func keep(_ found: [[Double]], in series: inout [[Double]]) {
            if series.isEmpty { series = (found.first ?? []).map { _ in [] } }
            for number in series.indices { series[number] += chunk.promptMeans(found.map { $0[number] }) }
        }
        keep(try sweep(chunk.other, [], budget).base, in: &effects.other)
        let frozen = try FrozenRuns(model, chunk, fans, mlps, positions)
        let room = (budget ?? (model.device.freeMemory ?? 1 << 32) / 4) / 2
        var path = 0
        for group in frozen.groups(within: room) {
            let variations = try group.flatMap { fan in
                let received = try frozen.receive(from: fan)
                return fan.receivers.map {
                    [Intervention.replace($0.selector(in: model.config), from: received)]
                }
            }
            let found = try sweep(chunk.base, variations, room)
            if path == 0 { keep(found.base, in: &effects.base) }
            for values in found.variations {
                keep(values, in: &effects.paths[path].values)
                path += 1
            }
            done += variations.count
        }
    }
    return effects
}
