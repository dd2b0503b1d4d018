#!/usr/bin/env bash
# install.sh PREFIX: puts the program into PREFIX/lib/induct, complete in itself, and a link into PREFIX/bin.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${1:?usage: install.sh PREFIX}
mkdir -p "$prefix/bin" "$prefix/lib"
prefix=$(cd "$prefix" && pwd)
target=$prefix/lib/induct
partial=$target.partial

rm -rf "$partial"
mkdir -p "$partial/libtorch"
cp .build/release/induct "$partial/"
cp -R .build/release/induct_*.resources "$partial/"

# The libraries of libtorch, without Python's bindings and those of tests.
find -L .deps/libtorch/lib -maxdepth 1 -type f \( -name '*.so*' -o -name '*.dylib' \) \
    ! -name '*python*' ! -name '*test*' ! -name '*backend_with_compiler*' -exec cp {} "$partial/libtorch/" \;

# A Python of its own for figures, and what draws them in a browser.
version=$(.deps/venv/bin/python -c 'import importlib.metadata as m; print(m.version("vl-convert-python"))')
python3 -m venv "$partial/.deps/venv"
"$partial/.deps/venv/bin/python" -m pip install --quiet --disable-pip-version-check "vl-convert-python==$version"

cp .deps/vega.js "$partial/.deps/"

rm -rf "$target"
mv "$partial" "$target"
ln -sfn "../lib/induct/induct" "$prefix/bin/induct"
echo "installed: $prefix/bin/induct"
