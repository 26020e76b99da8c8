# Sourced by the other scripts, never run: makes .venv with all that maildesk needs, and installs Debian's packages
# where that is possible. It prints one line for each thing that is missing and cannot be had.
set -eu
PATH=$PATH:/usr/sbin:/sbin # where servers are, which not every user's PATH holds
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "maildesk needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2
    exit 1
}

# What the environment was made from, and where; when it changes the environment is made good.
wanted=$( (cat pyproject.toml constraints.txt && pwd) | cksum)

make_venv() { # make_venv NAME REQUIREMENT...; an environment for development serves everything
    mark=".venv/.made-for-$1"
    for made in ".venv/.made-for-dev" "$mark"; do
        [ -x .venv/bin/maildesk ] && [ "$(cat "$made" 2>/dev/null)" = "$wanted" ] && return 0
    done
    echo "Making .venv (once) ..." >&2
    .venv/bin/python -m pip --version >/dev/null 2>&1 || new_venv
    .venv/bin/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable "$2" || {
        echo "missing: the packages of pyproject.toml; pip could not install them, see above" >&2
        exit 1
    }
    printf '%s' "$wanted" >"$mark"
}

new_venv() { # Debian keeps what venv needs in a package of its own
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt python3-venv no-such-command || true
    "$python" -m venv --clear .venv >/dev/null || {
        echo "missing: python3-venv; on Debian: apt-get install python3-venv" >&2
        exit 1
    }
}

# apt PACKAGE COMMAND: makes sure that COMMAND (a path or a name) is there.
refreshed=
apt() {
    command -v "$2" >/dev/null 2>&1 || ls $2 >/dev/null 2>&1 && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing $1 ..." >&2
        [ -n "$refreshed" ] || apt-get update -qq >/dev/null 2>&1 || true
        refreshed=yes
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1 && return 0
    fi
    return 1
}
