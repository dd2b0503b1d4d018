"""The induct model format: a directory with config.json and model.safetensors.

config.json holds `model_type: "induct"` and
    n_layers, n_heads, d_model, d_head, d_vocab, n_ctx   sizes; n_heads x d_head need not equal d_model
    normalization     "layer_norm" or "none"; layer_norm_eps
    positions         "learned", "sinusoidal", "rotary" or "none". position_amplitude (1) is what sinusoids are multiplied
                      by; rotary_base (10000) and rotary_dim (d_head; even, at most d_head) say how the first
                      rotary_dim dimensions of q and k turn, pairing i with i + rotary_dim / 2
    smeared_keys      (false) true: in head h key j is s k_j + (1 - s) k_{j-1} with s = sigmoid(smear[h]), and key 0
                      is k_0; before rotation (Olsson et al. 2022)
    tie_embeddings    true: the unembedding is embed.weight, and unembed.weight is absent
    attention_bias    false: the q, k, v and o biases are absent
    d_mlp             0: attention only; else every block has an MLP after its attention
    activation        "gelu_new", "gelu", "relu" or "silu" (read only when d_mlp is not 0)

model.safetensors holds, as [output, input] matrices and vectors in float32,
    embed.weight [d_vocab, d_model], pos_embed.weight [n_ctx, d_model] (learned positions only)
    blocks.L.ln1.weight, .bias [d_model] (layer_norm only)
    blocks.L.attn.q|k|v.weight [n_heads * d_head, d_model], .bias; rows of head h are h * d_head ...
    blocks.L.attn.o.weight [d_model, n_heads * d_head], .bias [d_model]
    blocks.L.attn.smear [n_heads] (smeared keys only)
    blocks.L.ln2.weight, .bias; blocks.L.mlp.up.weight [d_mlp, d_model], .bias;
    blocks.L.mlp.down.weight [d_model, d_mlp], .bias (MLP models only)
    ln_final.weight, .bias (layer_norm only), unembed.weight [d_vocab, d_model], unembed.bias [d_vocab]

Sinusoids of position p and width d are sin, then cos, of p * 10000^(-i / half), i = 0 ... half - 1, half = d / 2
rounded up, cut to d. Blocks are pre-norm and sequential, scores are divided by sqrt(d_head), attention is causal.
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
        if config.get("smeared_keys"):
            found[f"{block}.attn.smear"] = (config["n_heads"],)
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


def positions(config: dict, weights: dict[str, torch.Tensor], length: int) -> torch.Tensor | None:
    """What is added to the embeddings: [position, d_model]."""
    if config["positions"] == "learned":
        return weights["pos_embed.weight"][:length]
    if config["positions"] != "sinusoidal":
        return None
    width = config["d_model"]
    half = (width + 1) // 2
    angles = torch.arange(length, dtype=torch.float64)[:, None] * 10000.0 ** (-torch.arange(half) / half).double()
    table = torch.cat([angles.sin(), angles.cos()], dim=1)[:, :width]
    return config.get("position_amplitude", 1.0) * table.float()


def record(config: dict, weights: dict[str, torch.Tensor], tokens: torch.Tensor) -> dict[str, torch.Tensor]:
    """The forward pass written straight from the definition above: every activation under TransformerLens's name.

    It shares no code with TransformerLens, so that the two check each other.
    """
    heads, size, (batch, length) = config["n_heads"], config["d_head"], tokens.shape
    found: dict[str, torch.Tensor] = {}

    def keep(name: str, value: torch.Tensor) -> torch.Tensor:
        found[name] = value
        return value

    def norm(x: torch.Tensor, name: str) -> torch.Tensor:
        if config["normalization"] == "none":
            return x
        centred = x - x.mean(-1, keepdim=True)
        scale = keep(f"{name}.hook_scale", (centred.square().mean(-1, keepdim=True) + config["layer_norm_eps"]).sqrt())
        normal = keep(f"{name}.hook_normalized", centred / scale)
        return normal * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def linear(x: torch.Tensor, name: str) -> torch.Tensor:
        return F.linear(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"))

    residual = keep("hook_embed", weights["embed.weight"][tokens])
    if (table := positions(config, weights, length)) is not None:
        residual = residual + keep("hook_pos_embed", table.expand(batch, length, -1))
    hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
    for layer in range(config["n_layers"]):
        block = f"blocks.{layer}"
        keep(f"{block}.hook_resid_pre", residual)
        x = norm(residual, f"{block}.ln1")
        q, k, v = (
            keep(f"{block}.attn.hook_{part}", linear(x, f"{block}.attn.{part}").unflatten(-1, (heads, size)))
            for part in "qkv")
        if config.get("smeared_keys"):
            k = smeared(k, weights[f"{block}.attn.smear"])
        if config["positions"] == "rotary":
            q = keep(f"{block}.attn.hook_rot_q", _rotate(config, q))
            k = keep(f"{block}.attn.hook_rot_k", _rotate(config, k))
        scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / math.sqrt(size)
        scores = keep(f"{block}.attn.hook_attn_scores", scores.masked_fill(hidden, -math.inf))
        pattern = keep(f"{block}.attn.hook_pattern", scores.softmax(-1))
        z = keep(f"{block}.attn.hook_z", torch.einsum("bhqk,bkhe->bqhe", pattern, v))
        output = weights[f"{block}.attn.o.weight"].unflatten(1, (heads, size))
        keep(f"{block}.attn.hook_result", torch.einsum("bqhe,dhe->bqhd", z, output))
        residual = residual + keep(f"{block}.hook_attn_out", linear(z.flatten(-2), f"{block}.attn.o"))
        if config["d_mlp"]:
            keep(f"{block}.hook_resid_mid", residual)
            up = keep(f"{block}.mlp.hook_pre", linear(norm(residual, f"{block}.ln2"), f"{block}.mlp.up"))
            post = keep(f"{block}.mlp.hook_post", ACTIVATIONS[config["activation"]](up))
            residual = residual + keep(f"{block}.hook_mlp_out", linear(post, f"{block}.mlp.down"))
        keep(f"{block}.hook_resid_post", residual)
    unembedding = weights["embed.weight" if config["tie_embeddings"] else "unembed.weight"]
    keep("logits", F.linear(norm(residual, "ln_final"), unembedding, weights["unembed.bias"]))
    return found


def loss(config: dict, weights: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
    """The mean of -log p over every token but the first, in nats."""
    logits = record(config, weights, tokens)["logits"]
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), tokens[:, 1:].flatten())


def smeared(k: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """Keys [batch, position, head, d_head], each mixed with the one before it."""
    own = logits.sigmoid()[:, None]
    return torch.cat([k[:, :1], own * k[:, 1:] + (1 - own) * k[:, :-1]], dim=1)


def _rotate(config: dict, x: torch.Tensor) -> torch.Tensor:
    """Turns dimension pairs (i, i + half) of [batch, position, head, d_head] by position x frequency."""
    half = config.get("rotary_dim", config["d_head"]) // 2
    frequencies = config["rotary_base"] ** (-torch.arange(half) / half)
    angles = (torch.arange(x.shape[1])[:, None] * frequencies)[:, None]  # [position, 1, half]
    a, b, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    sin, cos = angles.sin(), angles.cos()
    return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], dim=-1)
