# Works on a machine that has python3 (3.11 or later), make and a package index.
# `make` alone prints this list.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := domain ledger projections replay api benchmarks tests

.DEFAULT_GOAL := help
.PHONY: help setup test test-fast torture check format bench demo lock clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.installed ## make .venv with the command caseledger in it

$(VENV)/.installed: requirements.txt requirements-dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

test: setup ## every test that this machine can run
	$(BIN)/python -m pytest

test-fast: setup ## the tests without services, for the inner loop
	$(BIN)/python -m pytest -m "not postgres and not slow" -q

torture: setup ## kill a loaded server 300 times (KILLS=n for another number)
	CASELEDGER_TEST_KILLS=$(or $(KILLS),300) $(BIN)/python -m pytest tests/torture -q --timeout 0

check: setup ## format, lint, types, import contracts, house rules
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	@! grep -nE '://' requirements*.txt || (echo 'requirements must hold no address' >&2; exit 1)

format: setup ## put the code in order
	$(BIN)/ruff format $(PACKAGES)
	$(BIN)/ruff check --fix $(PACKAGES)

demo: setup ## a running simulated ledger with 20,000 cases (Ctrl-C stops it)
	$(BIN)/caseledger demo

bench: setup ## every measured claim
	$(BIN)/python -m benchmarks.append
	$(BIN)/python -m benchmarks.http

lock: setup ## compile requirements*.txt anew from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet -o requirements.txt pyproject.toml
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --extra dev --constraint requirements.txt -o requirements-dev.txt pyproject.toml

clean: ## remove what make made (never the data folder)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
