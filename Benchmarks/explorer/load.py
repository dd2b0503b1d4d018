"""How the explorer's server answers: one prompt at a time, fifty clients at once, ten thousand requests.

Starts `induct explore` on the bundled model and prints a Markdown table. Needs nothing but Python.

    python3 Benchmarks/explorer/load.py [program]
"""
import http.client
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = "induct-2l"


class Server:
    """The program, listening, with an address."""

    def __init__(self, program):
        self.directory = tempfile.TemporaryDirectory()
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [program, "explore", "--port", "0"], stdout=subprocess.PIPE, text=True, cwd=self.directory.name
        )
        self.address = urllib.parse.urlparse(self.process.stdout.readline().strip())
        self.start_seconds = time.perf_counter() - start

    def connection(self):
        return http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=120)

    def resident(self):
        """Resident memory in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def close(self):
        self.process.terminate()
        self.process.wait()


def ask(connection, path, body=None):
    """Status and bytes of one request."""
    if body is None:
        connection.request("GET", path)
    else:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read()


def words(seed, count=25):
    """A prompt with a block that repeats: always the same for a seed."""
    draw = random.Random(seed)
    block = [draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(count)]
    return " ".join(block + block)


def timed(function, count):
    """Milliseconds of each call."""
    times = []
    for index in range(count):
        start = time.perf_counter()
        status, data = function(index)
        times.append(1000 * (time.perf_counter() - start))
        assert status == 200, data[:300]
    return times


def text(times):
    return f"{statistics.median(times):.1f} ms (p95 {sorted(times)[int(0.95 * len(times))]:.1f})"


def attention(connection, index):
    return ask(connection, "/api/attention", {"model": MODEL, "prompt": words(index)})


def prediction(connection, index):
    off = [{"layer": 1, "head": index % 4}]
    return ask(connection, "/api/prediction", {"model": MODEL, "prompt": words(index), "off": off})


def first_page(server):
    """The page with its modules and the first scorecard, one after the other on one connection."""
    connection = server.connection()
    start = time.perf_counter()
    for path in ["/heads", "/assets/style.css", "/assets/app.js", "/api/models"]:
        assert ask(connection, path)[0] == 200, path
    status, data = ask(connection, "/api/work", {"command": "scan", "model": MODEL})
    assert status == 202, data
    identifier = json.loads(data)["id"]
    while True:
        status, data = ask(connection, f"/api/work/{identifier}/result")
        if status == 200:
            return 1000 * (time.perf_counter() - start)
        time.sleep(0.002)


def clients(server, count, requests):
    """Failures and milliseconds of `requests` requests by each of `count` clients at once, long work among them."""
    failures, times = [], []
    lock = threading.Lock()

    def run(client):
        connection = server.connection()
        for index in range(requests):
            kind = (client + index) % 4
            start = time.perf_counter()
            try:
                if kind == 3:
                    question = {"seed": client % 8}
                    status, data = ask(connection, "/api/work", {"command": "scan", "model": MODEL, "question": question})
                else:
                    status, data = (prediction if kind == 2 else attention)(connection, 1000 * client + index)
            except OSError as error:
                status, data = 0, str(error).encode()
                connection = server.connection()
            with lock:
                times.append(1000 * (time.perf_counter() - start))
                if status not in (200, 202):
                    failures.append((status, data[:200]))

    threads = [threading.Thread(target=run, args=(client,)) for client in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures, times


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build/release/induct")
    server = Server(program)
    try:
        print("| measured | value |\n| --- | --- |")
        print(f"| start of the process to its address | {1000 * server.start_seconds:.0f} ms |")
        print(f"| first page's files and first scorecard | {first_page(server):.0f} ms |")
        connection = server.connection()
        timed(lambda index: attention(connection, index), 20)
        print(f"| attention of a prompt of 50 tokens, all heads | {text(timed(lambda i: attention(connection, i), 200))} |")
        print(f"| prediction with a head off | {text(timed(lambda i: prediction(connection, i), 200))} |")
        failures, times = clients(server, 50, 20)
        print(f"| 50 clients at once, 20 requests each | {len(failures)} failed, {text(times)} |")
        for failure in failures[:3]:
            print(failure, file=sys.stderr)
        failures, _ = clients(server, 8, 250)
        before = server.resident()
        start = time.perf_counter()
        failures, _ = clients(server, 8, 1250)
        seconds = time.perf_counter() - start
        grown = server.resident() - before
        print(f"| 10,000 requests | {len(failures)} failed, {10000 / seconds:.0f} a second |")
        print(f"| memory after 2,000 requests, and 10,000 more | {before:.0f} MB, {grown:+.1f} MB |")
    finally:
        server.close()


if __name__ == "__main__":
    main()
