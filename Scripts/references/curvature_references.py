#!/usr/bin/env python3
"""Write the reference fixture of the curvature tests, with PyTorch.

curvature.json in OUTPUT holds, for small models of this project's format (an attention-only one, one with MLPs and
rotary positions, one with tied embeddings), all in float64:

- the weights, by name, and the prompts, which may differ in length;
- the mean next-token loss, its gradient, and of its dense Hessian (`torch.autograd.functional.hessian` of the forward pass in
  `induct_format.py`, parameters in the order of `order`) all eigenvalues, ascending, and the products with the vectors
  sin(1), sin(2), ... and cos(3), cos(6), ...

Queries, keys and values are one matrix in `order`: q, then k, then v, as one name (blocks.L.attn.qkv).

usage: curvature_references.py OUTPUT
"""

import base64
import json
import pathlib
import sys

import torch
import torch.nn.functional as F

from induct_format import logits, shapes

BASE = dict(n_layers=1, n_heads=2, d_model=6, d_head=2, d_vocab=5, n_ctx=6, normalization="layer_norm",
            layer_norm_eps=1e-5, positions="learned", tie_embeddings=False, attention_bias=True, d_mlp=0,
            activation="gelu_new")
CASES = {
    "attention": dict(BASE, n_layers=2),
    "mlp": dict(BASE, positions="rotary", rotary_dim=2, rotary_base=50.0, d_mlp=7),
    "tied": dict(BASE, d_mlp=4, activation="silu", tie_embeddings=True, attention_bias=False),
}
PROMPTS = {
    "attention": [[4, 0, 2, 1, 0, 2], [3, 1, 1, 4, 3, 0], [2, 4, 3, 2, 4, 0]],
    "mlp": [[4, 0, 2, 1, 0, 2], [3, 1, 1], [2, 4, 3, 2]],
    "tied": [[1, 0, 3, 1, 0, 2], [3, 4]],
}


def order(config):
    """Groups of names, each group one parameter, in the order of this project's `Transformer.parameters`."""
    groups = [["embed.weight"], ["pos_embed.weight"]]
    for layer in range(config["n_layers"]):
        block = f"blocks.{layer}"
        groups += [[f"{block}.ln1.weight"], [f"{block}.ln1.bias"]]
        groups += [[f"{block}.attn.{part}.{kind}" for part in "qkv"] for kind in ("weight", "bias")]
        groups += [[f"{block}.{name}"] for name in (
            "attn.o.weight", "attn.o.bias", "ln2.weight", "ln2.bias", "mlp.up.weight", "mlp.up.bias",
            "mlp.down.weight", "mlp.down.bias")]
    groups += [["ln_final.weight"], ["ln_final.bias"], ["unembed.weight"], ["unembed.bias"]]
    known = shapes(config)
    return [group for group in groups if group[0] in known]


def case(name):
    config, prompts = CASES[name], PROMPTS[name]
    generator = torch.Generator().manual_seed(len(name))
    known, groups = shapes(config), order(config)
    names = [part for group in groups for part in group]
    weights = {}
    for part in names:
        noise = torch.randn(known[part], generator=generator, dtype=torch.float64)
        weights[part] = 1 + 0.3 * noise if ".ln" in "." + part and part.endswith("weight") else 0.6 * noise
    sizes = [weights[part].numel() for part in names]

    def loss(vector):
        parts = dict(zip(names, (piece.reshape(known[part]) for part, piece in zip(names, vector.split(sizes)))))
        terms = []
        for prompt in prompts:
            ids = torch.tensor([prompt])
            values = logits(config, parts, ids)[0, :-1]
            terms.append(F.cross_entropy(values, ids[0, 1:], reduction="none"))
        return torch.cat(terms).mean()

    vector = torch.cat([weights[part].reshape(-1) for part in names])
    hessian = torch.autograd.functional.hessian(loss, vector)
    gradient = torch.autograd.functional.jacobian(loss, vector)
    symmetric = (hessian + hessian.T) / 2
    numbers = torch.arange(1, len(vector) + 1)
    return {
        "name": name,
        "config": config,
        "prompts": prompts,
        "order": groups,
        "weights": encoded(vector),
        "loss": float(loss(vector)),
        "gradient": encoded(gradient),
        "eigenvalues": encoded(torch.linalg.eigvalsh(symmetric)),
        "products": [encoded(symmetric @ v) for v in (numbers.sin(), (3 * numbers).cos())],
    }


def encoded(values):
    """Little-endian float64 as text."""
    return base64.b64encode(values.detach().numpy().astype("<f8").tobytes()).decode()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    torch.set_default_dtype(torch.float64)
    text = json.dumps([case(name) for name in CASES], separators=(",", ":")) + "\n"
    (pathlib.Path(sys.argv[1]) / "curvature.json").write_text(text, encoding="utf-8", newline="\n")


main()
