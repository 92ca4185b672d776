# Two commands matter: `make run` and `make test`. Both do all the set-up, and skip each step whose inputs are unchanged.
PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/stamps
WEB := app/web
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public -type f 2>/dev/null) $(wildcard $(WEB)/*.ts $(WEB)/*.json $(WEB)/*.html)
HALVES := test-browser-a-to-e test-browser-f-to-z
UV := UV_SYSTEM_CERTS=true $(BIN)/python -m uv

# Every process that starts compiles what was not kept compiled: seconds, a hundred times in the tests.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-python test-python-sqlite test-python-postgresql test-web test-browser $(HALVES) check bench bench-exam bench-exam-bands exam-learner chaos format golden decks lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

run: $(STAMPS)/run $(STAMPS)/web-build ## set up, build, migrate and serve the product
	@WENGU_BIND=$${WENGU_BIND:-0.0.0.0:8000} $(BIN)/wengu serve

test: $(STAMPS)/tools $(STAMPS)/web-build check ## set up and run every check and every test
	@$(MAKE) --no-print-directory -j2 --output-sync=target test-python-sqlite test-python-postgresql test-web $(HALVES)
	@echo "every check passed"

# --- environment -------------------------------------------------------------------------------------------------

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Wengu needs Python 3.11 or newer as $(PYTHON) (set PYTHON=/path/to/python3)." >&2; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 \
	  || { echo "$(PYTHON) cannot make a virtual environment here: install its venv module (Debian: python3-venv) and check that this folder is writable." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==0.13.9' \
	  || { echo "uv could not be installed with pip: is the package index reachable?" >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements.lock pyproject.toml $(STAMPS)/venv
	@echo "Installing the service…"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/run
	@echo "Installing what the tests need…"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMPS)/tools: tests/install_tools.sh $(STAMPS)/dev
	@sh tests/install_tools.sh
	@touch $@

$(STAMPS)/node: $(WEB)/with_node.sh $(STAMPS)/venv
	@$(WEB)/with_node.sh --ensure
	@touch $@

$(STAMPS)/web-install: $(WEB)/package-lock.json $(WEB)/package.json $(STAMPS)/node
	@echo "Installing the parts of the phone app…"
	@$(WEB)/with_node.sh npm ci --loglevel=error --no-audit --no-fund >/dev/null
	@touch $@

$(STAMPS)/web-build: $(WEB_SOURCES) $(STAMPS)/web-install
	@echo "Building the phone app…"
	@$(WEB)/with_node.sh npm run --silent build >$@.log 2>&1 || { cat $@.log >&2; exit 1; }
	@touch $@

# --- checks ------------------------------------------------------------------------------------------------------

check: $(STAMPS)/dev ## lint, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything on SQLite, and what touches the database on PostgreSQL too, plain and partitioned.
test-python: test-python-sqlite test-python-postgresql

test-python-sqlite: $(STAMPS)/tools $(STAMPS)/web-build
	WENGU_TEST_DATABASES=sqlite $(BIN)/python -m pytest -q -m "not browser and not bench"

test-python-postgresql: $(STAMPS)/tools $(STAMPS)/web-build
	WENGU_TEST_DATABASES=postgresql,postgresql-partitioned $(BIN)/python -m pytest -q -m "not browser and not bench" -k postgresql

test-web: $(STAMPS)/web-install
	$(WEB)/with_node.sh npm run --silent lint
	$(WEB)/with_node.sh npm test --silent

# In two halves, a core for each.
test-browser: $(HALVES)

test-browser-a-to-e test-browser-f-to-z: test-browser-%: $(STAMPS)/tools $(STAMPS)/web-build
	$(BIN)/python -m pytest -q -m browser tests/browser/test_[$(subst -to-,-,$*)]*.py

$(STAMPS)/lighthouse: tests/bench/lighthouse/package-lock.json $(STAMPS)/node
	@echo "Installing Lighthouse…"
	@$(WEB)/with_node.sh npm ci --prefix ../../tests/bench/lighthouse --loglevel=error --no-audit --no-fund >/dev/null
	@touch $@

bench: $(STAMPS)/tools $(STAMPS)/web-build $(STAMPS)/lighthouse ## print the ratios of the speed budgets, measured side by side
	$(BIN)/python -m tests.bench

chaos: $(STAMPS)/tools $(STAMPS)/web-install ## the long proof that no answer is ever lost: phones, kills and a bad network
	$(BIN)/python -m tests.chaos

exam-learner: $(STAMPS)/dev $(STAMPS)/web-install ## simulated learners study for an exam with the real phone and the real service
	$(BIN)/python -m tests.bench.exam.learner

bench-exam-bands: $(STAMPS)/dev ## how often simulated learners end in the band that the forecast gives
	$(BIN)/python -m tests.bench.exam.bands

bench-exam: $(STAMPS)/dev ## run the exam planner in the simulator
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench.exam.run

# --- upkeep ------------------------------------------------------------------------------------------------------

format: $(STAMPS)/dev $(STAMPS)/web-install ## format all code
	$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(WEB)/with_node.sh npm run --silent format

golden: $(STAMPS)/run ## write the vectors that Python and TypeScript share
	$(BIN)/wengu golden tests/golden

decks: $(STAMPS)/run ## generate the starter decks again (SOURCE=path of the chapter)
	$(BIN)/wengu generate $(or $(SOURCE),../shared/source/chapter.txt) --overlay decks/overlays --out decks

lock: $(STAMPS)/venv ## pin the Python packages anew
	$(UV) pip compile -q pyproject.toml --universal --generate-hashes --no-header --no-annotate -o requirements.lock
	$(UV) pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate -o requirements-dev.lock

clean: ## remove what was built (the data in ./var stays)
	rm -rf .venv $(WEB)/node_modules $(WEB)/dist
