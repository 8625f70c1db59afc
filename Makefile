# 返校 Fanxiao. `make help` lists what can be made; each target sets up what it needs first.
.POSIX:
.DEFAULT_GOAL = help

PYTHON = .venv/bin/python
SOAK_MINUTES = 240
SOAK_NUMBERS = 200000

## use
run: setup ## set up all that is missing, make demo data once, serve (HOST= and PORT= change 127.0.0.1:8000)
	@HOST='$(HOST)' PORT='$(PORT)' scripts/run.sh serve

demo: setup ## the main job without a browser: a case from school report to signed packet; prints the files made
	@scripts/run.sh walk

setup: ## system packages, .venv and libraries for running, if anything is missing
	@scripts/setup.sh run

## check
test: setup-dev check tests ## everything that .ci/run checks

check: setup-dev lint types arrows templates-lint vendor-check secrets libraries ## all checks but the tests

tests: setup-dev ## pytest (ARGS= is passed on)
	@$(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

lint: ## ruff
	@$(PYTHON) -m ruff check .

types: ## mypy, strict on app/
	@$(PYTHON) -m mypy

arrows: ## import-linter: arrows between rooms go down only
	@.venv/bin/lint-imports --no-cache

templates-lint: ## every shipped template against its declaration
	@scripts/lint_templates.sh

vendor-check: ## vendored front-end files are byte for byte those of the lock
	@$(PYTHON) scripts/vendor/vendor.py check

secrets: ## no key, password or token in what git keeps
	@$(PYTHON) -m scripts.check_secrets

libraries: ## installed libraries fit each other and are the ones of scripts/constraints.txt
	@$(PYTHON) -m pip check
	@$(PYTHON) -m scripts.check_libraries

audit: setup-dev ## known weaknesses of the libraries (needs the open internet; not part of test)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check pip-audit
	@$(PYTHON) -m pip_audit -r scripts/constraints.txt --no-deps

## measure
bench: setup-dev ## run every script of bench/, one after the other; fails while there is none (planned)
	@for script in bench/*.py; do \
		[ -e "$$script" ] || { echo "bench/ holds no script yet: nothing was measured" >&2; exit 1; }; \
		echo "== $$script"; PYTHONPATH=. $(PYTHON) "$$script" || exit 1; done

soak: setup-dev ## tests/soak at length: SOAK_MINUTES= for each endurance test, SOAK_NUMBERS= document numbers (hours)
	@SOAK_MINUTES=$(SOAK_MINUTES) SOAK_NUMBERS=$(SOAK_NUMBERS) $(PYTHON) -m pytest -s tests/soak $(ARGS)

longest: ## the ten longest modules of app/
	@find app -name '*.py' -exec wc -l {} + | sort -rn | sed -n '2,11p'

## keep
setup-dev: ## as setup, with what only checks and tests need
	@scripts/setup.sh test

lock: setup-dev ## write scripts/constraints.txt anew after a change of requirements*.txt
	@scripts/lock.sh

clean: ## remove caches (never instance/ or .venv/)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find app tests scripts bench migrations -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this table
	@sed -n -e 's/^## \(.*\)/\n\1/p' -e 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1	\2/p' Makefile | expand -t 26

.PHONY: run demo setup test check tests lint types arrows templates-lint vendor-check secrets libraries \
	audit bench soak longest setup-dev lock clean help
