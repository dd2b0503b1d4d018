"""Times induct against its peers, in turn, and prints a Markdown table.

    python compare.py [--pairs 3] [--threads 2] [WORKLOAD ...]

Run it with the Python that setup.sh installed. Each side is a process of its own; they alternate, peer first,
`--pairs` times, so that a machine that slows down slows both. Answers are compared before times count: a row
whose largest relative difference exceeds 1e-3 says MISMATCH, gives no ratio, and the exit code is 1.

Times are medians. score160m, ablate70m, patch-gpt2 and train2l (50 steps) count each process's own clock, which starts when the model is
loaded; the others count the whole process as seen from outside, and files are in the system's cache after the first pair.
Peak memory is the system's count, which includes mapped file pages. The share of the machine's peak is the
arithmetic that the workload cannot do without, over our time and the best matrix product rate measured before
and after.

Our side is two programs that take OMP_NUM_THREADS threads. `induct-bench WORKLOAD --model DIR --tokens FILE`
prints one JSON line with `seconds` (a number or a list) and, for score160m, `scores` {"induction": [[layer x
head]], "duplicate", "previous"}, for load `logits_head`, the first 8 logits of the last position, for ablate70m and
patch-gpt2 (`--clean FILE --corrupted FILE`) `losses` [[layer x head]], for train2l [[step]].
`induct scan --json` prints an object with `heads`.
"""

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median

from processes import Failed, Run, run
from workloads import HERE, TOLERANCE, Workload, all_workloads

BUILD = HERE.parents[1] / ".build" / "release"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "induct" / "bench-models"

HEADER = """\
| workload | peer | peer, s | ours, s | ratio | peer, MB | ours, MB | memory | of peak | answers differ by |
|---|---|---|---|---|---|---|---|---|---|"""


def measure(workload: Workload, pairs: int, threads: int) -> tuple[list[Run], list[Run]]:
    """Peer, ours, peer, ours ...; progress goes to standard error."""
    theirs, mine = [], []
    for number in range(pairs):
        for side, command, runs in (("peer", workload.peer, theirs), ("ours", workload.ours, mine)):
            if command:
                print(f"{workload.name}: pair {number + 1} of {pairs}, {side} ...", end=" ", file=sys.stderr,
                      flush=True)
                runs.append(run(command, threads))
                print(f"{seconds(workload, runs[-1]):.2f} s", file=sys.stderr, flush=True)
    return theirs, mine


def seconds(workload: Workload, one: Run) -> float:
    return one.inner_seconds if workload.inner else one.whole_seconds


def row(workload: Workload, theirs: list[Run], mine: list[Run], gflops: float) -> tuple[str, bool]:
    """The table row, and whether the answers agree (or the time limit is kept)."""
    time = median(seconds(workload, one) for one in mine)
    memory = median(one.peak_bytes for one in mine) / 1e6
    if not theirs:
        answered = all(one.answer.get("heads") for one in mine)
        kept = answered and time <= workload.limit
        verdict = f"{'under' if kept else 'OVER'} {workload.limit:g} s" if answered else "MISMATCH"
        return cells(workload.name, "none", "", f"{time:.2f}", verdict, "", f"{memory:.0f}", "", "", ""), kept
    version = importlib.metadata.version(workload.peer_package)
    peer = f"{workload.peer_package} {version}"
    difference = max(
        workload.difference(theirs[0].answer, other.answer) for other in theirs[1:] + mine)
    if not difference <= TOLERANCE:
        return cells(
            workload.name, peer, "", "", "MISMATCH", "", "", "", "", f"{difference:.1e}"), False
    peer_time = median(seconds(workload, one) for one in theirs)
    peer_memory = median(one.peak_bytes for one in theirs) / 1e6
    share = f"{workload.flops / time / gflops / 1e9:.0%}" if workload.flops else ""
    return cells(
        workload.name, peer, f"{peer_time:.2f}", f"{time:.2f}", f"{peer_time / time:.1f}x",
        f"{peer_memory:.0f}", f"{memory:.0f}", f"{memory / peer_memory:.2f}", share,
        f"{difference:.1e}"), True


def cells(*values: str) -> str:
    return "| " + " | ".join(values) + " |"


def processor() -> str:
    """The processor's name as the system gives it."""
    if sys.platform == "darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help="default: all")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bench", type=Path, default=BUILD / "induct-bench", help="our benchmark program")
    parser.add_argument("--induct", type=Path, default=BUILD / "induct", help="our command")
    parser.add_argument("--models", type=Path, default=CACHE, help="where the random-weight models are kept")
    options = parser.parse_args()

    chosen = all_workloads(options.bench, options.induct, options.models, options.threads)
    names = [workload.name for workload in chosen]
    unknown = set(options.workloads) - set(names)
    if unknown:
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if options.pairs < 1:
        parser.error("--pairs must be at least 1")
    chosen = [one for one in chosen if not options.workloads or one.name in options.workloads]
    for program in {Path(workload.ours[0]) for workload in chosen}:
        if not program.is_file():
            sys.exit(f"error: {program} is missing; build it with `swift build -c release`")
    try:
        return compare(chosen, options)
    except Failed as problem:
        sys.exit(f"error: {problem}")


def compare(chosen: list[Workload], options: argparse.Namespace) -> int:
    made = subprocess.run([sys.executable, str(HERE / "make_models.py"), str(options.models)])
    if made.returncode != 0:
        raise Failed(f"the benchmark models could not be made in {options.models}")

    def peak() -> float:
        command = [sys.executable, str(HERE / "gemm.py"), str(options.threads)]
        return run(command, options.threads).answer["gflops"]

    gflops = peak()
    measured = [(one, *measure(one, options.pairs, options.threads)) for one in chosen]
    gflops = max(gflops, peak())

    rows = [row(*one, gflops) for one in measured]
    print(HEADER)
    for text, _ in rows:
        print(text)
    torch = importlib.metadata.version("torch")
    print(f"\n{processor()}, {os.cpu_count()} cores, {options.threads} threads, {platform.system()}; matrix "
          f"product peak {gflops:.0f} GFLOP/s in float32; pairs: {options.pairs}; the peers' torch: {torch}")
    return 0 if all(agree for _, agree in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
