"""Causal experiments as plain loops over TransformerLens hooks: one forward pass for every edit.

Nothing is resumed, batched or shared between edits. Every function gives values with the prompt as the last
axis; axes before it are layer, head, position. causal_references.py says what is recorded of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from transformer_lens import HookedTransformer

Hook = tuple[str, Callable]
Cache = dict[str, torch.Tensor]

# The hooks of a component: one head's part of z; what attention writes, the MLP, or both; what a block receives.
WRITES = {
    "head": ["attn.hook_z"], "attn": ["hook_attn_out"], "mlp": ["hook_mlp_out"],
    "layer": ["hook_attn_out", "hook_mlp_out"], "resid": ["hook_resid_pre"],
}


@dataclass(frozen=True)
class Readout:
    """Metrics of the prediction after the last token, each [prompt], float64."""

    answers: torch.Tensor
    foils: torch.Tensor
    #: Logits [prompt, vocab] of the clean run, which `kl` is the divergence from.
    reference: torch.Tensor

    def __call__(self, logits: torch.Tensor) -> dict[str, torch.Tensor]:
        last = logits[:, -1].double()
        log, reference = last.log_softmax(-1), self.reference.double().log_softmax(-1)
        answer = log[torch.arange(len(log)), self.answers]
        rows = torch.arange(len(last))
        return {
            "logit_diff": last[rows, self.answers] - last[rows, self.foils],
            "loss": -answer, "prob": answer.exp(), "kl": (reference.exp() * (reference - log)).sum(-1),
        }


def run(model: HookedTransformer, tokens: torch.Tensor, hooks: Iterable[Hook] = ()) -> torch.Tensor:
    """Logits [prompt, position, vocab] of one run with hooks."""
    with torch.no_grad():
        return model.run_with_hooks(tokens, fwd_hooks=list(hooks))


def put(name: str, source: torch.Tensor, head: int | None = None, position: int | None = None) -> Hook:
    """Replaces an activation, or one head's or one position's part, by the same part of `source`."""
    part = (slice(None), slice(None) if position is None else position)
    if head is not None:
        part += (head,)

    def replace(value: torch.Tensor, hook) -> torch.Tensor:
        value = value.clone()
        value[part] = source[part]
        return value

    return name, replace


def freeze(name: str, source: Cache) -> Hook:
    """Replaces a whole activation by another run's."""
    return name, lambda value, hook: source[name]


def nodes(model: HookedTransformer, component: str) -> Iterator[tuple[int, int | None]]:
    """(layer, head) of every node of a component; the head is None but for heads."""
    for layer in range(model.cfg.n_layers):
        for head in range(model.cfg.n_heads) if component == "head" else [None]:
            yield layer, head


def shape(model: HookedTransformer, component: str) -> tuple[int, ...]:
    """[layer, head] or [layer]."""
    return (model.cfg.n_layers, model.cfg.n_heads)[: 2 if component == "head" else 1]


def ablate(model: HookedTransformer, tokens: torch.Tensor, base: Cache, mode: str, component: str,
           permutation: torch.Tensor) -> list[torch.Tensor]:
    """Logits [prompt, position, vocab] for every node of a component, ablated at all positions."""
    sources = {
        "zero": torch.zeros_like,
        "pattern_preserving": torch.zeros_like,
        "mean": lambda value: value.mean(0, keepdim=True).expand_as(value),
        "mean_all": lambda value: value.mean((0, 1), keepdim=True).expand_as(value),
        "resample": lambda value: value[permutation],
    }
    found = []
    for layer, head in nodes(model, component):
        names = [f"blocks.{layer}.{write}" for write in WRITES[component]]
        hooks = [put(name, sources[mode](base[name]), head) for name in names]
        if mode == "pattern_preserving":
            hooks += [
                freeze(f"blocks.{later}.attn.hook_pattern", base) for later in range(layer + 1, model.cfg.n_layers)]
        found.append(run(model, tokens, hooks))
    return found


def patch(model: HookedTransformer, tokens: torch.Tensor, other: Cache, component: str,
          position: int | None) -> list[torch.Tensor]:
    """Logits for every node of a component, taken from another run at one position or at all of them."""
    return [
        run(model, tokens, [
            put(f"blocks.{layer}.{write}", other[f"blocks.{layer}.{write}"], head, position)
            for write in WRITES[component]])
        for layer, head in nodes(model, component)
    ]


def paths(model: HookedTransformer, tokens: torch.Tensor, base: Cache, other: Cache, part: str,
          freezes_mlps: bool, metric: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """The metric of every path, [sender layer, sender head, receiver layer, receiver head, prompt].

    First run: the sender's z from the other run, every other head's z from the base run, MLPs from the base
    run or computed; what comes out as the receiver's q, k or v is kept. Second run: the base run with only
    that replaced. Receivers of k and v are key/value heads. There is no path to a layer that is not above the
    sender's: the value there is the base run's.
    """
    layers, heads = model.cfg.n_layers, model.cfg.n_heads
    receivers = heads if part == "q" else model.cfg.n_key_value_heads or heads
    whole = metric(run(model, tokens))
    found = whole.expand(layers, heads, layers, receivers, -1).clone()
    for layer in range(layers):
        for head in range(heads):
            hooks, kept = [], {}

            def keep(value, hook):
                kept[hook.name] = value.clone()

            for each in range(layers):
                name = f"blocks.{each}.attn.hook_z"
                hooks.append((f"blocks.{each}.attn.hook_{part}", keep))
                hooks.append(freeze(name, base))
                if each == layer:
                    hooks.append(put(name, other[name], head))
                if freezes_mlps:
                    hooks.append(freeze(f"blocks.{each}.hook_mlp_out", base))
            run(model, tokens, hooks)
            for above in range(layer + 1, layers):
                name = f"blocks.{above}.attn.hook_{part}"
                for receiver in range(receivers):
                    logits = run(model, tokens, [put(name, kept[name], receiver)])
                    found[layer, head, above, receiver] = metric(logits)
    return found


def attributions(model: HookedTransformer, tokens: torch.Tensor, base: Cache, other: Cache, component: str,
                 metric: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """(other - base) . d metric / d activation at base: [layer, head, position, prompt], or without heads."""
    [write] = WRITES[component]
    names = [f"blocks.{layer}.{write}" for layer in range(model.cfg.n_layers)]
    kept = {}

    def keep(value, hook):
        value.retain_grad()
        kept[hook.name] = value

    logits = model.run_with_hooks(tokens, fwd_hooks=[(name, keep) for name in names])
    metric(logits).sum().backward()
    model.zero_grad()
    products = torch.stack([((other[name] - base[name]) * kept[name].grad).sum(-1) for name in names])
    # [layer, prompt, position(, head)]
    return products.permute(0, 3, 2, 1) if component == "head" else products.permute(0, 2, 1)


def lens_logits(model: HookedTransformer, base: Cache) -> torch.Tensor:
    """Every row of the residual stream through the final norm and the unembedding: [row, prompt, position, vocab].

    Row 0 is the embedding, row l the residual after l blocks.
    """
    rows = [base["blocks.0.hook_resid_pre"]]
    rows += [base[f"blocks.{layer}.hook_resid_post"] for layer in range(model.cfg.n_layers)]
    with torch.no_grad():
        return torch.stack([model.unembed(model.ln_final(row)) for row in rows])
