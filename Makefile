# One command checks everything: make check. PYTHON names the interpreter of an environment with `pip install -e .[dev]`.
PYTHON ?= $(shell if [ -x .venv/bin/python ]; then echo .venv/bin/python; else echo python3; fi)

.PHONY: check format lint types contracts test stress bench

check: format lint types contracts test

format:
	$(PYTHON) -m ruff format --check .

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

contracts:
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as check; check()"

test:
	$(PYTHON) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

# The long runs: kills and corruptions at many more random places than a test run has time for.
stress:
	STORE_SECONDS=20 $(PYTHON) -m pytest -q tests/store/test_kill.py
	BACKUP_ROUNDS=50 $(PYTHON) -m pytest -q tests/store/backup
	KILLS=200 $(PYTHON) -m pytest -q --timeout 1800 tests/meeting/room/test_kill.py
	CTRL_C=100 $(PYTHON) -m pytest -q --timeout 1800 tests/cli/pty

# COMPARISON names an interpreter with benchmarks/comparison/requirements.txt installed; without it only we are measured.
bench:
	$(PYTHON) benchmarks/startup.py
	$(PYTHON) benchmarks/store.py
	$(PYTHON) benchmarks/reference.py $(if $(COMPARISON),--comparison $(COMPARISON))
