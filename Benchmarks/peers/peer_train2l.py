"""PyTorch eager: steps of training an attention-only model, forward, backward and AdamW.

Attention is fused (`scaled_dot_product_attention`) or explicit, AdamW fused or one kernel an operation (`foreach`): of
these four ways the one is timed whose 20 steps took the least time, all of them on copies of the model.

Losses of the first steps are printed, then lots of steps are timed. Nothing is clipped, the rate is constant: each side does
the same arithmetic. Batches are sequences one token longer than the context.
"""

import copy
import itertools
import json
import time

import attention_model
import child

STEPS, LOTS = 50, 5


def main() -> None:
    options = child.arguments(__doc__.split("\n")[0])
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(options.threads)
    tokens = torch.tensor(json.loads(options.tokens.read_text())).unflatten(0, (-1, 64))  # [step, sequence, position]

    def trainer(model, is_fused: bool, adamw: str):
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

    model = attention_model.load(options.model)
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
