# Every target sets up what it needs: make run works on a fresh clone with nothing but make, Python and pip.
PYTHON ?= python3
VENV ?= .venv

BIN := $(VENV)/bin
# What runs, and with it what tests.
RUNS := $(VENV)/runs
STAMP := $(VENV)/installed

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command 'make lock'

# Least share of slips that the rules notice without the citations; it may only rise.
FLOOR := 44

# Rows of the register that is measured, one number or several.
ROWS ?= 1000000

.PHONY: help run test slow docs check rules lint types lock audit bench clean

help:
	@echo 'make run    check raw/ and publish warehouse/ip.duckdb'
	@echo 'make check  check raw/ and write nothing'
	@echo 'make rules  test the rules on the figures of the last bulletin'
	@echo 'make test   run the tests'
	@echo 'make slow   run the tests that take longer'
	@echo 'make docs   build the documentation as a site, build/site'
	@echo 'make lint   ruff: rules and format'
	@echo 'make types  mypy, strict'
	@echo 'make lock   renew requirements.lock'
	@echo 'make audit  look for known weaknesses of what the lock names'
	@echo 'make bench  measure registers, the cold start and a panel, for the documentation; ROWS=10000000 for a larger register'
	@echo 'make clean  delete what these make, the warehouse included'

run: $(RUNS)
	$(BIN)/etl run

check: $(RUNS)
	$(BIN)/etl check --fail-on warning

rules: $(STAMP)
	$(BIN)/etl rule --lint
	$(BIN)/etl mutate --survivors 0 --min-score 100
	$(BIN)/etl mutate --without cited --survivors 0 --min-score $(FLOOR)

test: $(STAMP)
	$(BIN)/python -m pytest

slow: $(STAMP)
	$(BIN)/python -m pytest -m slow

docs: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

lint: $(STAMP)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: $(STAMP)
	$(BIN)/python -m mypy

# The build backend is in the lock too, so nothing is installed that has no hash.
$(RUNS): requirements-run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Python 3.11 or newer is needed; $(PYTHON) is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes --requirement requirements-run.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMP): requirements.lock $(RUNS)
	$(PIP) --require-hashes --requirement requirements.lock
	@touch $@

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	printf 'hatchling\neditables\n' | $(COMPILE) --extra test --output-file requirements.lock pyproject.toml -
	printf 'hatchling\neditables\n' | $(COMPILE) --constraint requirements.lock --output-file requirements-run.lock pyproject.toml -

audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet pip-audit
	build/audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements.lock

# The other tools are installed beside, in environments of their own under build/benchmarks.
bench: $(STAMP)
	mkdir -p build/benchmarks
	$(BIN)/python tests/benchmarks/registers.py --rows $(ROWS)
	$(BIN)/python tests/benchmarks/parts.py --rows $(firstword $(ROWS))
	$(BIN)/python tests/benchmarks/cold_start.py
	$(BIN)/python tests/benchmarks/panel.py
	$(BIN)/python tests/benchmarks/publish.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf warehouse/ip.*duckdb* warehouse/.load.lock warehouse/.rolled-back warehouse/.build-* warehouse/.link-*
	find etl schemas tests -name __pycache__ -type d -prune -exec rm -rf {} +
