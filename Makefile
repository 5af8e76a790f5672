# Everything runs in .venv; nothing is installed anywhere else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
STAY ?= 1
# Half of the time tests wait, for sockets and processes.
JOBS ?= $(shell echo $$(( 2 * $$(getconf _NPROCESSORS_ONLN) )))
HOURS ?= 1
PYTHON310 ?= python3.10
# Each of the many processes of the tests would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE
CHAOS := PYTHONPATH=tests $(BIN)/python -m chaos

.PHONY: help setup demo test test-server crash upgrading chaos soak bench bench-peers lint types format catalogue wheel requirements clean docs-tables

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY)  ## Prepare the virtual environment

$(READY): requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)  ## Play an incident, then stay up for the browser (STAY=0: exit)
	$(BIN)/muster demo --tour $(if $(filter 0,$(STAY)),--no-stay,--stay)

test: $(READY)  ## Run all tests
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

test-server: $(READY)  ## Run contract and stories against the server that MUSTER_TEST_SERVER names
	@test -n "$(MUSTER_TEST_SERVER)" || { echo "Set MUSTER_TEST_SERVER to the server's address."; exit 2; }
	$(BIN)/python -m pytest tests/contract tests/stories

crash: $(READY)  ## Kill the process at every point between decision and delivery (long)
	MUSTER_CRASH_POINTS=all $(BIN)/python -m pytest tests/test_crash.py -s

upgrading: $(READY)  ## Let all that older versions stored go on, on each database (long)
	MUSTER_UPGRADING=all $(BIN)/python -m pytest -n $(JOBS) tests/upgrading

chaos: $(READY)  ## Play episodes in which everything fails (SEED=7: that one; EPISODES=, STORAGE=, PROCESSES=)
ifeq ($(SEED)$(EPISODES)$(STORAGE)$(PROCESSES),)
	@test -n "$(MUSTER_TEST_POSTGRESQL)" || echo "MUSTER_TEST_POSTGRESQL names no database: only SQLite is played"
	@clean=0; $(CHAOS) --episodes 40 || clean=1; \
	if test -n "$(MUSTER_TEST_POSTGRESQL)"; then \
		$(CHAOS) --episodes 16 --storage postgresql || clean=1; \
		$(CHAOS) --episodes 8 --storage postgresql --processes 2 || clean=1; fi; \
	exit $$clean
else
	$(CHAOS) --seed $(or $(SEED),1) --episodes $(or $(EPISODES),1) \
		--storage $(or $(STORAGE),sqlite) --processes $(or $(PROCESSES),1)
endif

bench: $(READY)  ## Measure against yardsticks, into bench/results.md (QUICK=1: only see that it works)
	$(BIN)/python -m bench $(if $(filter 1,$(QUICK)),quick)

soak: $(READY)  ## See that memory and tables level off at 30 events a second (HOURS=1 of the clock; 24 takes hours)
	$(BIN)/python -m bench.soak $(HOURS)

bench-peers:  ## Install the bots that bench compares with, each apart, under .bench/
	for peer in mmpy opsdroid; do \
		$(PYTHON) -m venv .bench/$$peer && \
		.bench/$$peer/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers-$$peer.txt; done
	if $(PYTHON310) --version >/dev/null 2>&1; then $(PYTHON310) -m venv .bench/errbot && \
		.bench/errbot/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers-errbot.txt; \
		else echo "errbot is left out: its Mattermost backend needs Python 3.10"; fi

docs-tables: $(READY)  ## Make the tables of docs/, and the schema of exported runs
	PYTHONPATH=tests:. $(BIN)/python -m doc_tables

lint: $(READY)  ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## Check types
	$(BIN)/mypy

format: $(READY)  ## Put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogue: $(READY)  ## Draw all sentences into templates/messages.pot, for translators
	$(BIN)/pybabel -q extract --mapping-file pyproject.toml --project Muster --no-location \
		--output-file templates/messages.pot templates

wheel: $(READY)  ## Build the package into dist/
	$(BIN)/python -m hatchling build

requirements:  ## Pin the newest allowed versions, with hashes (needs uv)
	uv pip compile pyproject.toml --extra postgresql --universal --python-version 3.11 \
		--generate-hashes --no-header --upgrade -q -o requirements.txt
	uv pip compile pyproject.toml --extra postgresql --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --upgrade -q -o requirements-dev.txt

clean:  ## Remove what was made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
