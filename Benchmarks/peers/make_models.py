"""Makes the random-weight models and prompts that the benchmarks run on, outside the tree.

    python make_models.py DIRECTORY [MODEL ...]

DIRECTORY/train2l holds the model that train2l trains, in induct's own format, as GPT-2 starts. Every other
DIRECTORY/MODEL holds a model of shapes.py as `save_pretrained` writes it, in float16: GPT-NeoX with a quarter of
each head rotated, or GPT-2 (by default neox160m, neox70m and gpt2small). Query, key and value weights are drawn
larger than a fresh model's, so that attention is not uniform and results that agree mean something; speed does
not depend on weights. In every other head keys equal queries, so that it looks at equal tokens.

Beside them:

    score160m-tokens.json, profile160m-tokens.json, load-tokens.json
        32 and 64 prompts of 256 ids, one of 16: a random block, repeated
    ablate70m-tokens.json    64 prompts of 35 ids: A B, 32 others, A; B is to be predicted
    patch-gpt2-clean.json    16 such prompts of 64 ids
    patch-gpt2-corrupted.json    the same with another id in place of the first B
    train2l-tokens.json      640 sequences of 65 ids, 64 a batch: a random block, repeated

What exists is kept. The same torch version makes the same files.
"""

import json
import random
import shutil
import sys
from pathlib import Path

from shapes import ABLATE70M, PATCH_GPT2, SHAPES, TRAIN2L, TRAIN2L_MODEL, Shape

IDS = range(1000, 50000)
DEFAULT = ("neox160m", "neox70m", "gpt2small")


def make_model(directory: Path, shape: Shape) -> None:
    """Writes the model unless it is there; an interrupted run leaves nothing under the final name."""
    if directory.exists():
        return
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(shape.seed)
    model = (gpt2 if shape.family == "gpt2" else gpt_neox)(shape)
    unfinished = directory.with_name(directory.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    model.half().save_pretrained(unfinished)
    unfinished.rename(directory)


def gpt_neox(shape: Shape):
    import torch
    from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

    model = GPTNeoXForCausalLM(GPTNeoXConfig(
        vocab_size=shape.vocabulary, hidden_size=shape.width, num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads, intermediate_size=4 * shape.width, max_position_embeddings=2048,
        bos_token_id=0, eos_token_id=0,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.25},
    ))
    with torch.no_grad():
        for layer in model.gpt_neox.layers:
            weight = layer.attention.query_key_value.weight.normal_(std=0.05)
            heads = weight.unflatten(0, (shape.heads, 3, shape.width // shape.heads))
            heads[::2, 1] = heads[::2, 0]
    return model


def gpt2(shape: Shape):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    # TransformerLens reads n_ctx, which transformers no longer writes of itself.
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=shape.vocabulary, n_embd=shape.width, n_layer=shape.layers, n_head=shape.heads,
        n_positions=1024, n_ctx=1024, bos_token_id=0, eos_token_id=0))
    with torch.no_grad():
        for layer in model.transformer.h:
            # [input, output]: all queries, all keys, all values.
            weight = layer.attn.c_attn.weight.normal_(std=0.05)
            heads = weight.unflatten(1, (3, shape.heads, shape.width // shape.heads))
            heads[:, 1, ::2] = heads[:, 0, ::2]
    return model


def make_trained_model(directory: Path) -> None:
    """Writes the attention-only model that is trained, unless it is there."""
    if directory.exists():
        return
    import torch
    from safetensors.torch import save_file

    layers, width, heads, vocabulary = TRAIN2L_MODEL
    context = TRAIN2L[2] - 1
    config = dict(
        model_type="induct", n_layers=layers, n_heads=heads, d_model=width, d_head=width // heads,
        d_vocab=vocabulary, n_ctx=context, d_mlp=0, normalization="layer_norm", layer_norm_eps=1e-5,
        positions="learned", attention_bias=True, tie_embeddings=False)
    generator = torch.Generator().manual_seed(2)

    def normal(*shape: int) -> torch.Tensor:
        return 0.02 * torch.randn(shape, generator=generator)

    def norm(name: str) -> dict:
        return {f"{name}.weight": torch.ones(width), f"{name}.bias": torch.zeros(width)}

    weights = {"embed.weight": normal(vocabulary, width), "pos_embed.weight": normal(context, width)}
    for layer in range(layers):
        weights |= norm(f"blocks.{layer}.ln1")
        for part in "qkvo":
            name = f"blocks.{layer}.attn.{part}"
            weights |= {f"{name}.weight": normal(width, width), f"{name}.bias": torch.zeros(width)}
    weights |= norm("ln_final")
    weights |= {"unembed.weight": normal(vocabulary, width), "unembed.bias": torch.zeros(vocabulary)}
    unfinished = directory.with_name(directory.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    (unfinished / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file(weights, unfinished / "model.safetensors")
    unfinished.rename(directory)


def write(path: Path, rows: list[list[int]]) -> None:
    path.write_text(json.dumps(rows) + "\n")


def blocks(prompts: int, length: int, seed: int, ids=IDS, lags=(60, 120)) -> list[list[int]]:
    """A block of so many random ids, repeated to the end."""
    generator = random.Random(seed)
    rows = []
    for _ in range(prompts):
        block = generator.sample(ids, generator.randint(*lags))
        rows.append((block * (length // len(block) + 1))[:length])
    return rows


def bigrams(prompts: int, length: int, seed: int, corrupted: bool = False) -> list[list[int]]:
    """A B, others, A, all different but for A; `corrupted` has another id in place of B."""
    generator = random.Random(seed)
    rows = []
    for _ in range(prompts):
        first, second, other, *noise = generator.sample(IDS, length)
        rows.append([first, other if corrupted else second, *noise, first])
    return rows


def main() -> None:
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(SHAPES):
        sys.exit(f"usage: python make_models.py DIRECTORY [{' | '.join(SHAPES)} ...]")
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or DEFAULT:
        make_model(directory / name, SHAPES[name])
    make_trained_model(directory / "train2l")
    batches, sequences, length = TRAIN2L
    symbols = range(TRAIN2L_MODEL[3])
    write(directory / "train2l-tokens.json", blocks(batches * sequences, length, seed=6, ids=symbols, lags=(5, 31)))
    write(directory / "score160m-tokens.json", blocks(prompts=32, length=256, seed=1))
    write(directory / "profile160m-tokens.json", blocks(prompts=64, length=256, seed=3))
    write(directory / "load-tokens.json", blocks(prompts=1, length=16, seed=2))
    write(directory / "ablate70m-tokens.json", bigrams(*ABLATE70M, seed=4))
    write(directory / "patch-gpt2-clean.json", bigrams(*PATCH_GPT2, seed=5))
    write(directory / "patch-gpt2-corrupted.json", bigrams(*PATCH_GPT2, seed=5, corrupted=True))


if __name__ == "__main__":
    main()
