"""What every peer program shares: its arguments, and the one JSON line that it prints."""

import argparse
import json
import resource
import sys
from pathlib import Path


def arguments(description: str, *flags: str, files: tuple[str, ...] = ("--tokens",)) -> argparse.Namespace:
    """Parses --model, --threads, files of prompts and the given on/off flags."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", type=Path, required=True, help="model directory")
    for file in files:
        parser.add_argument(file, type=Path, required=True, help="JSON list of lists of ids")
    parser.add_argument("--threads", type=int, default=2)
    for flag in flags:
        parser.add_argument(flag, action="store_true")
    return parser.parse_args()


def peak_bytes(usage=None) -> int:
    """Peak resident memory of this process, or of the one that `usage` describes."""
    usage = usage or resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def report(workload: str, seconds: list[float], **results) -> None:
    """Prints the line that compare.py reads."""
    print(json.dumps({"workload": workload, "seconds": seconds, "peak_bytes": peak_bytes(), **results}))
