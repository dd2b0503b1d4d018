"""The shapes that models are made in, and the arithmetic that exact sweeps over their heads cannot do without.

A product of m x k and k x n matrices counts 2 m k n operations; norms, softmax and activations count nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """A model with heads that fill its width and an MLP of four times the width."""

    family: str
    layers: int
    width: int
    heads: int
    vocabulary: int
    seed: int

    def linear(self, rows: float, matrices: float) -> float:
        """Operations of `rows` rows through `matrices` width x width matrices: q, k, v, o 1 each, the MLP 8."""
        return 2.0 * rows * matrices * self.width**2

    def unembedding(self, rows: float) -> float:
        return 2.0 * rows * self.width * self.vocabulary


SHAPES = {
    "neox70m": Shape("gpt_neox", 6, 512, 8, 50304, seed=70),
    "neox160m": Shape("gpt_neox", 12, 768, 12, 50304, seed=160),
    "neox410m": Shape("gpt_neox", 24, 1024, 16, 50304, seed=410),
    "gpt2small": Shape("gpt2", 12, 768, 12, 50257, seed=124),
}

# Prompts and their length.
ABLATE70M = (64, 35)
PATCH_GPT2 = (16, 64)
# Batches, sequences of each, and their length, one more than the context.
TRAIN2L = (10, 64, 65)
# Layers, width, heads, vocabulary of the attention-only model that is trained.
TRAIN2L_MODEL = (2, 64, 4, 64)


def ablate_flops(shape: Shape, prompts: int, length: int) -> float:
    """Ablating each head at all positions, reading the last position, in parallel blocks (GPT-NeoX).

    One base run, and each ablated run from its head's layer on. There the head's write is taken away (one
    head's columns of o); the MLP beside it sees nothing of that. Every later layer runs on all positions, but
    for the last, which needs k and v there and everything else at the last position only, as the unembedding does.
    """
    tokens, causal = prompts * length, prompts * length * (length + 1) / 2
    whole = shape.linear(tokens, 12) + 4 * causal * shape.width
    last = shape.linear(tokens, 0.25) + shape.linear(prompts, 12) + 4 * tokens * shape.width * shape.heads
    total = (shape.layers - 1) * whole + last + shape.unembedding(prompts)
    for layer in range(shape.layers):
        above = shape.layers - 1 - layer
        rows = tokens if above else prompts
        resumed = (above - 1) * whole + last if above else 0
        total += shape.heads * (resumed + shape.unembedding(prompts)) + shape.linear(rows, 1)
    return total


def patch_flops(shape: Shape, prompts: int, length: int) -> float:
    """Patching each head at the last position, read there, in sequential blocks (GPT-2).

    Two base runs (clean and corrupted) up to the last layer's z at the last position. Each patched run changes
    one position only: keys and values of the others are the base run's, and the head's layer from o on and every
    layer above it, with the unembedding, run on one row a prompt.
    """
    tokens, causal = prompts * length, prompts * length * (length + 1) / 2
    whole = shape.linear(tokens, 12) + 4 * causal * shape.width
    last = shape.linear(tokens, 2) + shape.linear(prompts, 1) + 4 * tokens * shape.width
    row = shape.linear(prompts, 12) + 4 * tokens * shape.width
    total = 2 * ((shape.layers - 1) * whole + last)
    for layer in range(shape.layers):
        above = shape.layers - 1 - layer
        resumed = shape.linear(prompts, 8) + above * row + shape.unembedding(prompts)
        # What one head writes; together they are all of o.
        total += shape.heads * resumed + shape.linear(prompts, 1)
    return total


def train_flops(steps: int) -> float:
    """Steps of training the attention-only model: the forward pass, and twice that for the gradients."""
    (_, sequences, length), (layers, width, _, vocabulary) = TRAIN2L, TRAIN2L_MODEL
    tokens, causal = sequences * (length - 1), sequences * (length - 1) * length / 2
    layer = 2.0 * tokens * 4 * width**2 + 4 * causal * width
    return steps * 3 * (layers * layer + 2.0 * tokens * width * vocabulary)
