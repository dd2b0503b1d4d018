"""TransformerLens: the mean loss after the last token with each head's z there taken from a clean run.

The runs are on the corrupted prompts; the right prediction is the second token of the clean ones. Plainly: one
whole run with a hook for each head. With --tuned: each run starts at its head's layer from the corrupted run's
residual stream, and only the last position is unembedded.
The model is loaded before the clock starts, and one run without hooks warms it up; the clean run counts.
"""

import json
import time

import child
from peer_ablate70m import losses


def main() -> None:
    options = child.arguments(__doc__.split("\n")[0], "--tuned", files=("--clean", "--corrupted"))
    import torch

    import lens_model

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    clean = json.loads(options.clean.read_text())
    corrupted = json.loads(options.corrupted.read_text())
    model = lens_model.load(options.model)
    layers = model.cfg.n_layers
    model(torch.tensor(clean), return_type=None)
    start = time.perf_counter()
    _, cache = model.run_with_cache(
        torch.tensor(clean), stop_at_layer=layers, names_filter=lambda name: name.endswith("hook_z"))

    def patch(layer: int, head: int):
        def hook(z, hook):
            z[:, -1, head] = cache["z", layer][:, -1, head]
            return z

        return hook

    answers = [row[1] for row in clean]
    table = losses(model, corrupted, answers, patch, options.tuned)
    child.report("patch-gpt2", [time.perf_counter() - start], losses=table)


if __name__ == "__main__":
    main()
