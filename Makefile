# Everything here works from a bare clone with Python 3.11 or newer and make; each target sets up what it needs.

.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do command -v $$name && break; done)
HOST   ?= 127.0.0.1
PORT   ?= 7860

BIN   := .venv/bin
STAMP := .venv/.installed
PIP   := PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip -qq

.PHONY: help install run test check lint format bench clean

help:
	@echo "make run      set up, index seeds/, and open the page on http://$(HOST):$(PORT)"
	@echo "make test     set up, and run every test"
	@echo "make check    set up, and run the linters, the type checker and every test"
	@echo "make install  set up alone, into .venv"
	@echo "make bench    set up, and score the question cases in evals/cases"
	@echo "make format   let ruff put the code in order"
	@echo "make clean    remove .venv and caches; libraries in indexes/ stay"

install: $(STAMP)

# pip compiles one file after another; compileall uses every core and leaves out what Pincite never imports.
NEVER_IMPORTED := /tests?/|/torch/(testing|_inductor)/

# torch comes first, alone: a machine may offer its own build of this version, and the rest then accepts that one.
$(STAMP): pyproject.toml constraints.txt
	@[ -n "$(PYTHON)" ] || { echo "pincite: no Python found; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "pincite: Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -V 2>&1); name another: make PYTHON=/path/to/python" >&2; exit 2; }
	@echo "Setting up .venv; this takes two or three minutes, once."
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(PIP) install --no-compile --constraint constraints.txt torch==2.13.0
	@$(PIP) install --no-compile --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m compileall -qq -j 0 -x '$(NEVER_IMPORTED)' .venv/lib/python3*/site-packages || true
	@touch $@

# Only when the seeds are newer than their library: a document removed by hand stays removed.
indexes/default/.seeded: $(wildcard seeds/*) | $(STAMP)
	@$(BIN)/pincite index seeds --index indexes/default
	@touch $@

run: $(STAMP) indexes/default/.seeded
	@$(BIN)/pincite serve --index indexes/default --host $(HOST) --port $(PORT)

test: $(STAMP)
	@$(BIN)/python -m pytest

lint: $(STAMP)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test

format: $(STAMP)
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(STAMP)
	@$(BIN)/python -m evals run evals/cases/seeds.jsonl

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
