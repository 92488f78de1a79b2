# Sourced by scripts/demo, scripts/test and .ci/run: finds a Python and makes the virtual environment.
# Needs `root`, the folder of the checkout.

say() { printf '== %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 2
}

# The newest interpreter that is good enough. A name on the path proves nothing: version managers leave
# names there that do not run, and some systems pack venv apart from Python.
find_python() {
    local name incomplete=""
    for name in python3.13 python3.12 python3.11 python3 python; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        if "$name" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            printf '%s\n' "$name"
            return
        fi
        incomplete=$name
    done
    if [[ -n $incomplete ]]; then
        fail "$incomplete has no venv; install it (on Debian and Ubuntu: the package python3-venv)"
    fi
    fail "no Python 3.11 or newer found; install one so that python3 or python3.11 is on the path"
}

# make_venv FOLDER: a virtual environment there, made anew when what is there does not run any more.
make_venv() {
    local folder=$1 python
    if "$folder/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        # some tools make environments without pip
        "$folder/bin/python" -c 'import pip' 2>/dev/null || "$folder/bin/python" -m ensurepip >/dev/null
        return
    fi
    python=$(find_python)
    say "making $folder with $("$python" --version)"
    "$python" -m venv --clear "$folder"
}

# install_editable FOLDER WHAT: the checkout into that environment, unless pyproject.toml is unchanged since.
install_editable() {
    local folder=$1 what=$2
    local stamp="$folder/installed-${what//[^a-z]/}"
    if [[ $stamp -nt $root/pyproject.toml && "$(cat "$stamp")" == "$root" ]]; then
        return
    fi
    say "installing Parcours and what it needs (the first time takes a minute or two)"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -e "$root$what"
    printf '%s\n' "$root" >"$stamp"
}
