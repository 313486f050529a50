#!/bin/sh
# Everything CI checks, in the order that fails fastest. `test.sh lint` stops after the checks of the text.
set -eu
bin=.venv/bin
# hundreds of processes start from one source: it is compiled once, whatever the machine's own habit
unset PYTHONDONTWRITEBYTECODE
step() { printf '\n== %s\n' "$1"; }

step "ruff"; $bin/ruff check . ; $bin/ruff format --check .
step "mypy"; $bin/mypy src/rulebook src/ecostat src/formats src/baoton
step "import contracts"; $bin/lint-imports
step "translations"; $bin/python scripts/messages.py check
[ "${1:-}" = lint ] && exit 0

# Two lanes side by side, of three workers and of two: whoever waits for a browser, a server or the longest file leaves
# a core to another. What the second lane says follows when both have ended.
pytest="$bin/python -m pytest --dist loadfile --no-loadscope-reorder"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
{
  step "pure packages"; $pytest -n 2 src/rulebook src/formats src/ecostat
  step "baoton on PostgreSQL"; $bin/python scripts/postgres.py $pytest -n 2 -m "both or (not browser and not once)" tests src/baoton
} >"$said" 2>&1 &
second=$!
failed=0
step "baoton on SQLite"; env -u DATABASE_URL $pytest -n 3 tests src/baoton || failed=$?
wait "$second" || failed=$?
cat "$said"
exit "$failed"
