#!/usr/bin/env bash
# What one does with this project, as commands. The environment (.venv) is made by itself, and again when pyproject.toml changes.
set -euo pipefail
cd "$(dirname "$0")"
python=.venv/bin/python

environment() {  # environment [EXTRA]: .venv with newsspider in it, installed from this folder
    local want
    want=$(cat pyproject.toml - <<<"${1:-}" | sha256sum)
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
        .venv/bin/pip install --quiet --disable-pip-version-check --editable ".${1:+[$1]}"
        echo "$want" >>.venv/installed
    fi
}

demo() {  # crawl the replica campus on loopback, twice, into ./archive.db
    environment
    .venv/bin/newsspider demo "$@"
}

test() {  # the whole suite, on all cores; arguments go to pytest
    environment test
    if [ $# = 0 ]; then set -- --numprocesses auto --dist worksteal; fi
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

bench() {  # bench NAME [ARGUMENT…]: run benchmarks/NAME.py; without a name, list them
    environment test
    if [ $# = 0 ]; then ls benchmarks; else $python "benchmarks/$1.py" "${@:2}"; fi
}

case "${1:-}" in
demo | test | lint | format | docs | bench) "$@" ;;
*) echo "usage: ./run.sh demo | test | lint | format | docs | bench" >&2; exit 2 ;;
esac
