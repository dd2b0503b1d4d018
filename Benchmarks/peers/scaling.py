"""How the time of ablating every head grows with the model: seconds beside the operations an exact sweep needs.

    python scaling.py [--repeats 3] [--threads 2] [--output FILE]

Runs `induct-bench ablate70m` on random-weight GPT-NeoX models of the 70m, 160m and 410m shapes (made on first use;
the largest takes 2 GB on disk while it is made), 8 prompts of 35 ids, in turn, `--repeats` times. Prints a Markdown
table of medians; --output also writes them as JSON:

    {"prompts": 8, "length": 35, "threads": 2, "gemm_gflops": 410.0, "rows": [{"model": "neox70m", "layers": 6,
     "width": 512, "heads": 8, "nodes": 48, "seconds": [...], "median": 0.5, "flops": 1.9e11, "peak_bytes": ...}]}
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

from compare import BUILD, CACHE
from make_models import bigrams, write
from processes import Failed, run
from shapes import SHAPES, ablate_flops
from workloads import HERE

MODELS = ("neox70m", "neox160m", "neox410m")
PROMPTS, LENGTH = 8, 35


def measure(options: argparse.Namespace) -> dict:
    made = subprocess.run([sys.executable, str(HERE / "make_models.py"), str(options.models), *MODELS])
    if made.returncode != 0:
        raise Failed(f"the benchmark models could not be made in {options.models}")
    tokens = options.models / "scaling-tokens.json"
    write(tokens, bigrams(PROMPTS, LENGTH, seed=6))
    gemm = run([sys.executable, str(HERE / "gemm.py"), str(options.threads)], options.threads).answer["gflops"]
    runs = {name: [] for name in MODELS}
    for number in range(options.repeats):
        for name in MODELS:
            command = [str(options.bench), "ablate70m", "--model", str(options.models / name), "--tokens", str(tokens)]
            runs[name].append(run(command, options.threads))
            print(f"{name}: {number + 1} of {options.repeats}, {runs[name][-1].inner_seconds:.2f} s", file=sys.stderr)
    rows = []
    for name in MODELS:
        shape, seconds = SHAPES[name], [one.inner_seconds for one in runs[name]]
        rows.append({
            "model": name, "layers": shape.layers, "width": shape.width, "heads": shape.heads,
            "nodes": shape.layers * shape.heads, "seconds": seconds, "median": median(seconds),
            "flops": ablate_flops(shape, PROMPTS, LENGTH),
            "peak_bytes": median(one.peak_bytes for one in runs[name]),
        })
    return {
        "prompts": PROMPTS, "length": LENGTH, "threads": options.threads, "gemm_gflops": gemm, "rows": rows}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bench", type=Path, default=BUILD / "induct-bench", help="our benchmark program")
    parser.add_argument("--models", type=Path, default=CACHE, help="where the random-weight models are kept")
    parser.add_argument("--output", type=Path, help="JSON file to write")
    options = parser.parse_args()
    if options.repeats < 1:
        parser.error("--repeats must be at least 1")
    if not options.bench.is_file():
        sys.exit(f"error: {options.bench} is missing; build it with `swift build -c release`")
    try:
        found = measure(options)
    except Failed as problem:
        sys.exit(f"error: {problem}")
    print("| model | layers x heads | TFLOP | seconds | GFLOP/s | of peak | MB |\n|---|---|---|---|---|---|---|")
    for row in found["rows"]:
        rate = row["flops"] / row["median"] / 1e9
        print(f"| {row['model']} | {row['layers']} x {row['heads']} | {row['flops'] / 1e12:.2f} | {row['median']:.2f} "
              f"| {rate:.0f} | {rate / found['gemm_gflops']:.0%} | {row['peak_bytes'] / 1e6:.0f} |")
    if options.output:
        options.output.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
