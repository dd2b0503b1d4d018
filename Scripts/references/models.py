"""Records reference values for the forward pass on small random-weight models.

    python models.py [OUTPUT_DIR]

Writes one folder per case of cases.py (by default under Tests/TransformersTests/Fixtures) with the model as
its own library writes it (config.json, model.safetensors) and the recorded values in float32, under
TransformerLens's names and axis orders, with the ids as `tokens` [batch, position]:

    reference.safetensors          two prompts of 9 tokens, every activation
    reference-full.safetensors     one prompt of the full context: logits, the residual after
                                   every block, every z
    reference-single.safetensors   two prompts of one token: the same, and every pattern

The values are Hugging Face's own. GPT-2 and GPT-NeoX, whose sites set the pattern for all others, are recorded
with TransformerLens on the same weights too. Models in the induct format have no Hugging Face class: their
values are TransformerLens's, but for logits and for keys that are smeared afterwards, which are those of a forward
pass written from the format's definition; the two are compared at every site. Wherever two sources give a value the largest relative difference (max|a-b| / max|b|) is printed, and
above 1e-4 the program fails and writes nothing for the case. nanoGPT's models are Hugging Face GPT-2 models with
exact GELU, written as nanoGPT writes a checkpoint.

The same package versions give the same files (requirements.txt).
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file

import hugging_face
import induct_format
import lens
import nanogpt
from cases import CASES, CONTEXT, VOCABULARY, HuggingFaceCase, InductCase, NanoGPTCase
from weights import fill, tokens

TOLERANCE = 1e-4
DEFAULT_OUTPUT = Path(__file__).resolve().parents[2] / "Tests" / "TransformersTests" / "Fixtures"

SITES = re.compile(
    r"hook_(pos_)?embed|logits|ln_final\.hook_(scale|normalized)"
    r"|blocks\.\d+\.(hook_(resid_(pre|mid|post)|attn_out|mlp_out)|ln[12]\.hook_(scale|normalized)"
    r"|ln[12]_post\.hook_(scale|normalized)"
    r"|attn\.hook_(q|k|v|rot_q|rot_k|attn_scores|pattern|z|result)|mlp\.hook_(pre|pre_linear|post))")
SUMMARY = r"logits|blocks\.\d+\.(hook_resid_post|attn\.hook_z"

# File name, shape of the tokens, the sites kept.
RECORDINGS = [
    ("reference", (2, 9), SITES.pattern),
    ("reference-full", (1, CONTEXT), SUMMARY + r")"),
    ("reference-single", (2, 1), SUMMARY + r"|attn\.hook_pattern)"),
]


class Disagreement(Exception):
    """Two sources of a reference value differ by more than the tolerance."""


def relative_difference(value: torch.Tensor, reference: torch.Tensor) -> float:
    """max|a-b| / max|b| over the finite elements; infinity when shapes or infinite elements differ."""
    if value.shape != reference.shape or not torch.equal(value.isfinite(), reference.isfinite()):
        return float("inf")
    finite = reference.isfinite()
    return float((value - reference)[finite].abs().max() / reference[finite].abs().max())


class Sources:
    """One case's model in two implementations; `record` gives the values to keep after comparing the two."""

    def __init__(self, case: HuggingFaceCase | InductCase | NanoGPTCase, directory: Path):
        self.absent = set()
        self.prefers_lens = False
        if isinstance(case, HuggingFaceCase):
            model = hugging_face.make(directory, case.config, case.seed)
            if case.older_config:
                hugging_face.write_older_config(directory)
            self.first = lambda ids: hugging_face.record(model, ids)
            self.lens = lens.from_hugging_face(model) if case.config.model_type in lens.FAMILIES else None
        elif isinstance(case, NanoGPTCase):
            model = nanogpt.make(directory, case)
            self.first = lambda ids: hugging_face.record(model, ids)
            self.lens = None
        else:
            generator = torch.Generator().manual_seed(case.seed)
            weights = {
                name: fill(name, shape, shape[-1], generator)
                for name, shape in induct_format.shapes(case.config).items()
            }
            induct_format.write(directory, case.config, weights)
            config, weights = induct_format.read(directory)
            self.first = lambda ids: induct_format.record(config, weights, ids)
            self.lens = lens.from_induct(config, weights)
            # TransformerLens was given learned positions of zero, which the model does not have.
            self.absent = {"hook_pos_embed"} if config["positions"] == "none" else set()
            if config.get("smeared_keys"):
                self.absent |= {f"blocks.{layer}.attn.hook_k" for layer in range(config["n_layers"])}
            self.prefers_lens = True

    def record(self, ids: torch.Tensor) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
        """The values of every site, and the relative difference for each that both sources have."""
        first = self.first(ids)
        if self.lens is None:
            return first, {}
        second = {
            name: value for name, value in lens.record(self.lens, ids).items()
            if SITES.fullmatch(name) and name not in self.absent
        }
        unmatched = set(first) - set(second) - self.absent
        if unmatched:
            raise Disagreement(f"TransformerLens has no {sorted(unmatched)}")
        differences = {
            name: relative_difference(second[name], value) for name, value in first.items() if name in second
        }
        if self.prefers_lens:
            return {**first, **second, "logits": first["logits"]}, differences
        return {**second, **first}, differences


def write_case(case: HuggingFaceCase | InductCase | NanoGPTCase, output: Path) -> None:
    """Makes, compares, prints and writes one case."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / case.name
        sources = Sources(case, made)
        for number, (file, shape, pattern) in enumerate(RECORDINGS):
            ids = tokens(*shape, VOCABULARY, seed=100 * case.seed + number)
            values, differences = sources.record(ids)
            if not differences:
                print(f"| {case.name} | {file} | 0 | one source | | |", flush=True)
                worst = None
            else:
                worst = max(differences, key=differences.get)
                print(f"| {case.name} | {file} | {len(differences)} | {differences['logits']:.1e} "
                      f"| {differences[worst]:.1e} | {worst} |", flush=True)
            if worst and not differences[worst] <= TOLERANCE:
                raise Disagreement(f"{case.name}: {worst} differs by {differences[worst]:.1e}")
            wanted = re.compile(pattern)
            kept = {
                name: value.to(torch.float32).contiguous().clone() for name, value in values.items()
                if wanted.fullmatch(name)
            }
            save_file({"tokens": ids, **kept}, made / f"{file}.safetensors")
        target = output / case.name
        target.mkdir(parents=True, exist_ok=True)
        for path in made.iterdir():
            (target / path.name).write_bytes(path.read_bytes())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", nargs="?", type=Path, default=DEFAULT_OUTPUT, metavar="OUTPUT_DIR")
    output = parser.parse_args().output
    torch.set_num_threads(1)
    print("| case | file | sites compared | logits differ by | most | at |\n|---|---|---|---|---|---|")
    try:
        for case in CASES:
            write_case(case, output)
    except Disagreement as problem:
        print(f"error: {problem}; nothing was written for this case", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
