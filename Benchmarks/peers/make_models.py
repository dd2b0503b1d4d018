"""Makes the random-weight models and prompts that the benchmarks run on, outside the tree.

    python make_models.py DIRECTORY

DIRECTORY/neox160m holds the model as `save_pretrained` writes it, in float16: GPT-NeoX, 12 layers of 768 with
12 heads, MLP 3072, vocabulary 50304, a quarter of each head rotated. Query, key and value weights are drawn
larger than a fresh model's, so that attention is not uniform and scores that agree mean something; speed does
not depend on weights. In every other head keys equal queries, so that it looks at equal tokens.

Beside it: score160m-tokens.json (32 prompts of 256 ids, each a random block repeated), profile160m-tokens.json (64
such prompts) and load-tokens.json (one prompt of 16 ids). What exists is kept. The same torch version makes the same files.
"""

import json
import shutil
import sys
from pathlib import Path

VOCABULARY = 50304


def make_model(directory: Path) -> None:
    """Writes the model unless it is there; an interrupted run leaves nothing under the final name."""
    if directory.exists():
        return
    import torch
    from transformers import GPTNeoXConfig, GPTNeoXForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(160)
    model = GPTNeoXForCausalLM(GPTNeoXConfig(
        vocab_size=VOCABULARY, hidden_size=768, num_hidden_layers=12, num_attention_heads=12,
        intermediate_size=3072, max_position_embeddings=2048, bos_token_id=0, eos_token_id=0,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.25},
    ))
    with torch.no_grad():
        for layer in model.gpt_neox.layers:
            weight = layer.attention.query_key_value.weight.normal_(std=0.05)
            heads = weight.unflatten(0, (12, 3, 64))
            heads[::2, 1] = heads[::2, 0]
    unfinished = directory.with_name(directory.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    model.half().save_pretrained(unfinished)
    unfinished.rename(directory)


def make_tokens(path: Path, prompts: int, length: int, seed: int) -> None:
    """Writes `prompts` lists of `length` ids: a block of 60 to 120 random ids, repeated to the end."""
    import random

    generator = random.Random(seed)
    rows = []
    for _ in range(prompts):
        block = generator.sample(range(1000, 50000), generator.randint(60, 120))
        rows.append((block * (length // len(block) + 1))[:length])
    path.write_text(json.dumps(rows) + "\n")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python make_models.py DIRECTORY")
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    make_model(directory / "neox160m")
    make_tokens(directory / "score160m-tokens.json", prompts=32, length=256, seed=1)
    make_tokens(directory / "profile160m-tokens.json", prompts=64, length=256, seed=3)
    make_tokens(directory / "load-tokens.json", prompts=1, length=16, seed=2)


if __name__ == "__main__":
    main()
