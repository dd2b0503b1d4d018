"""The workloads: who runs what, how much arithmetic it needs, and when two answers are the same."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shapes import ABLATE70M, PATCH_GPT2, SHAPES, ablate_flops, patch_flops, train_flops

HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-3
# Steps that one timing of train2l takes.
TRAIN_STEPS = 50


@dataclass(frozen=True)
class Workload:
    """One row. Without a peer it is timed alone, and `limit` says how many seconds it may take."""

    name: str
    ours: list[str]
    difference: Callable[[dict, dict], float] | None = None
    peer_package: str | None = None
    peer: list[str] | None = None
    #: Whether the process's own clock counts (the model is loaded before it starts), else the whole process.
    inner: bool = False
    flops: float | None = None
    limit: float | None = None


def all_workloads(bench: Path, induct: Path, models: Path, threads: int) -> list[Workload]:
    """Every workload. `bench` and `induct` are our programs, `models` is what make_models.py filled."""
    model = ["--model", str(models / "neox160m")]
    names = ("score160m", "load", "profile160m")
    prompts = {name: ["--tokens", str(models / f"{name}-tokens.json")] for name in names}
    profile = [
        str(induct), "profile", *model, *prompts["profile160m"], "--score", "duplicate", "--json", "--quiet",
        "--output", str(models / "profile160m-run"),
    ]

    def peer(program: str, workload: str, *flags: str) -> list[str]:
        command = [sys.executable, str(HERE / program), *model, *prompts[workload], "--threads", str(threads)]
        return [*command, *flags]

    def sweep(name: str, program: str, model: str, files: dict[str, str], flops: float) -> list[Workload]:
        """A sweep over heads beside the peer's loop, plain and tuned."""
        given = ["--model", str(models / model)]
        for flag, file in files.items():
            given += [flag, str(models / file)]
        theirs = [sys.executable, str(HERE / program), *given, "--threads", str(threads)]
        return [
            Workload(name + suffix, [str(bench), name, *given], losses_difference, "transformer-lens",
                     theirs + flags, inner=True, flops=flops)
            for suffix, flags in (("", []), ("-tuned", ["--tuned"]))
        ]

    score = [str(bench), "score160m", *model, *prompts["score160m"]]
    load = [str(bench), "load", *model, *prompts["load"]]
    trained = ["train2l", "--model", str(models / "train2l"), "--tokens", str(models / "train2l-tokens.json")]
    lens, transformers = "transformer-lens", "transformers"
    return [
        Workload("score160m", score, scores_difference, lens, peer("peer_score160m.py", "score160m"),
                 inner=True, flops=score_flops()),
        Workload("score160m-tuned", score, scores_difference, lens,
                 peer("peer_score160m.py", "score160m", "--tuned"), inner=True, flops=score_flops()),
        Workload("load", load, logits_difference, lens, peer("peer_load.py", "load")),
        Workload("load-transformers", load, logits_difference, transformers,
                 peer("peer_load_transformers.py", "load")),
        Workload("profile160m", profile, profile_difference, lens, peer("peer_profile160m.py", "profile160m")),
        *sweep("ablate70m", "peer_ablate70m.py", "neox70m", {"--tokens": "ablate70m-tokens.json"},
               ablate_flops(SHAPES["neox70m"], *ABLATE70M)),
        *sweep("patch-gpt2", "peer_patch_gpt2.py", "gpt2small",
               {"--clean": "patch-gpt2-clean.json", "--corrupted": "patch-gpt2-corrupted.json"},
               patch_flops(SHAPES["gpt2small"], *PATCH_GPT2)),
        Workload("train2l", [str(bench), *trained], training_difference, "torch",
                 [sys.executable, str(HERE / "peer_train2l.py"), *trained[1:], "--threads", str(threads)],
                 inner=True, flops=train_flops(TRAIN_STEPS)),
        *(
            Workload("hessian2l" + suffix, [str(bench), "hessian2l", *trained[1:]], eigenvalues_difference, "torch",
                     [sys.executable, str(HERE / "peer_hessian2l.py"), *trained[1:], "--threads", str(threads), *flags],
                     inner=True)
            for suffix, flags in (("", []), ("-tuned", ["--tuned"]))
        ),
        Workload("start", [str(induct), "scan", "--json"], limit=1.0),
    ]


def score_flops(prompts: int = 32, length: int = 256, layers: int = 12, width: int = 768) -> float:
    """The arithmetic that score160m cannot do without: everything up to the last layer's pattern.

    Per token 24 width^2 for a whole layer (q, k, v, o and an MLP of four times the width) and 4 width^2 for
    the last one's q and k; per causal pair of positions 2 width for scores and 2 width for mixing values.
    """
    tokens, causal = prompts * length, prompts * length * (length + 1) / 2
    linear = tokens * (24 * (layers - 1) + 4) * width**2
    return linear + causal * (4 * (layers - 1) + 2) * width


def scores_difference(peer: dict, ours: dict) -> float:
    """The largest difference of any head's score, over the largest such score of the peer's."""
    worst = 0.0
    for name in ("induction", "duplicate", "previous"):
        theirs, mine = _table(peer, name), _table(ours, name)
        if [len(row) for row in theirs] != [len(row) for row in mine]:
            return float("inf")
        flat = [(a, b) for row, other in zip(theirs, mine) for a, b in zip(row, other)]
        worst = max(worst, _relative(flat))
    return worst


def profile_difference(peer: dict, ours: dict) -> float:
    """The largest difference of any head's score; ours comes as the command prints it."""
    mine = ours["profiles"][0] if "profiles" in ours else ours
    flat = [
        (a, b) for row, other in zip(peer["scores"]["duplicate"], mine["scores"]["duplicate"])
        for a, b in zip(row, other)
    ]
    return _relative(flat)


def losses_difference(peer: dict, ours: dict) -> float:
    """The largest difference of any head's loss, over the spread of the peer's.

    The spread, because most of every loss is the same whatever is edited.
    """
    theirs, mine = peer["losses"], ours.get("losses", [])
    if [len(row) for row in theirs] != [len(row) for row in mine]:
        return float("inf")
    flat = [(a, b) for row, other in zip(theirs, mine) for a, b in zip(row, other)]
    low = min(a for a, _ in flat)
    return _relative([(a - low, b - low) for a, b in flat])


def training_difference(peer: dict, ours: dict) -> float:
    """The largest difference of the losses of the first steps, over the largest of them."""
    theirs, mine = peer["losses"][0], (ours.get("losses") or [[]])[0]
    return _relative(list(zip(theirs, mine))) if len(theirs) == len(mine) else float("inf")


def eigenvalues_difference(peer: dict, ours: dict) -> float:
    """By how much the largest eigenvalue differs beyond what the two residuals allow, over its size.

    No residual of ours may be larger than the peer's: then the answer is not as good, and the time does not count.
    """
    if len(ours["eigenvalues"]) != len(peer["eigenvalues"]) or max(ours["residuals"]) > max(peer["residuals"]):
        return float("inf")
    allowed = peer["residuals"][0] + ours["residuals"][0]
    return max(0.0, abs(peer["eigenvalues"][0] - ours["eigenvalues"][0]) - allowed) / abs(peer["eigenvalues"][0])


def logits_difference(peer: dict, ours: dict) -> float:
    """The largest difference of the first logits at the last position, over the largest of them."""
    theirs, mine = peer["logits_head"], ours.get("logits_head", [])
    return _relative(list(zip(theirs, mine))) if len(theirs) == len(mine) else float("inf")


def _table(answer: dict, name: str) -> list[list[float]]:
    return answer.get("scores", {}).get(name, [])


def _relative(pairs: list[tuple[float, float]]) -> float:
    """max|a-b| / max|a|; not-a-number anywhere makes it infinite."""
    difference = max(abs(a - b) if abs(a - b) < float("inf") else float("inf") for a, b in pairs)
    return difference / (max(abs(a) for a, _ in pairs) or 1)
