"""The program under test: its server, its commands, and its way of writing numbers."""

import json
import math
import os
import queue
import re
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("INDUCT") or ROOT / ".build" / "release" / "induct").resolve()
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


def command(*arguments, cwd):
    """What a command prints."""
    done = subprocess.run([PROGRAM, *arguments], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answers(*arguments, cwd):
    """The JSON that a command prints."""
    return json.loads(command(*arguments, "--json", cwd=cwd))


class Server:
    """`induct explore` in a directory."""

    def __init__(self, cwd, *arguments):
        self.cwd = cwd
        self.process = subprocess.Popen(
            [PROGRAM, "explore", "--port", "0", *arguments],
            cwd=cwd, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        lines = queue.Queue()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        said = ""
        while not (found := re.search(r"http://[\w.]+:\d+", said)):
            said += lines.get(timeout=20)
        self.origin = found[0]

    def _read(self, lines):
        for line in self.process.stdout:
            lines.put(line)

    def api(self, path, body=None, method=None):
        """JSON of the API; raises `HTTPError` with a status that is none of success."""
        request = urllib.request.Request(
            self.origin + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Origin": self.origin},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


MINUS = "\u2212"


def number(value, digits=3):
    """Three significant digits, as the page writes them."""
    if value is None:
        return "–"
    rounded = float(f"{value:.{digits - 1}e}")
    size = abs(rounded)
    if size == 0:
        return "0"
    if size >= 1e5 or size < 1e-4:
        mantissa, power = f"{rounded:.{digits - 1}e}".split("e")
        text = f"{mantissa}e{int(power):+d}"
    else:
        text = f"{rounded:.{max(0, digits - 1 - math.floor(math.log10(size)))}f}"
    return text.replace("-", MINUS)


def fixed(value, places=3):
    """So many places, as the page writes them in columns."""
    return "–" if value is None else f"{value:.{places}f}".replace("-", MINUS)


def interval(low, high):
    """An interval as the page writes it."""
    return "no interval" if low is None or high is None else f"{number(low)} to {number(high)}"


def head_name(head):
    """L1H2."""
    return f"L{head['layer']}H{head['head']}"
