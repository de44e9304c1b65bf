.DEFAULT_GOAL := help
.PHONY: help setup dev run test ci lint format types architecture bench chaos screenshots lock clean

GOOD_PYTHON = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c '$(GOOD_PYTHON)' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
# Kept bytecode: every process of a run or of the tests would compile all its packages anew, several seconds each.
unexport PYTHONDONTWRITEBYTECODE
WORKERS ?= 3
TESTS ?=

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

check-python:
	@test -n "$(PYTHON)" || { echo "Hallway needs Python 3.11 or newer, and this machine has none." \
		"Install one (Debian 12, Ubuntu 24.04: apt install python3 python3-venv) or run: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments." \
		"Install its venv module (Debian, Ubuntu: apt install python3-venv) and try again."; exit 1; }

setup: check-python ## make .venv and build the pages' assets
	@$(PYTHON) -m scripts.setup

dev: check-python ## the same with the tools for tests and checks
	@$(PYTHON) -m scripts.setup --dev

run: setup ## run the whole product with demo data; Ctrl-C stops it
	@exec $(BIN)/hallway run

test: dev ## run the tests (TESTS=tests/house for a part, WORKERS=2)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

ci: dev lint types architecture test ## everything that must be green

lint: dev ## check style and layout
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: dev ## lay the code out
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: dev ## check types
	@$(BIN)/mypy

architecture: dev ## check who may import whom
	@$(BIN)/lint-imports

bench: dev ## measure speed; docs/performance.md explains
	@$(BIN)/python -m tests.bench $(ARGS)

chaos: dev ## kill parts at random while calls come in
	@$(BIN)/python -m tests.chaos $(ARGS)

screenshots: dev ## take the pictures of the README into docs/images; needs make run beside it
	@$(BIN)/python -m scripts.screenshots $(ARGS)

lock: dev ## resolve the locks anew
	@$(BIN)/python -m scripts.lock

clean: ## remove .venv, node_modules and built files; keeps the data in var/
	@rm -rf .venv node_modules blueprints_ui/static/built platform/sandbox/static/built .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
