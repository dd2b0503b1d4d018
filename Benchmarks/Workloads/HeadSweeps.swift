// Sweeps over every head of a model, read after the last token: the work of ablate70m and patch-gpt2.
//
// The right prediction is the second token of each prompt, which follows the first occurrence of the last.
import Torch
import Transformers

/// The mean loss [layer][head] with each head's z zeroed at all positions.
func lossesAblatingHeads(of model: Transformer, on tokens: Tokens) throws -> [[Double]] {
    try losses(of: model, on: tokens, answers: tokens.rows.map { $0[1] }) { .zero(.z.head($0)) }
}

/// The mean loss [layer][head] on corrupted prompts with each head's z at the last position from the clean run; the
/// answers are those of the clean prompts, and all prompts have one length.
func lossesPatchingHeads(of model: Transformer, clean: Tokens, corrupted: Tokens) throws -> [[Double]] {
    let recording = try model.run(clean, recording: [.z], logits: .none)
    let last = clean.length - 1
    return try losses(of: model, on: corrupted, answers: clean.rows.map { $0[1] }) { head in
        .replace(.z.head(head).positions([last]), from: recording)
    }
}

private func losses(
    of model: Transformer,
    on tokens: Tokens,
    answers: [Int],
    editing edit: (Head) -> Intervention
) throws -> [[Double]] {
    let heads = model.config.allHeads
    let cells = tokens.lengths.enumerated().map { OutputCell(prompt: $0, position: $1 - 1) }
    let result = try model.sweep(tokens, variations: heads.map { [edit($0)] }, reading: cells) {
        logits,
        read in
        logits.crossEntropy(Tensor(read.map { answers[$0] }, device: logits.device))
    }
    let means = result.variations.map { $0.reduce(0) { $0 + $1[0] } / Double(cells.count) }
    return stride(from: 0, to: heads.count, by: model.config.heads).map { first in
        Array(means[first..<first + model.config.heads])
    }
}
