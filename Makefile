# What can be done here, each as one command. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

YEAR ?= 2022

BIN := .venv/bin
READY := .venv/.ready
NOTEBOOKS := $(wildcard notebooks/*.ipynb notebooks/templates/*.ipynb)
UV := $(shell command -v uv)
LOCK := uv pip compile --universal --python-version 3.11 --extra dev --extra ocr --extra browser --extra cluster --generate-hashes \
	--no-annotate --no-header --output-file requirements.lock pyproject.toml

# Twice quiet: errors only.
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

# The first Python on PATH that is new enough; empty where there is none.
PYTHON = $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' \
	2>/dev/null && break; done)

.PHONY: help setup report data lab test lint format bench docs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Install everything that is needed into .venv
	@echo "Ready: $$($(BIN)/python --version) in .venv"

report: $(READY) ## Run all notebooks for one year (YEAR=2022) and write outputs/index.html
	@$(BIN)/qy-finance run --year $(YEAR)

data: $(READY) ## Write data/tidy anew: CSV, Parquet, workbook, codebook, data package
	@$(BIN)/qy-finance data

lab: $(READY) ## Open the notebooks in JupyterLab
	@$(BIN)/qy-finance lab

test: lint ## Check style, types and layers, run all tests, compare all notebooks with their stored outputs
	@$(BIN)/pytest -n 2 --dist loadfile --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg \
		tests $(NOTEBOOKS)

lint: $(READY) ## Check style, types and layers only
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@said=$$($(BIN)/lint-imports --no-cache --no-logo) || { echo "$$said"; exit 1; }

format: $(READY) ## Put code and notebooks into the common style
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(READY) ## Measure the speed of parsing and of a whole run
	@$(BIN)/pytest tests/benchmarks

docs: $(READY) ## Write docs/checks.md from the identity data
	@$(BIN)/python tools/document_checks.py

lock: ## Write requirements.lock anew from pyproject.toml (delete it first for newest versions)
	@$(LOCK) --quiet
	@{ echo '# Written by `make lock`:'; echo '# $(LOCK)'; cat requirements.lock; } \
		>requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean: ## Remove what make and the tools wrote: .venv, outputs, caches
	@rm -rf .venv outputs .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@if [ -n "$(UV)" ]; then \
		echo "Making .venv with uv"; \
		uv venv --quiet --clear --python "$(or $(PYTHON),3.13)" .venv; \
	elif [ -n "$(PYTHON)" ]; then \
		echo "Making .venv with $(PYTHON)"; \
		"$(PYTHON)" -m venv --clear .venv; \
	else \
		echo "qy_finance needs Python 3.11 or newer, and none is on PATH."; \
		exit 1; \
	fi

# Hashes in the lock say what is installed; where from is the user's configuration. uv does not know of a
# mirror that is configured for pip: where it can't install, pip tries.
$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@install_with_uv() { \
		echo "Installing the locked packages with uv" && \
		uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode \
			requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
	}; \
	if [ -z "$(UV)" ] || ! install_with_uv; then \
		echo "Installing the locked packages with pip, which takes a minute or two"; \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
		$(PIP_INSTALL) --require-hashes --requirement requirements.lock; \
		$(PIP_INSTALL) --no-deps --no-build-isolation --editable .; \
	fi
	@$(BIN)/python -m compileall -q qy_finance
	@touch $@
