"""Random weights that make mistakes visible.

Freshly initialised models hide errors: zero biases, norm weights of one and nearly uniform attention give
almost the same logits whatever is swapped or dropped. Here every parameter is random, and matrices are large
enough that attention scores have a standard deviation of about 2.
"""

import torch


def fill(name: str, shape: tuple[int, ...], fan_in: int, generator: torch.Generator) -> torch.Tensor:
    """A random float32 tensor fit for the parameter's role, which its name and rank tell."""
    noise = torch.randn(shape, generator=generator)
    if any(part in name for part in ("embed", "wte", "wpe")) and len(shape) == 2:
        return 0.7 * noise
    if len(shape) == 2:
        return 1.5 * noise / fan_in**0.5
    if name.endswith("smear"):
        return 1.5 * noise
    if name.endswith("weight"):
        return 1 + 0.3 * noise
    return 0.3 * noise


def tokens(batch: int, length: int, vocabulary: int, seed: int) -> torch.Tensor:
    """Random ids [batch, length] in which the first row repeats itself; the outermost ids occur."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(vocabulary, (batch, length), generator=generator)
    half = length // 2
    ids[0, half : 2 * half] = ids[0, :half]
    ids[-1, 0] = vocabulary - 1
    ids[0, -1] = 0
    return ids
