"""TransformerLens: the mean loss after the last token with each head ablated (z zeroed at all positions).

The right prediction is each prompt's second token. Plainly: one whole run with a hook for each head. With
--tuned, as somebody who knows the library would: the base run's residual stream is kept, each run starts at its
head's layer, and only the last position is unembedded.
The model is loaded before the clock starts, and one run without hooks warms it up.
"""

import json
import time

import child


def losses(model, tokens: list[list[int]], answers: list[int], edit, tuned: bool) -> list[list[float]]:
    """The mean loss [layer][head]; `edit(layer, head)` makes the hook for that layer's z."""
    import torch

    layers, heads = model.cfg.n_layers, model.cfg.n_heads
    targets, ids = torch.tensor(answers), torch.tensor(tokens)
    cache = {}
    if tuned:
        _, cache = model.run_with_cache(
            ids, stop_at_layer=layers, names_filter=lambda name: name.endswith("hook_resid_pre"))
    table = []
    for layer in range(layers):
        row = []
        for head in range(heads):
            hooks = [(f"blocks.{layer}.attn.hook_z", edit(layer, head))]
            if tuned:
                residual = model.run_with_hooks(
                    cache["resid_pre", layer], start_at_layer=layer, stop_at_layer=layers, fwd_hooks=hooks)
                logits = model.unembed(model.ln_final(residual[:, -1:]))
            else:
                logits = model.run_with_hooks(ids, fwd_hooks=hooks)
            row.append(float(torch.nn.functional.cross_entropy(logits[:, -1], targets)))
        table.append(row)
    return table


def zero(layer: int, head: int):
    def hook(z, hook):
        z[:, :, head] = 0
        return z

    return hook


def main() -> None:
    options = child.arguments(__doc__.split("\n")[0], "--tuned")
    import torch

    import lens_model

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    tokens = json.loads(options.tokens.read_text())
    model = lens_model.load(options.model)
    model(torch.tensor(tokens), return_type=None)
    start = time.perf_counter()
    table = losses(model, tokens, [row[1] for row in tokens], zero, options.tuned)
    child.report("ablate70m", [time.perf_counter() - start], losses=table)


if __name__ == "__main__":
    main()
