#!/usr/bin/env bash
# Builds the reference documentation of every library module into docs/.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=(Torch Files JSON Checkpoints Tokenizers Transformers Induction Formation Figures Lab)
swift package --allow-writing-to-directory docs generate-documentation \
    $(printf -- '--target %s ' "${targets[@]}") --enable-experimental-combined-documentation \
    --disable-indexing --transform-for-static-hosting --output-path docs
echo "documentation: docs/documentation/index.html (serve the folder docs/)"
