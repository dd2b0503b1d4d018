"""Runs one side of a comparison as a child process and measures it from outside.

Nothing here or in compare.py imports torch: a child's peak memory, as the system counts it, starts from its
parent's size when it was forked.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from child import peak_bytes


class Failed(Exception):
    """A child process did not do its work; the message says which, and what it printed."""


@dataclass(frozen=True)
class Run:
    """One finished child: its whole wall time, its own clock's median, its peak memory, its JSON answer."""

    whole_seconds: float
    inner_seconds: float
    peak_bytes: int
    answer: dict


def run(command: list[str], threads: int) -> Run:
    """Runs `command` on `threads` threads and reads its answer: all that it prints, or the last line."""
    environment = {
        **os.environ, "OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads),
        "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false",
    }
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        whole = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        printed, complaint = output.read().decode(), errors.read().decode(errors="replace")
    name = Path(command[1] if command[0] == sys.executable else command[0]).name
    if process.returncode != 0:
        raise Failed(f"{name} ended with code {process.returncode}:\n{complaint[-2000:]}")
    answer = _json(printed)
    if answer is None:
        raise Failed(f"{name} printed no JSON object:\n{printed[-500:]}")
    seconds = answer.get("seconds", whole)
    inner = median(seconds) if isinstance(seconds, list) else seconds
    return Run(whole, inner, peak_bytes(usage), answer)


def _json(printed: str) -> dict | None:
    for text in (printed, printed.strip().rpartition("\n")[2]):
        try:
            value = json.loads(text)
        except ValueError:
            continue
        if isinstance(value, dict):
            return value
    return None
