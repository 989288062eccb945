#!/usr/bin/env bash
# Compiles the packages, once after each change.
#
# The app's processes never write compiled modules (most may write nothing at all), so that each start
# of one would compile hundreds of files anew.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
compiled=$here/.venv/compiled
packages=()
for name in app inspector runner resources tests/support; do
    [[ ! -d $here/$name ]] || packages+=("$here/$name")
done
if [[ ! -f $compiled || -n $(find "${packages[@]}" -name '*.py' -newer "$compiled" -print -quit 2>/dev/null) ]]; then
    # Where nothing can be kept, compiling would be for nothing, at every start.
    touch "$compiled.new" 2>/dev/null || exit 0
    "$here/.venv/bin/python" -m compileall -q "${packages[@]}" >/dev/null 2>&1 || true
    # With the time of the beginning, and only now: what is cut off is done again.
    mv -f "$compiled.new" "$compiled" 2>/dev/null || true
fi
