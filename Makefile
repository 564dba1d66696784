# The few things one does with a checkout. Each target builds .venv by itself when it is missing or older than the lock.
# Needs nothing but Python 3.11 to 3.13, make and a package index.

PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(if $(shell $(p) -c 'import sys; print(sys.version_info[:2] >= (3, 11) < (3, 14) or "")' 2>/dev/null),$(p))))
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo run up test check eval eval-extraction audit fuzz

demo: $(READY)  ## the whole pipeline over the bundled newsroom
	@$(BIN)/tripolar demo

run: $(READY)  ## one scheduled cycle over flows/feeds.toml
	@$(BIN)/tripolar run

up: $(READY)  ## server, UI and schedule, until Ctrl-C
	@$(BIN)/tripolar up

check: $(READY)  ## style, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## the checks and every test
	$(BIN)/pytest

# GOLD and BASELINES reach it through the environment, whatever stands in them: make exports what its command line sets.
eval: $(READY)  ## the tagger against a gold file (GOLD=file.jsonl names another), beside baselines (BASELINES=all: the slow one too)
	@$(BIN)/python -m tests.eval.tags

eval-extraction: $(READY)  ## the page reader against pages with gold text
	@$(BIN)/python -m tests.eval.extraction

audit: $(READY)  ## pinned dependencies against the database of known holes, by pip-audit in an environment of its own
	@test -x .venv-audit/bin/pip-audit || { $(BIN)/python -m venv .venv-audit && .venv-audit/bin/pip install --quiet pip-audit; }
	$(BIN)/pytest tests/test_audit.py -rs

SECONDS_EACH ?= 600
FUZZ ?= feed sitemap date warc robots cdx opml taxonomy tagging page url wire avoided head outcome
fuzz: $(READY)  ## each reader for ten minutes, guided by coverage, in an environment of its own
	@test -x .venv-fuzz/bin/python || { $(BIN)/python -m venv .venv-fuzz && .venv-fuzz/bin/pip install --quiet --no-deps -r requirements.lock \
		&& .venv-fuzz/bin/pip install --quiet --no-deps --editable . && .venv-fuzz/bin/pip install --quiet atheris; }
	@for name in $(FUZZ); do .venv-fuzz/bin/python -m tests.fuzz.deep $$name .fuzz -max_total_time=$(SECONDS_EACH) || exit 1; done

# --no-deps: the lock is complete, so nothing that it does not name can come in.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 to 3.13 found; install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@
