# Every target makes the environment it needs. PYTHON=... chooses the interpreter.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& command -v $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.lock

.PHONY: study test kernels lint unit wheel bench soak docs lock clean
.DEFAULT_GOAL := study

study: $(STAMP)
	$(BIN)/closecall study

# Compiling beside the linters leaves the tests 265 s where both workers' compiling made it 302.
test: $(STAMP)
	$(MAKE) -j2 lint kernels
	$(MAKE) unit
	$(MAKE) wheel

kernels: $(STAMP)
	$(BIN)/python tools/compile_kernels.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Two workers have both cores: threads of BLAS besides made the estimates take twice as long.
unit: $(STAMP)
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadscope

wheel: $(STAMP)
	$(BIN)/python tools/check_wheel.py

bench: $(STAMP)
	$(BIN)/python -m tools.bench
	$(BIN)/python -m tools.streams
	$(BIN)/python -m tools.estimation

soak: $(STAMP)
	$(BIN)/pytest -m soak -n 0

docs: $(STAMP)
	$(BIN)/python -m tools.make_docs

lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -q -o requirements.lock

clean:
	rm -rf $(VENV) .bench runs build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Rebuilt only when what it is made from changed; uv where it is at hand, else pip.
$(STAMP): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "closecall needs Python 3.11, 3.12 or 3.13; found: $$(python3 --version 2>&1 || echo none). Set PYTHON=/path/to/python3.x" >&2; exit 2; fi
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"closecall needs Python 3.11, 3.12 or 3.13; {sys.executable} is {v.major}.{v.minor}")'
	@if cmp -s requirements.lock $(STAMP) && cmp -s pyproject.toml $(VENV)/.project; then touch $(STAMP); exit 0; fi; \
	set -e; rm -f $(STAMP); \
	if command -v uv >/dev/null 2>&1; then \
		uv venv -q --allow-existing --python $(PYTHON) $(VENV); \
		uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock; \
		uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		$(PYTHON) -m venv $(VENV); \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; \
		$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi; \
	cp pyproject.toml $(VENV)/.project; cp requirements.lock $(STAMP)
