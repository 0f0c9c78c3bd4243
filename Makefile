# make install, run, test, check, bench, soak: nothing else to remember. Only Python 3.11+ and make are needed.
# With DATABASE_URL set, everything uses that server (PostgreSQL 15+); without it, an embedded one.

SHELL := /bin/sh
.NOTPARALLEL:
.PHONY: install run test check bench soak

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install
SOURCES := domain projections service migrations tests
JOBS ?= 2

# The first of these that runs and is new enough; say PYTHON=... for another.
PYTHON ?= $(shell for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	if $$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$candidate; break; fi; done)

install: .venv/run.stamp

run: install
	@INCIDENT_LEDGER_HOME="$${INCIDENT_LEDGER_HOME:-.incident-ledger-demo}" $(BIN)/incident-ledger demo

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest -n $(JOBS) -m "not bench"

bench: .venv/dev.stamp
	$(BIN)/python -m tests.benchmarks

soak: .venv/dev.stamp
	SOAK_SECONDS=$${SOAK_SECONDS:-180} $(BIN)/pytest tests/soak

# A stamp is newer than the pins that it stands for; otherwise they are installed again.
.venv/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with its venv module is needed; none was found." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
