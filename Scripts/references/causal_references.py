"""Records what heads and layers cause, from TransformerLens loops on small random-weight models.

    python causal_references.py [OUTPUT_DIR]

Writes one folder per model (by default under Tests/InductionTests/Fixtures/causal): GPT-2, GPT-NeoX (parallel)
and Llama (grouped keys and values), 3 layers each, as a Hugging Face directory (config.json,
model.safetensors), with references.json (settings and ids) and references.safetensors (arrays, float32).
The arithmetic is float32; metrics are taken from float32 logits in float64. A model whose logits differ from
Hugging Face's by more than 1e-4 stops the program, and so do attributions that do not add up.

references.json:

    tokens, corrupted     6 prompts of 12 ids each; a pair differs at `changed` positions (the last two pairs
                          at the last position too)
    answers, foils        one id a prompt, predicted after the last token. The answer is the clean run's most
                          probable id (odd prompts: its third); the foil is the corrupted run's most probable
                          other id
    base_foils            foils of the ablations: the clean run's most probable id other than the answer
    permutation           resample ablation gives prompt i the activation of prompt permutation[i]
    lens_positions        positions that the lens is read at
    components            rows of the direct logit attribution, in order

Axes: layer, head, position, prompt; P prompts, T positions, L layers, H heads, K key/value heads, V ids.
Component c is `head` (z, [L, H]), `attn` (attention output with its bias, [L]), `mlp` (MLP output, [L]), `layer`
(both of these, [L]), `resid` (the residual that enters a block, [L]). Metric m is `logit_diff` (logit of answer
minus foil), `loss` (-log p(answer), nats), `prob` (p(answer)), `kl` (from the clean prediction, nats), all read
after the last token. Losses called next-token are those of each next token of the prompt itself.

    base.clean.m, base.corrupted.m          [P]  both runs, foils from `foils`
    base.logit_diff_base_foil               [P]  the clean run's logit of answer minus base_foils
    base.next_token_loss                    [P, T-1]
    base.clean.logits, base.corrupted.logits    [P, V]  after the last token

Ablation on the clean prompts at all positions, ablated minus base. Mode a: `zero`; `mean` (over the 6 prompts,
position by position); `mean_all` (over prompts and positions); `resample`; `pattern_preserving` (zero, and every
later layer's patterns those of the base run). Component c: head, attn, mlp, layer.

    ablate.a.c.delta_loss                   [L(, H), P]  nats
    ablate.a.c.delta_logit_diff             [L(, H), P]  with base_foils
    ablate.zero.c.delta_next_token_loss     [L(, H), P, T-1]
    ablate.folded.head.delta_loss, .delta_logit_diff       (GPT-2 and GPT-NeoX) zero, on weights after
        TransformerLens's fold_value_biases: z loses the value bias, the output bias gains it
    ablate.processed.head.delta_loss, .delta_logit_diff    zero, on weights as `from_pretrained` processes them by
        default (fold_ln, center_writing_weights, center_unembed, fold_value_biases): with a layer norm, z loses
        what the norm's bias gives the values as well

Patching. Direction d: `denoising` runs on corrupted and takes activations from clean, `noising` the other way.

    patch.d.head.last.m, patch.d.head.all.m           [L, H, P]  z at the last position, at all positions
    patch.d.c.last.m, patch.d.c.all.m                 [L, P]     c: attn, mlp, layer
    patch.d.c.position.m                              [L, T, P]  c: resid, attn, mlp; one position at a time

Path patching, all positions, directions as above ("base" is what is run on, "other" what is taken from).

    paths.d.q.frozen, .k.frozen, .v.frozen            [L, H, L, H or K, P]  logit_diff of sender layer and head to
        receiver layer and head (K heads for k and v); other heads' z and all MLP outputs as in the base run
    paths.d.q.recomputed, ...                         the same with MLPs computed
        Where the receiver's layer is not above the sender's there is no path: the base run's value.

Attribution patching, (other - base) . gradient of logit_diff at base, by autograd.

    attribution.d.head                                [L, H, T, P]
    attribution.d.resid, .attn, .mlp                  [L, T, P]

Logit lens on the clean prompts: rows 0..L (0 the embedding, l the residual after l blocks) through the model's own
final norm and unembedding; R = L + 1 rows, S lens positions.

    lens.top_ids, lens.top_probabilities              [R, S, P, 5]  most probable first (ids are int64)
    lens.target.rank, .probability, .logit            [R, S, P]  of `answers`; rank 1 is the most probable
    lens.logits                                       [R, P, V]  at the last position

Direct logit attribution at the last position of the clean prompts, answers minus foils: `components` are each
head, each MLP, the embeddings, each layer's attention output bias, the final norm's bias and the unembedding bias.

    direct.attribution                                [component, P]  adds up to base.clean.logit_diff

The same package versions give the same files (requirements.txt).
"""

import argparse
import copy
import json
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformer_lens import HookedTransformer

import causal_loops as loops
import hugging_face
import lens
from cases import gpt2, gpt_neox, llama_like
from weights import tokens

TOLERANCE = 1e-4
DEFAULT_OUTPUT = Path(__file__).resolve().parents[2] / "Tests" / "InductionTests" / "Fixtures" / "causal"
PROMPTS, LENGTH, VOCABULARY = 6, 12, 61
CHANGED = [[1, 6], [2, 8], [3, 7], [1, 9], [4, 8, 11], [2, 6, 11]]
PERMUTATION = [2, 4, 5, 1, 0, 3]
LENS_POSITIONS = [5, 11]
METRICS = ("logit_diff", "loss", "prob", "kl")
MODES = ("zero", "mean", "mean_all", "resample", "pattern_preserving")

# Seeds with which clean and corrupted prompts differ by more than twice the standard error.
MODELS = {
    "gpt2": (gpt2(n_layer=3, n_inner=53), 71),
    "gpt-neox": (gpt_neox(0.25, 10000.0, num_hidden_layers=3, hidden_size=40, intermediate_size=53), 79),
    "llama": (llama_like(num_hidden_layers=3), 73),
}


class Wrong(Exception):
    """Values that should be equal are not."""


def check(what: str, value: torch.Tensor, reference: torch.Tensor) -> None:
    """Prints the largest relative difference and refuses one above the tolerance."""
    difference = float((value - reference).abs().max() / (reference.abs().max() or 1))
    print(f"  {what}: {difference:.1e}")
    if not difference <= TOLERANCE:
        raise Wrong(f"{what} differ by {difference:.1e}")


def corrupt(ids: torch.Tensor) -> torch.Tensor:
    """The prompts with other ids at the changed positions."""
    corrupted = ids.clone()
    for prompt, positions in enumerate(CHANGED):
        for number, position in enumerate(positions):
            corrupted[prompt, position] = (ids[prompt, position] + 17 + 5 * prompt + number) % VOCABULARY
    return corrupted


def next_token_loss(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """[prompt, position - 1], nats."""
    log = logits[:, :-1].double().log_softmax(-1)
    return -log.gather(-1, ids[:, 1:, None])[..., 0]


class Recorder:
    """One model's prompts and base runs; each method gives named arrays."""

    def __init__(self, model: HookedTransformer, seed: int):
        self.model = model
        self.clean = tokens(PROMPTS, LENGTH, VOCABULARY, seed)
        self.corrupted = corrupt(self.clean)
        self.caches = {"clean": lens.record(model, self.clean), "corrupted": lens.record(model, self.corrupted)}
        clean, corrupted = (self.caches[name]["logits"][:, -1] for name in ("clean", "corrupted"))
        ranked = clean.argsort(dim=-1, descending=True)
        odd = torch.arange(PROMPTS) % 2 == 1
        answers = torch.where(odd, ranked[:, 2], ranked[:, 0])

        def best_other(logits: torch.Tensor) -> torch.Tensor:
            return logits.scatter(-1, answers[:, None], -torch.inf).argmax(-1)

        self.readout = loops.Readout(answers, best_other(corrupted), clean)
        self.base_readout = loops.Readout(answers, best_other(clean), clean)

    def settings(self) -> dict:
        readout = self.readout
        return {
            "tokens": self.clean.tolist(), "corrupted": self.corrupted.tolist(), "changed": CHANGED,
            "answers": readout.answers.tolist(), "foils": readout.foils.tolist(),
            "base_foils": self.base_readout.foils.tolist(), "permutation": PERMUTATION,
            "lens_positions": LENS_POSITIONS,
        }

    def base(self) -> dict[str, torch.Tensor]:
        logits = self.caches["clean"]["logits"]
        found = {
            "base.logit_diff_base_foil": self.base_readout(logits)["logit_diff"],
            "base.next_token_loss": next_token_loss(logits, self.clean),
        }
        for name, cache in self.caches.items():
            found[f"base.{name}.logits"] = cache["logits"][:, -1]
            found |= {f"base.{name}.{metric}": value for metric, value in self.readout(cache["logits"]).items()}
        return found

    def ablations(self) -> dict[str, torch.Tensor]:
        found = {}
        for mode in MODES:
            for component in ("head", "attn", "mlp", "layer"):
                runs = self._ablate(self.model, mode, component)
                found |= self._deltas(f"ablate.{mode}.{component}", component, runs)
                if mode == "zero":
                    base = next_token_loss(self.caches["clean"]["logits"], self.clean)
                    deltas = [next_token_loss(logits, self.clean) - base for logits in runs]
                    found[f"ablate.zero.{component}.delta_next_token_loss"] = self._stack(component, deltas)
        folded, processed = ({"fold_value_biases": True}, dict.fromkeys(
            ("fold_ln", "center_writing_weights", "center_unembed", "fold_value_biases"), True))
        for name, steps in (("folded", folded), ("processed", processed)):
            if name == "processed" or self.model.cfg.normalization_type == "LN":
                model = self._processed(**steps)
                logits = loops.run(model, self.clean).log_softmax(-1)
                check(f"log probabilities of {name} weights", logits, self.caches["clean"]["logits"].log_softmax(-1))
                runs = self._ablate(model, "zero", "head")
                found |= self._deltas(f"ablate.{name}.head", "head", runs)
        return found

    def patches(self) -> dict[str, torch.Tensor]:
        found = {}

        def add(name: str, component: str, runs: list[torch.Tensor]) -> None:
            values = [self.readout(logits) for logits in runs]
            for metric in METRICS:
                found[f"{name}.{metric}"] = self._stack(component, [value[metric] for value in values])

        for direction, ids, _, other in self._directions():
            for component in ("head", "attn", "mlp", "layer"):
                for place, position in (("last", LENGTH - 1), ("all", None)):
                    add(f"patch.{direction}.{component}.{place}", component,
                        loops.patch(self.model, ids, other, component, position))
            for component in ("resid", "attn", "mlp"):
                by_position = [
                    [self.readout(logits) for logits in loops.patch(self.model, ids, other, component, position)]
                    for position in range(LENGTH)
                ]
                for metric in METRICS:
                    found[f"patch.{direction}.{component}.position.{metric}"] = torch.stack([
                        torch.stack([values[metric] for values in layers]) for layers in by_position
                    ]).transpose(0, 1)
        return found

    def paths(self) -> dict[str, torch.Tensor]:
        found = {}
        for direction, ids, base, other in self._directions():
            for part in "qkv":
                for name, freezes in (("frozen", True), ("recomputed", False)):
                    found[f"paths.{direction}.{part}.{name}"] = loops.paths(
                        self.model, ids, base, other, part, freezes, self._logit_diff)
        return found

    def attributions(self) -> dict[str, torch.Tensor]:
        return {
            f"attribution.{direction}.{component}": loops.attributions(
                self.model, ids, base, other, component, self._logit_diff)
            for direction, ids, base, other in self._directions()
            for component in ("head", "resid", "attn", "mlp")
        }

    def lens(self) -> dict[str, torch.Tensor]:
        every = loops.lens_logits(self.model, self.caches["clean"])  # [row, prompt, position, vocab]
        check("logits of the lens's last row", every[-1], self.caches["clean"]["logits"])
        logits = every[:, :, LENS_POSITIONS].transpose(1, 2)  # [row, position, prompt, vocab]
        probabilities = logits.double().softmax(-1)
        top = probabilities.topk(5)
        answers = self.readout.answers.expand(logits.shape[:-1])[..., None]
        target = logits.gather(-1, answers)
        return {
            "lens.top_ids": top.indices, "lens.top_probabilities": top.values,
            "lens.target.rank": (logits > target).sum(-1) + 1,
            "lens.target.probability": probabilities.gather(-1, answers)[..., 0],
            "lens.target.logit": target[..., 0], "lens.logits": every[:, :, -1],
        }

    def direct(self) -> tuple[dict[str, torch.Tensor], list[str]]:
        """Direct logit attribution, by the library's own decomposition, and the names of its rows.

        The library expects the final norm's gain in the unembedding, so norms are folded first; z and what
        components write stay as they are. Its one `bias` row is the sum of all attention output biases.
        """
        model = self._processed(fold_ln=True)
        answers, foils = self.readout.answers, self.readout.foils
        with torch.no_grad():
            _, cache = model.run_with_cache(self.clean)
            stack, labels = cache.get_full_resid_decomposition(
                expand_neurons=False, pos_slice=-1, return_labels=True)
            keep = [index for index, label in enumerate(labels) if label != "bias"]
            biases = torch.stack([block.attn.b_O.expand(PROMPTS, -1) for block in model.blocks])
            check("attention biases and the library's", biases.sum(0), stack[labels.index("bias")])
            stack = torch.cat([stack[keep], biases])
            rows = cache.logit_attrs(stack, tokens=answers, incorrect_tokens=foils, pos_slice=-1)
            folded, own = model.unembed.b_U, self.model.unembed.b_U
            norm = folded - own
            rows = torch.cat([rows, (norm[answers] - norm[foils])[None], (own[answers] - own[foils])[None]])
        check("sum of direct attributions", rows.sum(0), self.readout(self.caches["clean"]["logits"])["logit_diff"])
        names = [labels[index] for index in keep]
        names += [f"{layer}_attn_bias" for layer in range(model.cfg.n_layers)]
        return {"direct.attribution": rows}, [*names, "final_norm_bias", "unembedding_bias"]

    def _directions(self):
        clean, corrupted = self.caches["clean"], self.caches["corrupted"]
        return (("denoising", self.corrupted, corrupted, clean), ("noising", self.clean, clean, corrupted))

    def _logit_diff(self, logits: torch.Tensor) -> torch.Tensor:
        return self.readout(logits)["logit_diff"]

    def _ablate(self, model: HookedTransformer, mode: str, component: str) -> list[torch.Tensor]:
        base = self.caches["clean"]
        return loops.ablate(model, self.clean, base, mode, component, torch.tensor(PERMUTATION))

    def _processed(self, **steps: bool) -> HookedTransformer:
        """A copy after the library's weight processing, only in the steps named."""
        model = copy.deepcopy(self.model)
        names = ("fold_ln", "center_writing_weights", "center_unembed", "fold_value_biases")
        weights = {name: value.clone() for name, value in self.model.state_dict().items()}
        model.load_and_process_state_dict(weights, **{name: steps.get(name, False) for name in names})
        return model.eval()

    def _deltas(self, name: str, component: str, runs: list[torch.Tensor]) -> dict[str, torch.Tensor]:
        base = self.base_readout(self.caches["clean"]["logits"])
        values = [self.base_readout(logits) for logits in runs]
        return {
            f"{name}.delta_{metric}": self._stack(component, [value[metric] - base[metric] for value in values])
            for metric in ("loss", "logit_diff")
        }

    def _stack(self, component: str, values: list[torch.Tensor]) -> torch.Tensor:
        return torch.stack(values).unflatten(0, loops.shape(self.model, component))


def write_model(name: str, output: Path) -> None:
    """Makes, checks, records and writes one model."""
    print(name, flush=True)
    config, seed = MODELS[name]
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / name
        source = hugging_face.make(made, config, seed)
        recorder = Recorder(lens.from_hugging_face(source), seed)
        with torch.no_grad():
            check("logits and Hugging Face's", recorder.caches["clean"]["logits"], source(recorder.clean).logits)
        direct, components = recorder.direct()
        arrays = {
            **recorder.base(), **recorder.ablations(), **recorder.patches(), **recorder.paths(),
            **recorder.attributions(), **recorder.lens(), **direct,
        }
        arrays = {
            key: (value if value.dtype == torch.int64 else value.float()).detach().contiguous().clone()
            for key, value in arrays.items()
        }
        for key, value in arrays.items():
            if not value.isfinite().all():
                raise Wrong(f"{key} has values that are not finite")
        target = output / name
        target.mkdir(parents=True, exist_ok=True)
        for file in ("config.json", "model.safetensors"):
            (target / file).write_bytes((made / file).read_bytes())
        save_file(arrays, target / "references.safetensors")
        settings = {**recorder.settings(), "components": components}
        (target / "references.json").write_text(json.dumps(settings, separators=(",", ":")) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", nargs="?", type=Path, default=DEFAULT_OUTPUT, metavar="OUTPUT_DIR")
    output = parser.parse_args().output
    torch.set_num_threads(1)
    try:
        for name in MODELS:
            write_model(name, output)
    except Wrong as problem:
        print(f"error: {problem}; nothing was written for this model", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
