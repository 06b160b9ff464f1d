# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test bench bench-more docs fuzz lock audit licences sbom wheel clean

demo: $(VENV)/.installed
	$(BIN)/listed exposure Alibaba --graph bundled

test: $(VENV)/.test-installed
	$(BIN)/ruff check listed tests benchmarks fuzz docs/conf.py
	$(BIN)/ruff format --check listed tests benchmarks fuzz docs/conf.py
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(VENV)/.bench-installed
	$(BIN)/python -m benchmarks.graph
	$(BIN)/python -m benchmarks.matching 20000
	$(BIN)/python -m benchmarks.rules

# The rest, an hour or more: names, registers, exports, Cypher; Neo4j and Spark (Java, Maven); fifty readers (wrk).
bench-more: $(VENV)/.bench-installed
	for one in names registers exports cypher ftm neo4j spark page; do $(BIN)/python -m benchmarks.$$one || exit 1; done

docs: $(VENV)/.docs-installed
	$(BIN)/python -m sphinx -q -W --keep-going -b html -d build/doctrees docs build/site
	@echo "The site is in build/site: open build/site/index.html"

# An hour each of hostile files and hostile texts; guided by coverage where atheris installs (Linux).
fuzz: $(VENV)/.test-installed
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: atheris
	$(BIN)/python -m fuzz loaders --seconds $(SECONDS)
	$(BIN)/python -m fuzz parsers --seconds $(SECONDS)
	@! ls fuzz/found 2>/dev/null
SECONDS ?= 3600

# What CI installs, with the hash of every file, for Python 3.11 and newer on every platform.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
lock: $(VENV)/.supply-installed
	$(LOCK) pyproject.toml --extra test -o requirements/test.lock
	$(LOCK) pyproject.toml -c requirements/test.lock -o requirements/run.lock
	$(LOCK) requirements/build.in -c requirements/test.lock -o requirements/build.lock

# Known faults of all that is locked; what could not be looked up is a failure too.
audit: $(VENV)/.supply-installed
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/run.lock
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/test.lock

licences: $(VENV)/.test-installed
	$(BIN)/python -m tests.supply

sbom: $(VENV)/.supply-installed
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o dist/listed.cdx.json \
		requirements/run.lock

# The same bytes from the same source: dated as the last commit is.
wheel: $(VENV)/.supply-installed
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --wheel --outdir dist

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

# With LOCKED=1, as in CI, exactly what the locks hold; else the newest that pyproject.toml allows.
ifdef LOCKED
$(VENV)/.test-installed: pyproject.toml requirements/test.lock requirements/build.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements/build.lock -r requirements/test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
else
$(VENV)/.test-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@
endif

$(VENV)/.supply-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[supply]'
	touch $@

$(VENV)/.bench-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

$(VENV)/.docs-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
