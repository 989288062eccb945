# shellcheck shell=bash
# The steps of a set-up, and the sentences for what can stop them. Sourced by setup.sh.

readonly DISK_FULL=35

# Only one set-up at a time: the lock is on a file of the checkout, so nothing is left behind.
wait_for_other_set_up() {
    command -v flock >/dev/null 2>&1 || return 0
    exec 9<"$HERE/packaging/setup.sh"
    flock --nonblock 9 || {
        say "Another set-up is running in this folder; waiting for it."
        flock 9
    }
}

set_up() {
    local what=$1
    trap 'say "" "Set-up interrupted. Run it again: it goes on where it was."; exit 130' INT TERM
    if is_engine_built; then
        say "Bringing $ENVIRONMENT up to date."
    else
        say "Setting Lightwell up in $ENVIRONMENT: once, for about five minutes on two cores," \
            "most of them compiling llama.cpp."
    fi
    check_space
    make_environment
    rm -f "$ENVIRONMENT/stamp-app" "$ENVIRONMENT/stamp-dev"
    : >"$LOG"
    forget_other_build
    install "Build tools" --requirement requirements/build.txt
    install "Libraries and llama.cpp" --no-build-isolation --requirement requirements/app.txt
    install "Starter model" --no-deps --requirement requirements/starter.txt
    install_lightwell
    if [[ $what == dev ]]; then
        install "Test tools" --requirement requirements/dev.txt
        unpack_test_models
    fi
    printf '%s\n' "${CMAKE_ARGS-$(built_with)}" >"$ENVIRONMENT/cmake-args"
    put_stamp app
    [[ $what == app ]] || put_stamp "$what"
    say "Set-up done in $(elapsed "$SECONDS")."
}

# Written last and moved into place, so that a stamp never stands for half a set-up.
put_stamp() {
    stamp_for "$1" >"$ENVIRONMENT/stamp-$1.new"
    mv "$ENVIRONMENT/stamp-$1.new" "$ENVIRONMENT/stamp-$1"
}

check_space() {
    is_engine_built && return
    local free
    free=$(df -Pk "$HERE" | awk 'NR == 2 { print $4 }')
    ((free >= NEEDED_KIB)) ||
        stop "$DISK_FULL" "Set-up needs 2 GB of free disk in $HERE; there are $((free / 1024)) MB."
}

# Makes .venv, or makes it anew where it was cut off, moved, or left without its Python.
make_environment() {
    local python
    if is_environment_whole; then
        return
    fi
    # Making it anew empties the folder, which through a link may be anybody's.
    if [[ -L $ENVIRONMENT ]] && ! is_made_here && compgen -G "$ENVIRONMENT/*" >/dev/null; then
        stop 36 "$ENVIRONMENT is a link to an environment that was not made here. Nothing has been" \
            "changed: remove the link, then run this again."
    fi
    python=$(find_python)
    say "  Virtual environment with $("$python" --version)"
    "$python" -m venv --clear "$ENVIRONMENT" ||
        stop 36 "$python could not make a virtual environment in $ENVIRONMENT."
}

is_environment_whole() {
    is_made_here &&
        is_usable_python "$ENVIRONMENT/bin/python" &&
        "$ENVIRONMENT/bin/python" -m pip --version >/dev/null 2>&1
}

# Whether .venv was made for this folder: environments don't move.
is_made_here() {
    grep -q "^command = .* $ENVIRONMENT\$" "$ENVIRONMENT/pyvenv.cfg" 2>/dev/null
}

# pip would take the wheel of an earlier build, whatever it was compiled for.
forget_other_build() {
    [[ -n ${CMAKE_ARGS+given} && $CMAKE_ARGS != "$(built_with)" ]] || return 0
    say "  llama.cpp will be compiled anew with CMAKE_ARGS=$CMAKE_ARGS"
    "$ENVIRONMENT/bin/python" -m pip uninstall --yes llama-cpp-python >>"$LOG" 2>&1
    "$ENVIRONMENT/bin/python" -m pip cache remove llama_cpp_python >>"$LOG" 2>&1 || true
}

# Runs pip, shows how far it is, and turns what stops it into a sentence.
install() {
    local title=$1
    shift
    run_pip "$title" install --require-hashes "$@"
}

# The checkout itself, so that `.venv/bin/lightwell` is there; nothing is fetched for it.
install_lightwell() {
    run_pip "Lightwell" install --no-deps --no-index --no-build-isolation --editable .
}

run_pip() {
    local title=$1 code=0
    shift
    CMAKE_ARGS=${CMAKE_ARGS-$(built_with)} PATH=$ENVIRONMENT/bin:$PATH PYTHONUNBUFFERED=1 \
        in_checkout "$ENVIRONMENT/bin/python" -m pip --verbose --disable-pip-version-check --no-input \
        --no-color "$@" --progress-bar off 2>&1 | tee "$LOG.step" 2>/dev/null | show_progress "$title" || code=$?
    cat "$LOG.step" >>"$LOG" 2>/dev/null || true # on a full disk the log is not written either
    ((code != DISK_FULL)) || stop "$DISK_FULL" "Set-up stopped: the disk is full. Free some space and run it again."
    ((code == 0)) || explain_failure "$title" "$LOG.step"
    rm -f "$LOG.step"
}

in_checkout() { (cd "$HERE" && exec "$@"); }

# Reads pip's output and shows one line: rewritten on a terminal, else written every 20 s. Fails with
# DISK_FULL where pip says that, which a log on the same disk may not get to hold.
show_progress() {
    local title=$1 line status stage=starting began=$SECONDS shown=-1 told=$SECONDS outcome=0
    while true; do
        status=0
        IFS= read -r -t 1 line || status=$?
        ((status == 0 || status > 128)) || break
        ((status != 0)) || read_stage "$line"
        [[ $line != *"No space left on device"* ]] || outcome=$DISK_FULL
        if [[ -t 2 ]] && ((SECONDS != shown)); then
            shown=$SECONDS
            printf '\r\033[K  %s: %s, %s' "$title" "$stage" "$(elapsed $((SECONDS - began)))" >&2
        elif [[ ! -t 2 ]] && ((SECONDS - told >= 20)); then
            told=$SECONDS
            say "  $title: $stage, $(elapsed $((SECONDS - began)))"
        fi
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    say "  $title ($(elapsed $((SECONDS - began))))"
    return "$outcome"
}

# Sets `stage` of show_progress from a line of pip, or of ninja below it.
read_stage() {
    local ninja='\[([0-9]+)/([0-9]+)\]' fetched='Downloading ([^/ ]+)( \([0-9.]+ [kMG]B\))?$'
    if [[ $1 =~ $ninja ]]; then
        stage="compiling llama.cpp, ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
    elif [[ $1 =~ $fetched ]]; then
        stage="downloading ${BASH_REMATCH[1]}${BASH_REMATCH[2]}"
    elif [[ $1 == *"Installing collected packages"* ]]; then
        stage=installing
    elif [[ $1 == *"Preparing metadata"* || $1 == *"Building wheel for llama"* ]]; then
        stage="preparing to compile llama.cpp"
    fi
}

elapsed() {
    local seconds=$1
    if ((seconds < 60)); then
        printf '%d s' "$seconds"
    else
        printf '%d min %d s' $((seconds / 60)) $((seconds % 60))
    fi
}

# Ends the set-up with one sentence and a code that tells what it was.
explain_failure() {
    local title=$1 step_log=$2 file
    if file=$(file_with_other_hash "$step_log"); then
        stop 32 "Set-up stopped: $file is not the file that requirements/ names (its SHA-256" \
            "differs), so nothing of this step was installed."
    elif grep -Eq 'Failed building wheel for llama|Failed to build.*llama|CMake Error' "$step_log"; then
        stop 34 "Set-up stopped: llama.cpp does not compile here; the compiler's words are in $LOG."
    elif grep -Eq 'CERTIFICATE_VERIFY_FAILED|SSLError' "$step_log"; then
        stop 33 "Set-up stopped: the connection is not trusted, because its certificate can't be checked." \
            "Behind a proxy that opens connections, name its certificates in PIP_CERT."
    elif grep -Eq 'NewConnectionError|Timeout|timed out|Name or service not known|ProxyError|Connection (aborted|broken|refused)|Network is unreachable|Temporary failure' "$step_log"; then
        stop 33 "Set-up stopped: no network while fetching: $title." \
            "What is here already is kept; run it again when there is one."
    fi
    stop 36 "Set-up stopped at \"$title\": $(grep -m 1 '^ERROR:' "$step_log" || echo 'pip failed'), see $LOG."
}

# Prints the name of the first file whose hash pip refused; fails where it refused none.
file_with_other_hash() {
    grep -q 'DO NOT MATCH THE HASHES' "$1" || return 1
    sed -n '/DO NOT MATCH THE HASHES/,$ { s/^ *\([^ ]*\) from .*/\1/p; }' "$1" | head -n 1
}

# llama.cpp's vocabularies and chat templates, which tests read, from the archive that app.txt pins.
unpack_test_models() {
    local shelf=$ENVIRONMENT/share/lightwell archive
    local target=$shelf/llama.cpp-models new=$shelf/llama.cpp-models.new
    [[ -d $target ]] && return
    rm -rf "$new" "$shelf/archive"
    mkdir -p "$new" "$shelf/archive"
    sed -n '/^llama-cpp-python==/,/[^\\]$/p' "$HERE/requirements/app.txt" >"$shelf/archive/pin.txt"
    run_pip "Test models" download --require-hashes --no-deps --no-build-isolation \
        --no-binary llama-cpp-python --dest "$shelf/archive" --requirement "$shelf/archive/pin.txt"
    archive=$(compgen -G "$shelf/archive/*.tar.gz")
    tar -xzf "$archive" -C "$new" --strip-components 4 \
        "$(basename "$archive" .tar.gz)/vendor/llama.cpp/models"
    mv "$new" "$target"
    rm -rf "$shelf/archive"
}
