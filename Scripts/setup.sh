#!/usr/bin/env bash
# Installs what the build needs into .deps/, and nothing anywhere else, but for --browser, which also installs Debian's
# Chromium and its driver where there is none and it may:
#   .deps/venv       a Python environment with vl-convert (draws figures) and, unless LIBTORCH is set, torch
#                    with --tests also numpy, safetensors and PyYAML, with which tests read what the program wrote,
#                    with --browser also pytest and selenium, with which tests drive a browser
#   .deps/vega.js    Vega, Vega-Lite and vega-embed in one script, for pages; from vl-convert
#   .deps/libtorch   a link to the libtorch that Package.swift compiles against
# Safe to run again: finished steps are skipped, interrupted ones are done again.
set -euo pipefail
cd "$(dirname "$0")/.."

TORCH_VERSION=2.13.0
VL_CONVERT_VERSION=1.9.0.post1
NUMPY_VERSION=2.2.6
SAFETENSORS_VERSION=0.8.0
PYYAML_VERSION=6.0.3
PYTEST_VERSION=9.2.0
SELENIUM_VERSION=4.46.0
TORCH_CPU_INDEX=https://download.pytorch.org/whl/cpu

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: error: %s\n' "$*" >&2; exit 1; }

check_tools() {
    command -v swift >/dev/null ||
        fail "swift not found. Install Swift 6.2 or newer from https://swift.org/install and run this again."
    command -v python3 >/dev/null ||
        fail "python3 not found. On Debian or Ubuntu: apt-get install python3 python3-venv"
    python3 -c 'import venv, ensurepip' 2>/dev/null ||
        fail "python3 has no venv module. On Debian or Ubuntu: apt-get install python3-venv"
}

make_venv() {
    if ! .deps/venv/bin/python -m pip --version >/dev/null 2>&1; then
        say "creating .deps/venv"
        rm -rf .deps/venv
        python3 -m venv .deps/venv
    fi
}

# installed PACKAGE VERSION: whether exactly that version is in the environment, whole.
installed() {
    .deps/venv/bin/python - "$1" "$2" <<'PY' >/dev/null 2>&1
import importlib.metadata as metadata, sys
name, version = sys.argv[1:]
found = metadata.distribution(name)
assert found.version == version
assert all(file.locate().exists() for file in found.files[:50])
PY
}

pip_install() { .deps/venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"; }

install() {
    if ! installed "$1" "$2"; then
        say "installing $1 $2"
        # pip's remarks are for who fails: torch is there without what only its Python side needs, and pip minds.
        local remarks
        remarks=$(pip_install "$1==$2" 2>&1) || fail "$remarks"
    fi
}

has_nvidia_driver() { [ -e /proc/driver/nvidia/version ] || nvidia-smi -L >/dev/null 2>&1; }

install_torch() {
    if installed torch "$TORCH_VERSION" || installed torch "$TORCH_VERSION+cpu"; then return; fi
    if [ "$(uname -s)" != Linux ]; then
        say "installing torch $TORCH_VERSION"
        pip_install --no-deps "torch==$TORCH_VERSION"
    elif has_nvidia_driver; then
        say "NVIDIA driver found: installing torch $TORCH_VERSION with CUDA (several GB)"
        pip_install "torch==$TORCH_VERSION"
    elif say "installing torch $TORCH_VERSION+cpu" && pip_install --no-deps "torch==$TORCH_VERSION+cpu" 2>/dev/null; then
        :
    elif say "not on the configured index; trying PyTorch's CPU wheels" &&
        pip_install --no-deps --timeout 15 --retries 1 --index-url "$TORCH_CPU_INDEX" "torch==$TORCH_VERSION+cpu" 2>/dev/null; then
        :
    else
        say "no CPU build in reach: installing plain torch $TORCH_VERSION (several GB, works everywhere)"
        pip_install "torch==$TORCH_VERSION"
    fi
}

# is_libtorch DIR: whether DIR has the headers and libraries that the build needs.
is_libtorch() {
    [ -f "$1/include/torch/csrc/api/include/torch/torch.h" ] &&
        { [ -f "$1/lib/libtorch_cpu.so" ] || [ -f "$1/lib/libtorch_cpu.dylib" ]; }
}

link_libtorch() {
    local target
    if [ -n "${LIBTORCH:-}" ]; then
        target=$LIBTORCH
    else
        target=$(cd .deps && echo venv/lib/python3*/site-packages/torch)
    fi
    ln -sfn "$target" .deps/libtorch
    is_libtorch .deps/libtorch || fail "$target is not a libtorch: include/torch or lib/libtorch_cpu is missing. \
Point LIBTORCH at a directory that has both, or unset it to have torch $TORCH_VERSION installed."
}

# The first line says which vl-convert it came from.
write_vega_bundle() {
    local mark="// from vl-convert $VL_CONVERT_VERSION"
    if [ "$(head -n 1 .deps/vega.js 2>/dev/null)" = "$mark" ]; then return; fi
    say "writing .deps/vega.js"
    .deps/venv/bin/python - "$mark" <<'PY' || fail "vl-convert could not write its JavaScript bundle."
import os, sys
import vl_convert
newest = max(vl_convert.get_vegalite_versions(), key=lambda name: [int(part) for part in name.split(".")])
with open(".deps/vega.js.part", "w", encoding="utf-8") as file:
    file.write(sys.argv[1] + "\n" + vl_convert.javascript_bundle(vl_version=newest))
os.replace(".deps/vega.js.part", ".deps/vega.js")
PY
}

# Without a browser the tests say that they are skipped, so nothing here fails.
install_browser() {
    if command -v chromedriver >/dev/null && { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; then
        return
    fi
    command -v apt-get >/dev/null || { say "no Chromium with its driver, and no apt-get to install them with"; return; }
    local as_root=(env)
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || { say "no Chromium with its driver, and no right to install them"; return; }
        as_root=(sudo -n env)
    fi
    as_root+=(DEBIAN_FRONTEND=noninteractive)
    say "installing Chromium and its driver"
    { "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" apt-get install -qq --yes --no-install-recommends chromium chromium-driver; } >/dev/null ||
        say "apt-get could not install chromium and chromium-driver"
}

check_tools
mkdir -p .deps
make_venv
install vl-convert-python "$VL_CONVERT_VERSION"
write_vega_bundle
if [ "${1:-}" = --tests ]; then
    install numpy "$NUMPY_VERSION"
    install safetensors "$SAFETENSORS_VERSION"
    install PyYAML "$PYYAML_VERSION"
fi
if [ "${1:-}" = --browser ]; then
    install pytest "$PYTEST_VERSION"
    install selenium "$SELENIUM_VERSION"
    install_browser
fi
[ -n "${LIBTORCH:-}" ] || install_torch
link_libtorch
say "ready (libtorch: $(readlink .deps/libtorch))"
