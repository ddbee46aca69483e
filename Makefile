# make chat: set up, index the articles, serve the page.   make test: set up, run every test.
PYTHON ?= python3
ARTICLES ?= seeds
VENV := .venv
BIN := $(VENV)/bin
SECOND_HALF := tests/rag tests/ui tests/cli tests/test_questions.py
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

# llama.cpp is built for any x86-64 or ARM processor: a build for just this one (its default) dies of an illegal
# instruction where the system offers less than the processor names. Choose otherwise: make CMAKE_ARGS=-DGGML_NATIVE=ON
export CMAKE_ARGS ?= -DGGML_NATIVE=OFF

.PHONY: chat lance test check bench bench-retrieval bench-answers bench-newsroom bench-index bench-speed bench-engines clean

chat: $(VENV)/.installed
	$(BIN)/khabar index $(ARTICLES)
	$(BIN)/khabar serve

# What a store that several machines share needs: docs/scale.md.
lance: $(VENV)/.installed
	$(PIP) --editable '.[lance]'

# Two halves side by side, for two cores; the second is shown when both have ended. `.venv/bin/pytest` runs all in a row.
test: $(VENV)/.installed-test
	@$(BIN)/pytest $(SECOND_HALF) >$(VENV)/second-half.log 2>&1 & half=$$!; \
	$(BIN)/pytest $(addprefix --ignore=,$(SECOND_HALF)); first=$$?; \
	wait $$half; second=$$?; cat $(VENV)/second-half.log; exit $$((first || second))

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
	@echo "Installing into $(VENV). The first time takes some minutes, most of them to compile llama.cpp."
	$(PIP) torch
	$(PIP) --editable .
	$(BIN)/khabar models --check || $(PIP) --force-reinstall --no-deps --no-cache-dir llama-cpp-python
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	$(PIP) --editable '.[bench]'
	@touch $@

bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks.latency seeds tests/questions/*.jsonl

# The public question sets are not part of Khabar: name your copies, as folders in the layout of BEIR.
BEIR ?=
bench-retrieval: $(VENV)/.installed-bench
	@test -n "$(BEIR)" || { echo "Name folders of questions: make bench-retrieval BEIR='sets/arcd sets/pquad'"; exit 1; }
	$(BIN)/python -m benchmarks.retrieval_report $(BEIR) $(addprefix --across ,$(wildcard benchmarks/data/*-*)) --write docs/retrieval.md

bench-answers: $(VENV)/.installed-bench
	@test -n "$(BEIR)" || { echo "Name folders of questions: make bench-answers BEIR='sets/arcd sets/pquad'"; exit 1; }
	$(BIN)/python -m benchmarks.answers_report $(BEIR) --write docs/answers.md

bench-newsroom: $(VENV)/.installed-bench
	@test -n "$(BEIR)" || { echo "Name the three sets: make bench-newsroom BEIR='sets/antcorpus sets/farsnews sets/multihop'"; exit 1; }
	$(BIN)/python -m benchmarks.newsroom $(BEIR) --write docs/retrieval.md

bench-speed: $(VENV)/.installed-bench
	@test -n "$(BEIR)" || { echo "Name a folder of articles: make bench-speed BEIR=sets/antcorpus"; exit 1; }
	$(BIN)/python -m benchmarks.speed $(firstword $(BEIR)) --chunks 100000

# An archive that grows from a thousand chunks to a million; an hour and some gigabytes. SIZES=1000,10000 for less.
SIZES ?= 1000,10000,100000,1000000
bench-index: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.growth --chunks $(SIZES)

# The embedded encoder under each engine that runs it; half an hour, and worth something on a quiet machine only.
bench-engines: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.engines
	$(BIN)/python -m benchmarks.engines --busy --passages 64
