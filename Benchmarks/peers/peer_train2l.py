"""PyTorch eager: steps of training an attention-only model, forward, backward and AdamW.

The model is induct's own format (make_models.py): token and position embeddings, two blocks of layer norm and causal
attention, a layer norm, an unembedding. Written as nanoGPT is: one map for queries, keys and values, and libtorch's
modules. Attention is fused (`scaled_dot_product_attention`) or explicit, AdamW fused or one kernel an operation
(`foreach`): of these four ways the one is timed whose 20 steps took the least time, all of them on copies of the model.

Losses of the first steps are printed, then lots of steps are timed. Nothing is clipped, the rate is constant: each side does
the same arithmetic. Batches are sequences one token longer than the context.
"""

import copy
import itertools
import json
import math
import time

import child

STEPS, LOTS = 50, 5


def main() -> None:
    options = child.arguments(__doc__.split("\n")[0])
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file

    torch.set_num_threads(options.threads)
    config = json.loads((options.model / "config.json").read_text())
    weights = load_file(options.model / "model.safetensors")
    heads, width = config["n_heads"], config["d_model"]

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
                z = scores.masked_fill(hidden, -math.inf).softmax(-1) @ v
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
            x = self.embed(ids) + self.positions(places)
            for block in self.blocks:
                x = block(x, is_fused)
            return self.unembed(self.norm(x))

    def named(prefix: str) -> dict:
        return {kind: weights[prefix + kind] for kind in ("weight", "bias")}

    tokens = torch.tensor(json.loads(options.tokens.read_text())).unflatten(0, (-1, 64))  # [step, sequence, position]
    places = torch.arange(tokens.shape[2] - 1)
    hidden = torch.ones(len(places), len(places), dtype=torch.bool).triu(1)

    def trainer(model: Model, is_fused: bool, adamw: str):
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, **{adamw: True})

        def step(number: int):
            batch = tokens[number % len(tokens)]
            logits = model(batch[:, :-1], is_fused)
            loss = F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            return loss.item()

        return step

    def lot(step, first: int, count: int) -> float:
        start = time.perf_counter()
        for number in range(first, first + count):
            step(number)
        return time.perf_counter() - start

    model = Model()
    ways = {}
    for way in itertools.product((True, False), ("fused", "foreach")):
        step = trainer(copy.deepcopy(model), *way)
        lot(step, 0, 5)
        ways[way] = lot(step, 5, 20)
    best = min(ways, key=ways.get)
    step = trainer(model, *best)
    losses = [step(number) for number in range(len(tokens))]
    seconds = [lot(step, len(tokens) + STEPS * number, STEPS) for number in range(LOTS)]
    child.report(
        "train2l", seconds, losses=[losses], steps=STEPS,
        way=f"{'fused' if best[0] else 'explicit'} attention, {best[1]} AdamW",
        ways={f"{'fused' if fused else 'explicit'}/{adamw}": taken / 20 for (fused, adamw), taken in ways.items()})


if __name__ == "__main__":
    main()
