"""The induct model format: a directory with config.json and model.safetensors.

config.json holds `model_type: "induct"` and
    n_layers, n_heads, d_model, d_head, d_vocab, n_ctx   sizes; n_heads x d_head need not equal d_model
    normalization     "layer_norm" or "none"; layer_norm_eps
    positions         "learned", "rotary" or "none"; rotary_base and rotary_dim (even, at most d_head) say
                      how the first rotary_dim dimensions of q and k turn, pairing i with i + rotary_dim / 2
    tie_embeddings    true: the unembedding is embed.weight, and unembed.weight is absent
    attention_bias    false: the q, k, v and o biases are absent
    d_mlp             0: attention only; else every block has an MLP after its attention
    activation        "gelu_new", "gelu", "relu" or "silu" (read only when d_mlp is not 0)

model.safetensors holds, as [output, input] matrices and vectors in float32,
    embed.weight [d_vocab, d_model], pos_embed.weight [n_ctx, d_model] (learned positions only)
    blocks.L.ln1.weight, .bias [d_model] (layer_norm only)
    blocks.L.attn.q|k|v.weight [n_heads * d_head, d_model], .bias; rows of head h are h * d_head ...
    blocks.L.attn.o.weight [d_model, n_heads * d_head], .bias [d_model]
    blocks.L.ln2.weight, .bias; blocks.L.mlp.up.weight [d_mlp, d_model], .bias;
    blocks.L.mlp.down.weight [d_model, d_mlp], .bias (MLP models only)
    ln_final.weight, .bias (layer_norm only), unembed.weight [d_vocab, d_model], unembed.bias [d_vocab]

Blocks are pre-norm and sequential, scores are divided by sqrt(d_head), attention is causal.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

ACTIVATIONS = {
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"), "gelu": F.gelu, "relu": F.relu, "silu": F.silu,
}


def shapes(config: dict) -> dict[str, tuple[int, ...]]:
    """The name and shape of every weight that a model with this config has."""
    width, inner = config["d_model"], config["n_heads"] * config["d_head"]
    found = {"embed.weight": (config["d_vocab"], width)}
    if config["positions"] == "learned":
        found["pos_embed.weight"] = (config["n_ctx"], width)

    def norm(name: str) -> None:
        if config["normalization"] == "layer_norm":
            found[f"{name}.weight"] = found[f"{name}.bias"] = (width,)

    def linear(name: str, output: int, input: int, bias: bool = True) -> None:
        found[f"{name}.weight"] = (output, input)
        if bias:
            found[f"{name}.bias"] = (output,)

    for layer in range(config["n_layers"]):
        block = f"blocks.{layer}"
        norm(f"{block}.ln1")
        for part in "qkv":
            linear(f"{block}.attn.{part}", inner, width, config["attention_bias"])
        linear(f"{block}.attn.o", width, inner, config["attention_bias"])
        if config["d_mlp"]:
            norm(f"{block}.ln2")
            linear(f"{block}.mlp.up", config["d_mlp"], width)
            linear(f"{block}.mlp.down", width, config["d_mlp"])
    norm("ln_final")
    if not config["tie_embeddings"]:
        found["unembed.weight"] = (config["d_vocab"], width)
    found["unembed.bias"] = (config["d_vocab"],)
    return found


def write(directory: Path, config: dict, weights: dict[str, torch.Tensor]) -> None:
    """Writes config.json and model.safetensors into `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file({name: value.contiguous() for name, value in weights.items()}, directory / "model.safetensors")


def read(directory: Path) -> tuple[dict, dict[str, torch.Tensor]]:
    """Reads what `write` wrote."""
    config = json.loads((directory / "config.json").read_text())
    return config, load_file(directory / "model.safetensors")


def logits(config: dict, weights: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
    """The forward pass written straight from the definition above: [batch, position, d_vocab].

    It shares no code with TransformerLens, so that the two check each other.
    """
    heads, size, length = config["n_heads"], config["d_head"], tokens.shape[1]

    def norm(x: torch.Tensor, name: str) -> torch.Tensor:
        if config["normalization"] == "none":
            return x
        return F.layer_norm(
            x, (config["d_model"],), weights[f"{name}.weight"], weights[f"{name}.bias"],
            config["layer_norm_eps"])

    def linear(x: torch.Tensor, name: str) -> torch.Tensor:
        return F.linear(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"))

    def by_head(x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(-1, (heads, size)).transpose(1, 2)

    residual = weights["embed.weight"][tokens]
    if config["positions"] == "learned":
        residual = residual + weights["pos_embed.weight"][:length]
    hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
    for layer in range(config["n_layers"]):
        block = f"blocks.{layer}"
        x = norm(residual, f"{block}.ln1")
        q, k, v = (by_head(linear(x, f"{block}.attn.{part}")) for part in "qkv")
        if config["positions"] == "rotary":
            q, k = _rotate(config, q), _rotate(config, k)
        scores = (q @ k.transpose(-1, -2) / math.sqrt(size)).masked_fill(hidden, -math.inf)
        z = (scores.softmax(-1) @ v).transpose(1, 2).flatten(-2)
        residual = residual + linear(z, f"{block}.attn.o")
        if config["d_mlp"]:
            up = linear(norm(residual, f"{block}.ln2"), f"{block}.mlp.up")
            residual = residual + linear(ACTIVATIONS[config["activation"]](up), f"{block}.mlp.down")
    unembedding = weights["embed.weight" if config["tie_embeddings"] else "unembed.weight"]
    return F.linear(norm(residual, "ln_final"), unembedding, weights["unembed.bias"])


def _rotate(config: dict, x: torch.Tensor) -> torch.Tensor:
    """Turns dimension pairs (i, i + half) of [batch, head, position, d_head] by position x frequency."""
    half = config["rotary_dim"] // 2
    frequencies = config["rotary_base"] ** (-torch.arange(half) / half)
    angles = torch.arange(x.shape[2])[:, None] * frequencies
    a, b, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    sin, cos = angles.sin(), angles.cos()
    return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], dim=-1)
