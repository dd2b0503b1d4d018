"""TransformerLens: the layer profile of one model as the induction-topology tool makes it, a whole process.

Prompts in batches of 8; for each `run_with_cache` with a filter for the patterns; then, layer by layer and head by
head, the mean attention from each position to the last earlier one with the same token. Scores [layer][head].
"""

import json
import time

import child
from peer_score160m import pairs


def main() -> None:
    options = child.arguments(__doc__.split("\n")[0])
    start = time.perf_counter()
    import torch

    import lens_model

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    tokens = json.loads(options.tokens.read_text())
    model = lens_model.load(options.model)
    layers, heads = model.cfg.n_layers, model.cfg.n_heads
    totals = torch.zeros(layers, heads)
    count = 0
    for first in range(0, len(tokens), 8):
        batch = tokens[first : first + 8]
        _, cache = model.run_with_cache(
            torch.tensor(batch), names_filter=lambda name: name.endswith("hook_pattern"))
        prompt, t, s = torch.tensor(pairs(batch)).T
        count += len(prompt)
        for layer in range(layers):
            for head in range(heads):
                totals[layer, head] += cache["pattern", layer][prompt, head, t, s].sum()
    scores = (totals / count).tolist()
    child.report("profile160m", [time.perf_counter() - start], scores={"duplicate": scores})


if __name__ == "__main__":
    main()
