# Everything a developer or a checking machine calls. `make demo` and `make test` need only Python
# 3.11 or newer and make.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
BENCH_VENV := .venv-bench
BENCH_STAMP := $(BENCH_VENV)/.installed
# The tests of the server need parts under the PolyForm Noncommercial licence; 0 leaves them out
NONCOMMERCIAL ?= 1
EXTRAS := $(if $(filter 0,$(NONCOMMERCIAL)),dev,dev,hosts)
VALIDATOR := tests/validator

.PHONY: help demo test golden coverage check docs layouts bench bench-quick workbooks addin messages validator wheel clean

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): $(BIN)/python pyproject.toml constraints.txt hatch_build.py
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP)
	$(PIP) install --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

$(BENCH_STAMP): benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip --disable-pip-version-check --quiet install -r $<
	@touch $@

demo: $(RUN_STAMP)  ## Check and publish the workbooks that ship
	$(BIN)/cmswp validate workbook/programme-of-work.xlsx workbook/example.xlsx
	$(BIN)/cmswp export workbook/programme-of-work.xlsx workbook/example.xlsx --out demo
	@echo
	@echo "The Secretariat's costed programme of work: demo/programme-of-work/"
	@echo "The worked example, illustrative figures:   demo/example/"
	@echo "Each holds the annex in Word and HTML, in English, French and Spanish:"
	@ls demo/programme-of-work demo/example

# Three on two cores: LibreOffice, Chromium and the server are often only waited for
PYTEST := pytest --numprocesses 3 --dist worksteal
# Modules are kept compiled even where the environment forbids it: the workers, and the
# program that many tests start, would else compile the same ones again each time
test coverage: export PYTHONDONTWRITEBYTECODE :=

test: $(DEV_STAMP)  ## Run every test
	CMSWP_NONCOMMERCIAL=$(NONCOMMERCIAL) $(BIN)/python -m $(PYTEST)

golden: $(DEV_STAMP)  ## Compare every output with those kept; RENEW=1 keeps the new ones
	PYTHONPATH=tests:tests/functional $(BIN)/python tests/golden_outputs.py $(if $(RENEW),--renew)

coverage: $(DEV_STAMP)  ## Run every test, and tell which branches none of them takes
	rm -f .coverage .coverage.*
	CMSWP_NONCOMMERCIAL=$(NONCOMMERCIAL) $(BIN)/python -m coverage run -m $(PYTEST)
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

check: $(DEV_STAMP)  ## Lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(DEV_STAMP)  ## Write the parts of the documentation that come from schemas and messages
	$(BIN)/python scripts/docs.py

layouts: $(DEV_STAMP)  ## Read 5,000 random annexes back and compare every amount (SEED=1)
	$(BIN)/python tests/random_annexes.py 5000 $(or $(SEED),1)

bench: $(DEV_STAMP) $(BENCH_STAMP)  ## Compare speed and memory with what one would do otherwise
	$(BIN)/python benchmarks/run.py

bench-quick: $(DEV_STAMP) $(BENCH_STAMP)  ## The same on the worked example only, in some minutes
	$(BIN)/python benchmarks/run.py --quick

workbooks: $(RUN_STAMP)  ## Write the workbooks that ship again, from their content
	$(BIN)/python workbook/build.py

addin: $(DEV_STAMP)  ## Write the Excel add-in again, from its text sources and the catalogues
	$(BIN)/python workbook/addin/build.py

messages: $(DEV_STAMP)  ## Extract the program's texts again and update the catalogues
	$(BIN)/python scripts/messages.py

validator: $(VALIDATOR)/node_modules/.installed  ## Install Microsoft's validator of Office files (with npm)

$(VALIDATOR)/node_modules/.installed: $(VALIDATOR)/package.json
	npm install --prefix $(VALIDATOR) --no-package-lock --no-audit --no-fund --silent
	@touch $@

wheel: $(DEV_STAMP)  ## Build the wheel
	$(BIN)/python -m pip --disable-pip-version-check --quiet wheel --no-deps --wheel-dir dist .

clean:  ## Remove what the commands above made
	rm -rf $(VENV) $(BENCH_VENV) $(VALIDATOR)/node_modules demo dist build
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis
