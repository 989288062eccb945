# shellcheck shell=bash
# Finds what the set-up needs and can't install itself. Sourced by setup.sh.

# The newest feature release of Python that the pinned packages have files for, and the oldest.
readonly OLDEST_PYTHON=11 NEWEST_PYTHON=14

# Prints the first Python that the app can run on; fails where there is none.
find_python() {
    local candidate
    for candidate in "${LIGHTWELL_PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python3.14; do
        if is_usable_python "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

is_usable_python() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c "
import sys
sys.exit(not (3, $OLDEST_PYTHON) <= sys.version_info[:2] <= (3, $NEWEST_PYTHON))" 2>/dev/null
}

# Prints which C library the system has where that is older than Qt's packages for its processor ask
# for; nothing where it will do, or where nobody knows.
too_old_library() {
    local needed=2.34 found
    [[ $(uname -m) == aarch64 ]] && needed=2.39
    found=$(getconf GNU_LIBC_VERSION 2>/dev/null) || return 0
    found=${found#glibc }
    [[ $(printf '%s\n' "$needed" "$found" | sort -V | head -n 1) == "$needed" ]] ||
        echo "glibc $found, and Qt's packages for $(uname -m) ask for $needed"
}

# Whether the Python can make virtual environments: Debian packs that part on its own.
makes_environments() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# Which groups of system-packages.txt matter for what is being set up, here and now.
wanted_groups() {
    local what=$1
    [[ $(uname -s) == Linux ]] || return 0
    is_engine_built || echo build
    if [[ $what == dev ]]; then
        echo window
        echo test
    fi
    case $(display) in
        x11) echo window ;;
        wayland) printf '%s\n' window wayland ;;
    esac
}

is_engine_built() {
    compgen -G "$ENVIRONMENT/lib/python3*/site-packages/llama_cpp_python-*.dist-info" >/dev/null
}

# Prints the packages that are missing for `app` or `dev`, one a line.
missing_packages() {
    local what=$1 python groups libraries group name package
    if ! python=$(find_python); then
        echo python3
        echo python3-venv
    elif ! makes_environments "$python"; then
        "$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'
    fi
    groups=" $(wanted_groups "$what" | tr '\n' ' ') "
    libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
    while read -r group name package; do
        [[ $groups == *" $group "* ]] || continue
        has_part "$name" "$libraries" || echo "$package"
    done < <(grep -v '^#' "$HERE/packaging/system-packages.txt")
}

# Whether a program or a library is there. A machine without ldconfig is taken at its word.
has_part() {
    local name=$1 libraries=$2
    case $name in
        *.so.*) [[ -z $libraries || $libraries == *"$name "* ]] ;;
        c++) command -v "${CXX:-c++}" >/dev/null 2>&1 || command -v g++ >/dev/null 2>&1 ||
            command -v clang++ >/dev/null 2>&1 ;;
        *) command -v "$name" >/dev/null 2>&1 ;;
    esac
}

# Says what is missing, with the line that installs it.
tell_missing() {
    local packages
    packages=$(tr '\n' ' ' <<<"$1")
    packages=${packages% }
    local as_root='sudo '
    ((EUID == 0)) && as_root=''
    if command -v apt-get >/dev/null 2>&1; then
        say "Lightwell needs packages that this machine does not have yet: $packages."
        say "Nothing has been changed. Install them, then run this again:"
        say ""
        say "  ${as_root}apt-get update && ${as_root}apt-get install --yes --no-install-recommends $packages"
    else
        say "Lightwell needs what Debian and Ubuntu call: $packages."
        say "Nothing has been changed. Install your system's packages of these, then run this again."
    fi
}
