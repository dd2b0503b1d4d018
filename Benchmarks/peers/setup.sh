#!/usr/bin/env bash
# Installs the peers that induct is timed against into a Python environment outside the tree, by default
# ~/.cache/induct/peers; PEERS_VENV names another place. Safe to run again: finished steps are skipped.
# Prints the environment's directory, and nothing else, on standard output.
set -euo pipefail

TORCH_VERSION=2.13.0
TORCH_CPU_INDEX=https://download.pytorch.org/whl/cpu
PACKAGES=(transformer-lens==3.9.0 transformers==5.23.0)
VENV=${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/induct/peers}

say() { printf 'peers: %s\n' "$*" >&2; }
fail() { printf 'peers: error: %s\n' "$*" >&2; exit 1; }

python3 -c 'import venv, ensurepip' 2>/dev/null ||
    fail "python3 with its venv module is needed. On Debian or Ubuntu: apt-get install python3 python3-venv"

pip_install() { "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2; }

# installed NAME==VERSION...: whether exactly these are there (a local part such as +cpu does not count).
installed() {
    "$VENV/bin/python" - "$@" <<'PY' >/dev/null 2>&1
import importlib.metadata as metadata, sys
for wanted in sys.argv[1:]:
    name, version = wanted.split("==")
    assert metadata.version(name).split("+")[0] == version
PY
}

install_torch() {
    say "installing torch $TORCH_VERSION+cpu"
    pip_install "torch==$TORCH_VERSION+cpu" 2>/dev/null && return
    say "not on the configured index; trying PyTorch's CPU wheels"
    pip_install --timeout 15 --retries 1 --extra-index-url "$TORCH_CPU_INDEX" "torch==$TORCH_VERSION+cpu" \
        2>/dev/null && return
    say "no CPU build in reach: installing plain torch $TORCH_VERSION (several GB, works everywhere)"
    pip_install "torch==$TORCH_VERSION"
}

if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    say "creating $VENV"
    rm -f "$VENV/pyvenv.cfg"
    python3 -m venv "$VENV"
fi
installed "torch==$TORCH_VERSION" || install_torch
if ! installed "${PACKAGES[@]}"; then
    say "installing ${PACKAGES[*]}"
    pip_install "torch==$TORCH_VERSION" "${PACKAGES[@]}"
fi
say "ready"
printf '%s\n' "$VENV"
