#!/usr/bin/env bash
# Pins requirements/*.in anew, with hashes for every platform and every supported Python. Needs uv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../requirements"
for name in build app dev starter; do
    dependencies=()
    [[ $name != starter ]] || dependencies=(--no-deps)
    uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links "${dependencies[@]}" \
        "$name.in" --output-file "$name.txt"
done
