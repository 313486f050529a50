# Two commands matter: `make demo` and `make test`. Everything lands in .venv and var; `make reset` empties var.
PYTHON ?= python3
BIN := .venv/bin
export BAOTON_VAR ?= var
SERVE ?= 1

.PHONY: demo test serve reset setup lint trials bench messages clean

demo: setup
	@$(BIN)/baoton demo
	@if [ "$(SERVE)" = "1" ]; then $(BIN)/baoton serve; fi

serve: setup
	@$(BIN)/baoton serve

reset:
	rm -rf "$(BAOTON_VAR)"/baoton.sqlite3* "$(BAOTON_VAR)"/blobs "$(BAOTON_VAR)"/jobs.sqlite3* "$(BAOTON_VAR)"/reports "$(BAOTON_VAR)"/truth.json "$(BAOTON_VAR)"/audit-heads.txt "$(BAOTON_VAR)"/worker.* "$(BAOTON_VAR)"/sessions/* "$(BAOTON_VAR)"/signin.sqlite3* "$(BAOTON_VAR)"/open-sessions.sqlite3* "$(BAOTON_VAR)"/office.json

CATALOGUES := $(wildcard src/baoton/*/locale/en/LC_MESSAGES/django.po)

setup: .venv/ready $(BAOTON_VAR)/vendor/ready $(CATALOGUES:.po=.mo)

$(CATALOGUES:.po=.mo) &: $(CATALOGUES) | .venv/ready
	@$(BIN)/python scripts/messages.py compile

.venv/ready: requirements.lock pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh "$(PYTHON)"

$(BAOTON_VAR)/vendor/ready: scripts/fetch_frontend.py | .venv/ready
	@$(BIN)/python scripts/fetch_frontend.py "$(BAOTON_VAR)/vendor"
	@touch $@

test: setup
	@$(BIN)/python scripts/fetch_frontend.py "$(BAOTON_VAR)/vendor-tests" tests
	@sh scripts/test.sh

# What takes long: every door asked in two installations that differ only in what is hidden; disks filled, databases
# killed, on both databases; malformed addresses by the thousand.
trials: setup
	@BAOTON_TRIALS=1 $(BIN)/python -m pytest tests/worlds tests/faults tests/fuzz_test.py
	@BAOTON_TRIALS=1 $(BIN)/python scripts/postgres.py $(BIN)/python -m pytest -m "not once" tests/faults

lint: setup
	@sh scripts/test.sh lint

bench: setup
	@$(BIN)/python -m benchmarks

messages: setup
	@$(BIN)/python scripts/messages.py update

clean: reset
	rm -rf .venv "$(BAOTON_VAR)"
