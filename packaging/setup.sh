#!/usr/bin/env bash
# Sets Lightwell up in .venv: `setup.sh app` for ./run, `setup.sh dev` for ./test.
#
# The second time it only compares a stamp, which takes a few milliseconds. Each step can be cut off
# and begun again: pip keeps what it has downloaded and built. `setup.sh missing app|dev` prints the
# system packages that are missing, one a line. Speaks to people on standard error only.
#
# Exit codes: 31 system packages missing or too old, 32 a file does not match its hash, 33 no network,
# 34 llama.cpp does not compile, 35 the disk is full, 36 another failure of pip, 130 interrupted.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
ENVIRONMENT=$HERE/.venv
readonly HERE ENVIRONMENT
readonly LOG=$ENVIRONMENT/setup.log
readonly NEEDED_KIB=$((2 * 1024 * 1024))

say() { printf '%s\n' "$*" >&2; }

stop() {
    local code=$1
    shift
    say "$*"
    exit "$code"
}

# What a finished set-up was made from. The folder is part of it: environments don't move.
stamp_for() {
    local files=(build app starter)
    [[ $1 == dev ]] && files+=(dev)
    printf '%s\n' "$HERE" "${CMAKE_ARGS-$(built_with)}"
    sha256 "${files[@]/%/.txt}"
}

sha256() {
    (cd "$HERE/requirements" && if command -v sha256sum >/dev/null; then
        sha256sum -- "$@"
    else
        shasum -a 256 -- "$@"
    fi)
}

# The CMAKE_ARGS that llama.cpp was compiled with; they stay in force until others are given.
built_with() {
    [[ -f $ENVIRONMENT/cmake-args ]] && read -r args <"$ENVIRONMENT/cmake-args" && printf '%s' "$args"
    return 0
}

is_done() {
    local stamp=$ENVIRONMENT/stamp-$1
    [[ -f $stamp && $(stamp_for "$1") == "$(<"$stamp")" ]]
}

# The display that a window would open on. The libraries for each kind are looked for once, which may
# be long after the set-up: many a machine is set up over ssh.
display() {
    if [[ $(uname -s) != Linux ]]; then
        echo own
    elif [[ -n ${DISPLAY:-} ]]; then
        echo x11
    elif [[ -n ${WAYLAND_DISPLAY:-} ]]; then
        echo wayland
    else
        echo none
    fi
}

is_ready() { is_done "$1" && [[ -f $ENVIRONMENT/checked-$(display) ]]; }

main() {
    local what=${1:-app}
    is_ready "$what" && return
    # shellcheck source=packaging/needs.sh
    source "$HERE/packaging/needs.sh"
    # shellcheck source=packaging/steps.sh
    source "$HERE/packaging/steps.sh"
    if [[ $what == missing ]]; then
        missing_packages "${2:-app}"
        return
    fi
    wait_for_other_set_up
    is_ready "$what" && return
    local missing too_old
    too_old=$(too_old_library)
    [[ -z $too_old ]] || stop 31 "Lightwell can't be set up here: this system has $too_old. \
Nothing has been changed. Ubuntu 24.04 and Debian 13 are new enough."
    missing=$(missing_packages "$what")
    [[ -z $missing ]] || {
        tell_missing "$missing"
        exit 31
    }
    is_done "$what" || set_up "$what"
    touch "$ENVIRONMENT/checked-$(display)"
}

main "$@"
