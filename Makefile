# Every target does all of its own set-up: it needs Python 3.11 or later, make and a package index, and nothing else.
#
#     PYTHON=python3.12   which Python makes .venv      (default: the first that fits, see tools/venv)
#     WORKERS=2           test processes
#     PROFILE=long        how hard `make proof` tries   (short: fixed examples, as in CI; long: random ones, within the hour)
#     ARGS="..."          handed on to pytest, the demo or the benchmarks

PYTHON  ?=
WORKERS ?= 2
PROFILE ?= short
ARGS    ?=

VENV    := .venv
BIN     := $(VENV)/bin
PYTEST  := $(BIN)/python -m pytest -n $(WORKERS)

.DEFAULT_GOAL := help
.NOTPARALLEL: # the stamps share one environment
.PHONY: help test check proof bench demo docs build clean

help: ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

test: $(VENV)/.test ## specification and laws, with branch coverage (minutes)
	HYPOTHESIS_PROFILE=default $(PYTEST) --cov --cov-branch --cov-report=term $(ARGS)

proof: $(VENV)/.test ## what takes longer: the laws over many more cases, wrong engines (PROFILE=short or long)
	HYPOTHESIS_PROFILE=$(PROFILE) $(PYTEST) -m proof --hypothesis-show-statistics $(ARGS)

check: $(VENV)/.check ## style, types, floors, and what is in wheel and sdist
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(if $(wildcard tests/typing/test_*.py),$(BIN)/python -m pytest -m checkers tests/typing)
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/check_dist.py

bench: $(VENV)/.base ## ratios, side by side in one run
	$(BIN)/python -m benchmarks $(ARGS)

demo: $(VENV)/.base ## follow the discharges, referrals, results and care plans of a made-up population
	$(BIN)/python -m examples.clinic.demo $(ARGS)

docs: $(VENV)/.docs ## the site, into site/
	$(if $(wildcard docs/print_reference.py),$(BIN)/python docs/print_reference.py)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "site/index.html"

build: $(VENV)/.check ## wheel and sdist, into dist/
	$(BIN)/python tools/check_dist.py

clean: ## remove what was made here, environments included
	rm -rf .venv .venv-* build dist site .coverage .coverage.* htmlcov .hypothesis .mypy_cache .ruff_cache .pytest_cache
	rm -rf .import_linter_cache
	find src tests examples benchmarks docs tools -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# One stamp for each thing that was installed; all of them in one environment, renewed when pyproject.toml changes.

$(VENV)/.base: pyproject.toml tools/venv
	@echo "installing carecoord into $(VENV)"
	@sh tools/venv $(VENV) "$(PYTHON)" --editable '.[holidays]'
	@touch $@

$(VENV)/.test $(VENV)/.check $(VENV)/.docs: $(VENV)/.%: $(VENV)/.base
	@echo "installing the tools for '$*' into $(VENV)"
	@sh tools/venv $(VENV) "$(PYTHON)" --group $*
	@touch $@
