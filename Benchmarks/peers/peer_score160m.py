"""TransformerLens: three attention scores of every head, over all prompts.

    induction   A[t, s + 1], s the last earlier position with t's token; pairs with s + 1 = t are left out
    duplicate   A[t, s]
    previous    A[t, t - 1], every t >= 1

Each is the mean over all (prompt, t). Plainly, as the library's documentation shows it: one `run_with_cache`
that keeps the patterns and asks for no logits, reduced afterwards. With --tuned, as somebody who knows the
library would: prompts in batches of 8, and patterns reduced in hooks as they come.
The model is loaded before the clock starts, and one short prompt warms it up.
"""

import json
import time

import child


def pairs(tokens: list[list[int]]) -> list[tuple[int, int, int]]:
    """(prompt, t, s) for every t whose token occurred before, s being the last such position."""
    found = []
    for prompt, ids in enumerate(tokens):
        last: dict[int, int] = {}
        for t, token in enumerate(ids):
            if token in last:
                found.append((prompt, t, last[token]))
            last[token] = t
    return found


class Sums:
    """One layer's patterns [batch, head, query, key] to the sums of the three scores, [head] each."""

    def __init__(self, tokens: list[list[int]]):
        import torch

        every = torch.tensor(pairs(tokens)).reshape(-1, 3)
        self.prompt, self.t, self.s = every.T
        self.apart = self.s + 1 < self.t
        self.counts = {
            "induction": int(self.apart.sum()), "duplicate": len(every),
            "previous": len(tokens) * (len(tokens[0]) - 1),
        }

    def __call__(self, pattern) -> dict:
        prompt, t, s = self.prompt, self.t, self.s
        far = self.apart
        return {
            "induction": pattern[prompt[far], :, t[far], s[far] + 1].sum(0),
            "duplicate": pattern[prompt, :, t, s].sum(0),
            "previous": pattern.diagonal(-1, dim1=2, dim2=3).sum((0, 2)),
        }


def plain(model, tokens: list[list[int]]) -> dict[str, list[list[float]]]:
    """All prompts in one run that keeps every pattern; [layer][head] means."""
    import torch

    sums = Sums(tokens)
    _, cache = model.run_with_cache(
        torch.tensor(tokens), return_type=None, names_filter=lambda name: name.endswith("hook_pattern"))
    layers = [sums(cache["pattern", layer]) for layer in range(model.cfg.n_layers)]
    return {
        name: [(layer[name] / count).tolist() for layer in layers] for name, count in sums.counts.items()
    }


def tuned(model, tokens: list[list[int]], batch: int = 8) -> dict[str, list[list[float]]]:
    """Batches, patterns reduced in hooks; [layer][head] means."""
    import torch

    totals = {}
    counts = {"induction": 0, "duplicate": 0, "previous": 0}
    for start in range(0, len(tokens), batch):
        part = tokens[start : start + batch]
        sums = Sums(part)

        def reduce(pattern, hook):
            for name, value in sums(pattern).items():
                totals[name, hook.layer()] = totals.get((name, hook.layer()), 0) + value

        model.run_with_hooks(
            torch.tensor(part), return_type=None,
            fwd_hooks=[(lambda name: name.endswith("hook_pattern"), reduce)])
        counts = {name: counts[name] + sums.counts[name] for name in counts}
    return {
        name: [(totals[name, layer] / count).tolist() for layer in range(model.cfg.n_layers)]
        for name, count in counts.items()
    }


def main() -> None:
    options = child.arguments(__doc__.split("\n")[0], "--tuned")
    import torch

    import lens_model

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    tokens = json.loads(options.tokens.read_text())
    model = lens_model.load(options.model)
    model(torch.tensor(tokens[:1])[:, :16])
    start = time.perf_counter()
    scores = (tuned if options.tuned else plain)(model, tokens)
    child.report("score160m", [time.perf_counter() - start], scores=scores)


if __name__ == "__main__":
    main()
