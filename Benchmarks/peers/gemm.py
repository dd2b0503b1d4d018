"""The machine's float32 matrix product peak: the best rate of oneDNN's linear over sizes and repeats.

    python gemm.py THREADS

Prints one JSON line with `gflops`, a lower bound of what the machine can do.
"""

import json
import sys
import time

import torch

SIZES = [(1024, 768, 3072), (2048, 2048, 2048), (8192, 768, 3072)]
REPEATS = 20


def main() -> None:
    torch.set_num_threads(int(sys.argv[1]))
    best = 0.0
    for rows, inner, columns in SIZES:
        x, weight = torch.randn(rows, inner), torch.randn(columns, inner)
        for _ in range(REPEATS):
            start = time.perf_counter()
            torch.ops.mkldnn._linear_pointwise(x, weight, None, "none", [], "")
            best = max(best, 2 * rows * inner * columns / (time.perf_counter() - start))
    print(json.dumps({"gflops": best / 1e9}))


if __name__ == "__main__":
    main()
