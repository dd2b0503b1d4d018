"""Records ten steps of training by PyTorch on small random-weight models in the induct format.

    python training_references.py [OUTPUT_DIR]

Writes one folder per model (by default under Tests/FormationTests/Fixtures): attention-only, with MLPs (sinusoidal
positions, tied), and one layer with smeared keys and rotary positions. Each holds the model before training
(config.json, model.safetensors), settings.json, and reference.safetensors, all float32 but for ids:

    tokens [step, sequence, position]           the batches
    losses [step]                               before each step, nats a token
    gradient_norms [step]                       of all gradients as one vector, before they are clipped
    gradient.NAME                               of the first batch, before clipping, by the weight's name
    first_moment.NAME, second_moment.NAME       AdamW's state after the last step
    weight.NAME                                 after the last step

The optimiser, the clipping and the schedule (a line, then a cosine to a tenth) are PyTorch's own; every weight decays.
The gradients are taken again in float64, and a difference above 1e-5 stops the program. PyTorch's clip adds 1e-6 to
the norm that it divides by. The same package versions give the same files (requirements.txt).
"""

import json
import sys
import warnings
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

import induct_format
from cases import induct
from weights import fill, tokens

DEFAULT_OUTPUT = Path(__file__).resolve().parents[2] / "Tests" / "FormationTests" / "Fixtures"
TOLERANCE = 1e-5
STEPS, SEQUENCES, LENGTH = 10, 6, 16

SIZES = dict(n_heads=4, d_model=20, d_head=5, d_vocab=23, n_ctx=LENGTH)
MODELS = {
    "attention": induct(**SIZES),
    "mlp": induct(**SIZES, positions="sinusoidal", position_amplitude=0.7, d_mlp=30, tie_embeddings=True),
    "smeared": induct(**{
        **SIZES, "n_layers": 1, "d_head": 6, "positions": "rotary", "rotary_dim": 6, "smeared_keys": True}),
}
# The schedule's length is more than the steps recorded, which end on the way down.
SETTINGS = dict(
    steps=16, learning_rate=2e-3, warm_up_steps=4, beta1=0.9, beta2=0.98, weight_decay=0.1,
    epsilon=1e-8)
# Some steps are clipped, some are not.
CLIPS = {"attention": 5.3, "mlp": 3.95, "smeared": 4.15}


def train(
        config: dict, start: dict[str, torch.Tensor], batches: torch.Tensor, clip: float) -> dict[str, torch.Tensor]:
    """Everything that reference.safetensors holds."""
    weights = {name: value.clone().requires_grad_() for name, value in start.items()}
    optimizer = torch.optim.AdamW(
        weights.values(), lr=SETTINGS["learning_rate"], betas=(SETTINGS["beta1"], SETTINGS["beta2"]),
        eps=SETTINGS["epsilon"], weight_decay=SETTINGS["weight_decay"])
    rising, falling = SETTINGS["warm_up_steps"], SETTINGS["steps"] - SETTINGS["warm_up_steps"]
    schedule = SequentialLR(optimizer, [
        LinearLR(optimizer, 1 / rising, 1.0, rising - 1),
        CosineAnnealingLR(optimizer, falling, SETTINGS["learning_rate"] / 10)], [rising])
    losses, norms, found = [], [], {"tokens": batches}
    for number, batch in enumerate(batches):
        optimizer.zero_grad()
        loss = induct_format.loss(config, weights, batch)
        loss.backward()
        if number == 0:
            found |= {f"gradient.{name}": value.grad.clone() for name, value in weights.items()}
        norms.append(torch.nn.utils.clip_grad_norm_(weights.values(), clip))
        losses.append(loss.detach())
        optimizer.step()
        schedule.step()
    found |= {"losses": torch.stack(losses), "gradient_norms": torch.stack(norms)}
    for name, value in weights.items():
        state = optimizer.state[value]
        found[f"first_moment.{name}"], found[f"second_moment.{name}"] = state["exp_avg"], state["exp_avg_sq"]
        found[f"weight.{name}"] = value.detach()
    return found


def check(config: dict, start: dict[str, torch.Tensor], found: dict[str, torch.Tensor]) -> float:
    """The largest difference of a gradient from float64's, over the largest gradient of all."""
    exact = {name: value.double().requires_grad_() for name, value in start.items()}
    induct_format.loss(config, exact, found["tokens"][0]).backward()
    scale = max(value.grad.abs().max() for value in exact.values())
    return float(max((found[f"gradient.{name}"] - value.grad).abs().max() for name, value in exact.items()) / scale)


def main() -> int:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_OUTPUT
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", message=".*epoch parameter.*")
    for seed, (name, config) in enumerate(MODELS.items(), 81):
        generator = torch.Generator().manual_seed(seed)
        start = {
            part: fill(part, shape, shape[-1], generator) for part, shape in induct_format.shapes(config).items()
        }
        batches = torch.stack([tokens(SEQUENCES, LENGTH, config["d_vocab"], 100 * seed + step) for step in range(STEPS)])
        found = train(config, start, batches, CLIPS[name])
        difference = check(config, start, found)
        print(f"{name}: gradients differ from float64's by {difference:.1e}; losses "
              f"{found['losses'][0]:.4f} to {found['losses'][-1]:.4f}, gradient norms "
              + " ".join(f"{norm:.2f}" for norm in found["gradient_norms"]))
        if not difference <= TOLERANCE:
            print("error: too much; nothing was written for this model", file=sys.stderr)
            return 1
        induct_format.write(output / name, config, start)
        (output / name / "settings.json").write_text(json.dumps({**SETTINGS, "gradient_clip": CLIPS[name]}, indent=2) + "\n")
        save_file({key: value.contiguous() for key, value in found.items()}, output / name / "reference.safetensors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
