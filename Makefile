# `make check` and `make test` work on a fresh clone with nothing before them.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: check test setup lint lock clean
.DEFAULT_GOAL := check

check: setup
	$(BIN)/parity check

test: setup lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

setup: $(STAMP)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(0 if sys.version_info >= (3, 11) else f"$(PYTHON) is Python {v}; expected 3.11 or newer. Remedy: make PYTHON=/path/to/python3.11")'
	@echo "setting up .venv from requirements.lock (about three minutes the first time)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# Renews the lock file: resolves pyproject.toml in a throw-away environment and writes what pip chose.
lock: setup
	$(BIN)/python -m tools.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache dist
