# Everything runs in .venv at the project's root; nothing is fetched at run time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-dev
PORT ?= 7860
# As many processes as there are processors, at most four: each takes up to 2 GB. Long files first (tests/conftest.py),
# one file in one process.
PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Every process of a test would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: chat test fast lint ingest doctor audit bench bundle clean

chat: $(STAMP)
	$(BIN)/python ingest.py
	$(BIN)/python -m bot serve --port $(PORT)

test: $(TEST_STAMP) lint
	$(PYTEST)

fast: $(TEST_STAMP)
	$(PYTEST) -m "not browser and not slow and not disk"

lint: $(TEST_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

ingest: $(STAMP)
	$(BIN)/python ingest.py

# Asks the advisory service of the package index; versions that it does not know are named.
audit: $(TEST_STAMP)
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --progress-spinner off

bench: $(TEST_STAMP) ingest
	$(BIN)/python -m bot.benchmarks $(FOLDERS:%=--folder %)

bundle: $(TEST_STAMP)
	$(BIN)/python deploy/offline/bundle.py $(or $(TO),dist/offline)

doctor: $(STAMP)
	$(BIN)/python -m bot doctor

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip

$(STAMP): $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet -c constraints.txt -e .
	touch $(STAMP)

$(TEST_STAMP): $(STAMP)
	$(PIP) install --quiet -c constraints.txt -e ".[dev,torch,postgresql,ocr]"
	touch $(TEST_STAMP)

clean:
	rm -rf $(VENV) data
