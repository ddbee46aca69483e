# `make help` lists what can be made: each line that ends in two number signs and a text.
PYTHON ?= python3
ARTICLES ?= seeds
VENV := .venv
BIN := $(VENV)/bin
# The tests in parts, the longest first: each is a process of its own, and so many of them run side by side.
JOBS ?= 4
PARTS := tests/rag tests/ui tests/index tests/test_questions.py tests/cli tests/benchmarks tests/khabar
# What is left out while one writes: browsers, language models, minutes of trying.
FAST := not browser and not llama and not adversarial and not crash and not lance and not slow
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

# llama.cpp is built for any x86-64 or ARM processor: a build for just this one (its default) dies of an illegal
# instruction where the system offers less than the processor names. Choose otherwise: make CMAKE_ARGS=-DGGML_NATIVE=ON
export CMAKE_ARGS ?= -DGGML_NATIVE=OFF

.PHONY: help chat install fuzz-api lance mcp test test-fast check lint types screenshots clean
.PHONY: bench bench-retrieval bench-answers bench-newsroom bench-index bench-speed bench-load bench-engines $(PARTS) tests/rest

chat: $(VENV)/.installed ## index the articles of ARTICLES (seeds, if you name none) and serve the page
	$(BIN)/khabar index $(ARTICLES)
	$(BIN)/khabar serve

install: $(VENV)/.installed ## set up .venv and nothing else

lance: $(VENV)/.installed ## install what a store that several machines share needs: docs/scale.md
	$(PIP) --editable '.[lance]'

mcp: $(VENV)/.installed ## install what assistants that speak the Model Context Protocol need: docs/mcp.md
	$(PIP) --editable '.[mcp]'

test: $(VENV)/.installed-test ## run every test, JOBS parts at a time (4); each part is shown when it has ended
	@$(MAKE) --no-print-directory --keep-going --jobs=$(JOBS) \
	  $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) $(PARTS) tests/rest

test-fast: ## run the tests that need no browser, no language model and no patience
	@$(MAKE) --no-print-directory test ONLY='-m "$(FAST)"'

# One part: make tests/rag. No test at all is a mistake, unless only some were asked for (status 5 of pytest).
$(PARTS): $(VENV)/.installed-test
	@$(BIN)/pytest $(ONLY) $@ $(if $(ONLY),|| [ $$? = 5 ])

tests/rest: $(VENV)/.installed-test
	@$(BIN)/pytest $(ONLY) tests $(addprefix --ignore=,$(PARTS)) $(if $(ONLY),|| [ $$? = 5 ])

check: lint types ## read the code with ruff and mypy --strict

lint: $(VENV)/.installed-test ## read the code with ruff
	$(BIN)/ruff check .

types: $(VENV)/.installed-test ## read the code with mypy --strict
	$(BIN)/mypy

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "make %-17s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

PICTURES ?= screenshots
screenshots: $(VENV)/.installed-test ## write pictures of the page into PICTURES: ten minutes
	$(BIN)/python -m tests.ui.page.screenshots $(PICTURES)

clean: ## remove the environment and the archive of this folder
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

bench: $(VENV)/.installed ## time questions over seeds/
	$(BIN)/python -m benchmarks.latency seeds tests/questions/*.jsonl

# The public question sets are not part of Khabar: name your copies, as folders in the layout of BEIR.
BEIR ?=
bench-retrieval: $(VENV)/.installed-bench ## write docs/retrieval.md: is the right article found? Needs BEIR
	@test -n "$(BEIR)" || { echo "Name folders of questions: make bench-retrieval BEIR='sets/arcd sets/pquad'"; exit 1; }
	$(BIN)/python -m benchmarks.retrieval_report $(BEIR) $(addprefix --across ,$(wildcard benchmarks/data/*-*)) --write docs/retrieval.md

# GENERATOR=drafts, =smollm2, a GGUF file or a server: what readers see of drafts. Some of them need BEIR.
ifdef GENERATOR
bench-answers: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.written $(GENERATOR) $(BEIR) --write docs/answers.md
else
bench-answers: $(VENV)/.installed-bench ## write docs/answers.md: is the answer shown right? Needs BEIR; GENERATOR=… for drafts
	@test -n "$(BEIR)" || { echo "Name folders of questions: make bench-answers BEIR='sets/arcd sets/pquad'"; exit 1; }
	$(BIN)/python -m benchmarks.answers_report $(BEIR) --write docs/answers.md
endif

bench-newsroom: $(VENV)/.installed-bench ## the same over a large archive of three languages. Needs BEIR
	@test -n "$(BEIR)" || { echo "Name the three sets: make bench-newsroom BEIR='sets/antcorpus sets/farsnews sets/multihop'"; exit 1; }
	$(BIN)/python -m benchmarks.newsroom $(BEIR) --write docs/retrieval.md

bench-speed: $(VENV)/.installed-bench ## time indexing and questions over 100,000 chunks. Needs BEIR
	@test -n "$(BEIR)" || { echo "Name a folder of articles: make bench-speed BEIR=sets/antcorpus"; exit 1; }
	$(BIN)/python -m benchmarks.speed $(firstword $(BEIR)) --chunks 100000

SIZES ?= 1000,10000,100000,1000000
bench-index: $(VENV)/.installed-bench ## an archive that grows to a million chunks: an hour. SIZES=1000,10000 for less
	$(BIN)/python -m benchmarks.growth --chunks $(SIZES)

ARCHIVE ?= .khabar
bench-load: $(VENV)/.installed-bench ## how many are answered at once, over the archive in ARCHIVE: eight minutes
	$(BIN)/python -m benchmarks.load $(ARCHIVE) --write docs/figures.md

$(VENV)-fuzz/bin/schemathesis: | $(BIN)/python
	$(PYTHON) -m venv $(VENV)-fuzz
	$(VENV)-fuzz/bin/pip install --quiet --disable-pip-version-check schemathesis==4.32.5

FUZZ_SECONDS ?= 600
fuzz-api: $(VENV)/.installed $(VENV)-fuzz/bin/schemathesis ## schemathesis against the API of a throw-away archive: ten minutes
	$(BIN)/python -m benchmarks.fuzz_api $(VENV)-fuzz/bin/schemathesis --seconds $(FUZZ_SECONDS)

# Worth something on a quiet machine only.
bench-engines: $(VENV)/.installed-bench ## the embedded encoder under each engine that runs it: half an hour
	$(BIN)/python -m benchmarks.engines
	$(BIN)/python -m benchmarks.engines --busy --passages 64
