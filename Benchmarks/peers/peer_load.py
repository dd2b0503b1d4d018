"""TransformerLens: from process start to the logits of one short prompt."""

import time

start = time.perf_counter()

import json  # noqa: E402

import child  # noqa: E402


def main() -> None:
    options = child.arguments(__doc__)
    import torch

    import lens_model

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    model = lens_model.load(options.model)
    logits = model(torch.tensor(json.loads(options.tokens.read_text())))
    child.report("load", [time.perf_counter() - start], logits_head=logits[0, -1, :8].tolist())


if __name__ == "__main__":
    main()
