#!/usr/bin/env python3
"""Records the layout that huggingface_hub gives its cache, for Tests/HubTests/Fixtures/layout.txt.

    python Scripts/references/hub_layout.py > Tests/HubTests/Fixtures/layout.txt

A server in this process plays a hub with one model (FakeModel.tiny in Tests/FakeHub, with a nested file); snapshot_download
brings it by branch and by tag. Each line is a path in the cache, with the target of a link behind an arrow.
"""

import hashlib
import json
import os
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

ID = "owner/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b'{"model_type": "gpt2"}',
    "tokenizer.json": b'{"model": {}}',
    "model.safetensors": bytes((i * 31 + i // 257) % 256 for i in range(1000)),
    "onnx/model.onnx": bytes([1, 2, 3]),
}
LARGE = {"model.safetensors", "onnx/model.onnx"}


def version(name):
    data = FILES[name]
    if name in LARGE:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def entry(name):
    found = {"type": "file", "path": name, "size": len(FILES[name]), "oid": version(name)[:40]}
    if name in LARGE:
        found["lfs"] = {"oid": version(name), "size": len(FILES[name]), "pointerSize": 130}
    return found


class Hub(BaseHTTPRequestHandler):
    def do_HEAD(self):
        path = unquote(urlsplit(self.path).path)
        status, headers, body = 200, {}, b""
        if "/revision/" in path:
            siblings = [{"rfilename": name} for name in FILES]
            body = json.dumps({"id": ID, "sha": COMMIT, "siblings": siblings}).encode()
        elif "/tree/" in path:
            body = json.dumps([entry(name) for name in FILES]).encode()
        elif f"/resolve/{COMMIT}/" not in path:
            status = 404
        else:
            name = path.split(f"/resolve/{COMMIT}/")[1]
            body = FILES[name]
            headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{version(name)}"'}
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_GET = do_HEAD

    def log_message(self, *_):
        pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as cache:
        # Read when the package is imported.
        os.environ.update(
            HF_ENDPOINT=f"http://127.0.0.1:{server.server_port}", HF_HUB_CACHE=cache, HF_HUB_DISABLE_PROGRESS_BARS="1"
        )
        from huggingface_hub import snapshot_download

        for revision in ["main", "refs/pr/1"]:
            snapshot_download(ID, revision=revision)
        found = []
        for directory, names, files in os.walk(cache):
            for name in names + files:
                path = os.path.join(directory, name)
                target = f" -> {os.readlink(path)}" if os.path.islink(path) else ""
                found.append(os.path.relpath(path, cache) + target)
        sys.stdout.write("".join(line + "\n" for line in sorted(found)))


if __name__ == "__main__":
    main()
