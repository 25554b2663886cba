#!/usr/bin/env bash
# What one does with this project, as commands. The environment (.venv) is made by itself, with the versions of constraints.txt, and
# again when these or pyproject.toml change.
set -euo pipefail
cd "$(dirname "$0")"
python=.venv/bin/python

environment() {  # environment [EXTRA]: .venv with newsspider in it, installed from this folder
    local want
    want=$(cat pyproject.toml constraints.txt - <<<"${1:-}" | sha256sum)
    if [ ! -x $python ]; then
        "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
            echo "newsspider needs Python 3.11 or later; name one with PYTHON=python3.x ./run.sh" >&2
            exit 2
        }
        "${PYTHON:-python3}" -m venv .venv
    fi
    # The test environment holds all that the demo needs: never install less than is there.
    if ! grep -qsF "$want" .venv/installed; then
        echo "installing newsspider${1:+ with $1} into .venv (once)…" >&2
        # What pip says is of interest where it fails.
        .venv/bin/pip install --disable-pip-version-check --constraint constraints.txt --editable ".${1:+[$1]}" >.venv/pip.log 2>&1 || {
            tail -n 20 .venv/pip.log >&2
            echo "pip could not install newsspider; its whole log is .venv/pip.log" >&2
            exit 1
        }
        echo "$want" >>.venv/installed
    fi
}

demo() {  # follow the replica campus on loopback for fourteen virtual days, into ./archive.db
    environment
    .venv/bin/newsspider demo "$@"
}

test() {  # what is tried after every change, on all cores; arguments go to pytest
    if [ $# = 0 ]; then
        echo "these tests take two to three minutes on two free cores; ./run.sh test tests/test_dates.py runs one file, ./run.sh slow the others" >&2
        set -- -m "not slow" --numprocesses auto --dist worksteal
    fi
    tests "$@"
}

slow() {  # the other tests: real servers, browsers and programs of others, kills, the whole demo; arguments go to pytest
    echo "these tests take some minutes" >&2
    tests -m slow --numprocesses auto --dist worksteal "$@"
}

tests() {
    environment test
    # Archives are synced to disk again and again; in memory that costs nothing.
    if [ "$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null; then export TMPDIR=/dev/shm; fi
    unset PYTHONDONTWRITEBYTECODE  # each of the many processes would compile all modules for itself
    $python -m pytest "$@"
}

lint() {
    environment test
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
}

format() {
    environment test
    .venv/bin/ruff check --fix .
    .venv/bin/ruff format .
}

docs() {  # print the pages of docs/ that are made from the code
    environment test
    $python -m newsspider.archive.document >docs/schema.md
    NEWSSPIDER_REWRITE=1 $python -m pytest tests/test_add_a_site.py
}

lock() {  # constraints.txt anew: the latest versions of all that pyproject.toml names, in an environment made for it
    local fresh
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' RETURN
    "${PYTHON:-python3}" -m venv "$fresh"
    "$fresh/bin/pip" install --quiet --disable-pip-version-check ".[test]"
    {
        echo "# The versions that the tests ran with. ./run.sh lock writes this file; pip install -c constraints.txt uses it."
        "$fresh/bin/pip" freeze --exclude newsspider
    } >constraints.txt
    echo "constraints.txt holds $(grep -c == constraints.txt) versions; ./run.sh test tries them" >&2
}

pictures() {  # the pictures of the README, made from the demo; needs Chromium and a Chinese font (fonts-noto-cjk)
    environment test
    local made
    made=$(mktemp -d)
    trap 'rm -rf "$made"' RETURN
    .venv/bin/newsspider demo --archive "$made/archive.db" >&2
    $python docs/pictures.py "$made/archive.db"
}

notebook() {  # docs/notebook.ipynb run anew on the demo, with what its cells print and draw
    environment test
    .venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt nbclient ipykernel
    local made
    made=$(mktemp -d)
    trap 'rm -rf "$made"' RETURN
    mkdir "$made/docs"
    .venv/bin/newsspider demo --archive "$made/archive.db" >&2
    $python docs/notebook.py "$made/docs"
}

bench() {  # bench NAME [ARGUMENT…]: run benchmarks/NAME.py; without a name, list them
    environment test
    if [ $# = 0 ]; then ls benchmarks; else $python "benchmarks/$1.py" "${@:2}"; fi
}

case "${1:-}" in
demo | test | slow | lint | format | docs | lock | pictures | notebook | bench) "$@" ;;
*) echo "usage: ./run.sh demo | test | slow | lint | format | docs | lock | pictures | notebook | bench" >&2; exit 2 ;;
esac
