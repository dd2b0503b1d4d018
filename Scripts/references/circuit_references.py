#!/usr/bin/env python3
"""Write the reference fixture of the tests of head circuits and composition, with NumPy alone.

circuits.json in OUTPUT holds, for small models of several families (MODELS has their directories, in the hub's own
layout), by dense definition, so with vocab x vocab and d_model x d_model matrices:

- for every head the eigenvalues of W_E W_OV W_U and, by offset, of W_E W_QK W_E^T (the d_head largest), their
  sum(Re) / sum(|.|), and the Frobenius norms of W_OV and W_QK;
- Q, K and V composition ratios of every pair of heads, by offset;

and, for some shapes, the mean composition ratio of Gaussian heads and its standard error, over draws of its own.

Gains of norms are folded in, the scale of the embedding too; rotations are matrices of cosines and sines written
from the definition. The same versions give the same bytes.

usage: circuit_references.py MODELS OUTPUT
"""

import json
import pathlib
import sys

import numpy
from safetensors.numpy import load_file

OFFSETS = [0, 1, 7]
SHAPES = [(35, 7), (24, 40), (64, 8)]
DRAWS = 3000


def rotation(width, turned, neighbours, offset, base=10000.0):
    """The matrix R with q R = q turned by `offset` positions, for a row vector q."""
    matrix = numpy.eye(width)
    for pair in range(turned // 2):
        i, j = (2 * pair, 2 * pair + 1) if neighbours else (pair, pair + turned // 2)
        angle = offset * base ** (-2 * pair / turned)
        plane = numpy.eye(width)
        plane[i, i] = plane[j, j] = numpy.cos(angle)
        plane[i, j], plane[j, i] = numpy.sin(angle), -numpy.sin(angle)
        matrix = matrix @ plane
    return matrix


def gpt2(w, layer, c):
    name = f"transformer.h.{layer}."
    q, k, v = numpy.split(w[name + "attn.c_attn.weight"], 3, axis=1)
    o, gain = w[name + "attn.c_proj.weight"], w[name + "ln_1.weight"]
    h, e = c["n_head"], c["n_embd"] // c["n_head"]
    for i in range(h):
        s = slice(i * e, (i + 1) * e)
        yield [gain[:, None] * m[:, s] for m in (q, k, v)] + [o[s]]


def gpt_neox(w, layer, c):
    name = f"gpt_neox.layers.{layer}."
    h = c["num_attention_heads"]
    # Head by head: its queries, its keys, its values.
    qkv = w[name + "attention.query_key_value.weight"].reshape(h, 3, -1, c["hidden_size"])
    o, gain = w[name + "attention.dense.weight"], w[name + "input_layernorm.weight"]
    e = qkv.shape[2]
    for i in range(h):
        yield [gain[:, None] * qkv[i, j].T for j in range(3)] + [o[:, i * e : (i + 1) * e].T]


def gptj(w, layer, c):
    name = f"transformer.h.{layer}."
    gain, e = w[name + "ln_1.weight"], c["n_embd"] // c["n_head"]
    maps = [w[f"{name}attn.{part}_proj.weight"] for part in "qkv"]
    for i in range(c["n_head"]):
        s = slice(i * e, (i + 1) * e)
        yield [gain[:, None] * m[s].T for m in maps] + [w[name + "attn.out_proj.weight"][:, s].T]


def llama(w, layer, c):
    """Llama, Gemma 2, OLMo 2, Qwen 3."""
    name, family = f"model.layers.{layer}.", c["model_type"]
    one = 1.0 if family == "gemma2" else 0.0
    before = one + w.get(name + "input_layernorm.weight", numpy.ones(c["hidden_size"]))
    after = numpy.ones(c["hidden_size"])
    if family in ("gemma2", "olmo2"):
        after = one + w[name + "post_attention_layernorm.weight"]
    if family == "olmo2":
        before = numpy.ones(c["hidden_size"])
    q, k, v, o = (w[f"{name}self_attn.{part}_proj.weight"] for part in "qkvo")
    h, g = c["num_attention_heads"], c["num_key_value_heads"]
    e = len(q) // h
    norms = [w.get(f"{name}self_attn.{part}_norm.weight") for part in "qk"]

    def gain(norm, i):
        if norm is None:
            return 1.0
        return norm if len(norm) == e else norm[i * e : (i + 1) * e]

    for i in range(h):
        j = i // (h // g)
        own, shared = slice(i * e, (i + 1) * e), slice(j * e, (j + 1) * e)
        yield [
            before[:, None] * q[own].T * gain(norms[0], i),
            before[:, None] * k[shared].T * gain(norms[1], j),
            before[:, None] * v[shared].T,
            o[:, own].T * after,
        ]


# Heads; embedding, unembedding, final gain; how many of a head's dimensions turn, and whether neighbours turn together.
FAMILIES = {
    "gpt2": (gpt2, "transformer.wte.weight", "transformer.wte.weight", "transformer.ln_f.weight", 0, False),
    "gpt-neox-parallel": (gpt_neox, "gpt_neox.embed_in.weight", "embed_out.weight", "gpt_neox.final_layer_norm.weight",
                          2, False),
    "gptj": (gptj, "transformer.wte.weight", "lm_head.weight", "transformer.ln_f.weight", 6, True),
    "llama": (llama, "model.embed_tokens.weight", "lm_head.weight", "model.norm.weight", 6, False),
    "gemma2": (llama, "model.embed_tokens.weight", "model.embed_tokens.weight", "model.norm.weight", 10, False),
    "olmo2": (llama, "model.embed_tokens.weight", "lm_head.weight", "model.norm.weight", 6, False),
    "qwen3": (llama, "model.embed_tokens.weight", "lm_head.weight", "model.norm.weight", 10, False),
}


def circuit(whole, inner, width):
    """Eigenvalues of a vocab x vocab circuit, the largest `width` of them, and what follows."""
    values = numpy.linalg.eigvals(whole)
    values = values[numpy.argsort(-abs(values))][:width]
    return {
        "eigenvalues": [[round(float(z.real), 12), round(float(z.imag), 12)] for z in values],
        "score": float(values.real.sum() / abs(values).sum()),
        "norm": float(numpy.linalg.norm(inner)),
    }


def ratio(a, b):
    return float(numpy.linalg.norm(a @ b) / (numpy.linalg.norm(a) * numpy.linalg.norm(b)))


def model(directory, family):
    heads, embedding, unembedding, gain, turned, neighbours = family
    c = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    w = {name: value.astype(numpy.float64) for name, value in load_file(directory / "model.safetensors").items()}
    layers = c.get("num_hidden_layers", c.get("n_layer"))
    read = w[embedding] * (c["hidden_size"] ** 0.5 if c["model_type"] == "gemma2" else 1.0)
    gain = w[gain] + (1.0 if c["model_type"] == "gemma2" else 0.0)
    written = gain[:, None] * w[unembedding].T
    every = [(layer, *maps) for layer in range(layers) for maps in heads(w, layer, c)]
    width = every[0][1].shape[1]
    offsets = OFFSETS if turned else [None]
    turns = {o: rotation(width, turned, neighbours, o) if turned else numpy.eye(width) for o in offsets}
    result = {"name": directory.name, "heads": [], "composition": []}
    for _, q, k, v, o in every:
        qk = [(offset, q @ turn @ k.T) for offset, turn in turns.items()]
        result["heads"].append({
            "ov": circuit(read @ v @ o @ written, v @ o, width),
            "qk": [{"offset": offset, **circuit(read @ m @ read.T, m, width)} for offset, m in qk],
        })
    for kind in "qkv":
        for offset in offsets if kind != "v" else [None]:
            ratios = []
            for first, _, _, v1, o1 in every:
                row = []
                for second, q, k, v, o in every:
                    if second <= first:
                        row.append(None)
                        continue
                    if kind == "v":
                        row.append(ratio(v1 @ o1, v @ o))
                    else:
                        qk = q @ turns[offset] @ k.T
                        row.append(ratio(v1 @ o1, qk if kind == "q" else qk.T))
                ratios.append(row)
            result["composition"].append({"kind": kind, "offset": offset, "ratios": ratios})
    return result


def gaussian(shape):
    random = numpy.random.default_rng(9)
    ratios = []
    for _ in range(DRAWS):
        v, o, q, k = (random.standard_normal(shape) for _ in range(4))
        ratios.append(ratio(v @ o.T, q @ k.T))
    return {
        "shape": list(shape),
        "mean": float(numpy.mean(ratios)),
        "deviation": float(numpy.std(ratios, ddof=1)),
        "draws": DRAWS,
    }


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    models, output = map(pathlib.Path, sys.argv[1:])
    content = {
        "offsets": OFFSETS,
        "models": [model(models / name, family) for name, family in FAMILIES.items()],
        "gaussian": [gaussian(shape) for shape in SHAPES],
    }
    text = json.dumps(content, separators=(",", ":")) + "\n"
    (output / "circuits.json").write_text(text, encoding="utf-8", newline="\n")


main()
