# The errands of this project; `make` alone lists them.

BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
SCRATCH := build/scratch.db

.PHONY: messages pictures readme help setup demo test check bench migration locks clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: .venv/run.stamp ## Everything that runs, into .venv

demo: setup ## Try it: a workspace in a box, the bot in it, a sample project (AT="2026-11-23 07:55")
	@$(BIN)/jourfixe demo --at "$(AT)"

test: .venv/check.stamp ## The tests, on SQLite and PostgreSQL (ARGS="-k risk" for some of them)
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: .venv/check.stamp ## What CI runs: format, lint, types, import contracts, tests with coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered $(ARGS)

bench: .venv/check.stamp ## Measure how fast it is
	@$(BIN)/python -m benchmarks

migration: .venv/check.stamp ## Write a migration to what the models say now: NAME="what it brings"
	@test -n "$(NAME)" || { echo 'Say what it brings: make migration NAME="milestones"'; exit 2; }
	@mkdir -p build && rm -f $(SCRATCH)*
	@$(BIN)/python -c 'from bot.migrate import upgrade; upgrade("sqlite:///$(SCRATCH)")'
	@DATABASE_URL=sqlite:///$(SCRATCH) $(BIN)/alembic --quiet revision --autogenerate -m "$(NAME)" \
		--rev-id $$(ls migrations/versions | awk '/^[0-9]/ { last = $$0 } END { printf "%04d", last + 1 }')
	@$(BIN)/ruff format --quiet migrations/versions/*.py
	@echo "Read it: $$(ls migrations/versions/[0-9]*.py | tail -n 1)"

pictures: .venv/check.stamp ## Take the README's pictures anew, in the demo
	@$(BIN)/python -m docs.pictures

readme: setup ## Write the README's tables as the code has them
	@.venv/bin/python -m bot.reference README.md

messages: setup ## Collect the texts people read, for translators
	@cd bot && ../.venv/bin/pybabel -q extract -F locale/extract.cfg -k N_ -k plural:1,2 --no-location --omit-header --sort-output -o locale/jourfixe.pot .

locks: ## Pin dependencies anew (needs uv; ARGS=--upgrade for the newest)
	uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml \
		--extra postgres -o locks/run.txt $(ARGS)
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
		--group check -c locks/run.txt -o locks/check.txt $(ARGS)

clean: ## Remove what was made here, except data
	rm -rf .venv build dist htmlcov .coverage .coverage.* .hypothesis
	rm -rf .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		exec $$python -m venv .venv; \
	done; echo "Python 3.11 or newer is needed; say where: make PYTHON=/path/to/python3" >&2; exit 1

.venv/run.stamp: locks/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what runs into .venv …"
	@$(PIP) install --require-hashes -r locks/run.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

.venv/check.stamp: locks/check.txt .venv/run.stamp
	@echo "Installing what tests need into .venv …"
	@$(PIP) install --require-hashes -r locks/check.txt
	@touch $@
