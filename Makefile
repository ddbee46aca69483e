# make chat: set up, index the articles, serve the page.   make test: set up, run every test.
PYTHON ?= python3
ARTICLES ?= seeds
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(wildcard index rag ui tests benchmarks)

.PHONY: chat test check bench clean

chat: $(VENV)/.installed
	$(BIN)/khabar index $(ARTICLES)
	$(BIN)/khabar serve

test: $(VENV)/.installed-test
	$(BIN)/pytest

check: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) .khabar

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Khabar needs Python 3.11 or newer; name one: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }

# constraints.txt locks every version. A torch build that is installed in .venv already is kept.
$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --quiet --constraint constraints.txt torch
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test]'
	touch $@
