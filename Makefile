# Two commands matter: `make demo` to look, `make test` to check. Everything else is a part of one of them.
PORT ?= 8000
DATA ?= var/demo
PYTHON ?= python3
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo test setup setup-dev format check lock clean

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## a small network with invented people on http://127.0.0.1:8000 (PORT=… DATA=… change that)
	@exec .venv/bin/hearth demo --data "$(DATA)" --port "$(PORT)"

test: setup-dev ## every check and test: format, types, layers, both databases, real browser
	@exec .venv/bin/python scripts/test

setup: ## .venv with what the program needs
	@scripts/setup run

setup-dev: ## .venv with what the tests need as well
	@scripts/setup dev

format: setup-dev ## put every file in the agreed form
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .

check: setup-dev ## the quick part of `make test`: no browser, no PostgreSQL
	@exec .venv/bin/python scripts/test --quick

lock: setup-dev ## write the lock files again, with the newest versions that pyproject.toml allows
	@scripts/lock

clean: ## remove .venv, caches and the demo data in var/
	@rm -rf .venv var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
