"""Hugging Face transformers: from process start to the logits of one short prompt."""

import time

start = time.perf_counter()

import json  # noqa: E402

import child  # noqa: E402


def main() -> None:
    options = child.arguments(__doc__)
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    logits = model(torch.tensor(json.loads(options.tokens.read_text()))).logits
    child.report("load", [time.perf_counter() - start], logits_head=logits[0, -1, :8].tolist())


if __name__ == "__main__":
    main()
