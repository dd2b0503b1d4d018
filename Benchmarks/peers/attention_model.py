"""An attention-only model in PyTorch, as nanoGPT is written: one map for queries, keys and values, libtorch's modules.

Reads induct's own format (make_models.py): token and position embeddings, blocks of layer norm and causal attention, a
layer norm, an unembedding. Attention is fused (`scaled_dot_product_attention`) or explicit; only that has a second
derivative.
"""

import json
import math
from pathlib import Path


def load(directory: Path):
    """The model of a directory; called with ids [batch, position] and whether attention is fused."""
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file

    config = json.loads((directory / "config.json").read_text())
    weights = load_file(directory / "model.safetensors")
    heads, width = config["n_heads"], config["d_model"]

    def named(prefix: str) -> dict:
        return {kind: weights[prefix + kind] for kind in ("weight", "bias")}

    def hidden(length: int):
        return torch.ones(length, length, dtype=torch.bool).triu(1)

    class Block(torch.nn.Module):
        def __init__(self, layer: int):
            super().__init__()
            self.norm = torch.nn.LayerNorm(width, eps=config["layer_norm_eps"])
            self.qkv = torch.nn.Linear(width, 3 * width)
            self.output = torch.nn.Linear(width, width)
            name = f"blocks.{layer}."
            parts = [f"{name}attn.{part}." for part in "qkv"]
            self.norm.load_state_dict(named(f"{name}ln1."))
            self.output.load_state_dict(named(f"{name}attn.o."))
            self.qkv.load_state_dict({
                kind: torch.cat([weights[part + kind] for part in parts]) for kind in ("weight", "bias")})

        def forward(self, x, is_fused: bool):
            batch, length, _ = x.shape
            q, k, v = (
                part.view(batch, length, heads, width // heads).transpose(1, 2)
                for part in self.qkv(self.norm(x)).split(width, dim=2))
            if is_fused:
                z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            else:
                scores = (q @ k.transpose(-2, -1)) * (1 / math.sqrt(width // heads))
                z = scores.masked_fill(hidden(length), -math.inf).softmax(-1) @ v
            return x + self.output(z.transpose(1, 2).contiguous().view(batch, length, width))

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = torch.nn.Embedding.from_pretrained(weights["embed.weight"], freeze=False)
            self.positions = torch.nn.Embedding.from_pretrained(weights["pos_embed.weight"], freeze=False)
            self.blocks = torch.nn.ModuleList(Block(layer) for layer in range(config["n_layers"]))
            self.norm = torch.nn.LayerNorm(width, eps=config["layer_norm_eps"])
            self.norm.load_state_dict(named("ln_final."))
            self.unembed = torch.nn.Linear(width, config["d_vocab"])
            self.unembed.load_state_dict(named("unembed."))

        def forward(self, ids, is_fused: bool):
            x = self.embed(ids) + self.positions(torch.arange(ids.shape[1]))
            for block in self.blocks:
                x = block(x, is_fused)
            return self.unembed(self.norm(x))

    return Model()
