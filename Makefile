# `make check` runs every check. PYTHON names an interpreter in an environment with `pip install -e .[dev]`.
PYTHON ?= $(shell if [ -x .venv/bin/python ]; then echo .venv/bin/python; else echo python3; fi)

.PHONY: check format lint types contracts test drill pages containers bench

check: format lint types contracts test

format:
	$(PYTHON) -m ruff format --check .

lint:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

contracts:
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as check; check()"

test drill pages containers: export PYTHONDONTWRITEBYTECODE =
test:
	$(PYTHON) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

DRILLS = tests/store tests/documents tests/meeting/minutes tests/meeting/reading tests/meeting/room/test_shown.py \
	tests/model/http/test_bounds.py tests/model/test_wrong_types.py tests/meeting/room/test_kill.py \
	tests/orchestrator/test_killed.py tests/cli/pty/test_ctrl_c.py tests/cli/test_interrupted.py tests/cli/test_egress.py \
	tests/cli/terminal/test_streams.py tests/api/native/test_events.py tests/api/native/test_openapi.py
# Kills, corruptions and key presses at many more random places than a test run has time for. Not side by side: what is
# killed at a random moment gets all of the machine.
drill:
	DRILL=true $(PYTHON) -m pytest -q --timeout 1800 $(DRILLS)

# Every page at every size in Chromium, pictures of all of them in PICTURES, and an hour of a live meeting.
PICTURES ?= pictures
pages:
	DRILL=true $(PYTHON) -m pytest -q --timeout 1800 tests/api/pages
	$(PYTHON) benchmarks/pictures.py $(PICTURES)
	$(PYTHON) benchmarks/live_page.py --minutes 60

# All tests of the stack on the real engine, with both versions of Compose; a test run takes a sample.
containers:
	DRILL=true $(PYTHON) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder tests/containers tests/scripts

# COMPARISON names an interpreter with benchmarks/comparison/requirements.txt installed; without it nothing is compared.
bench:
	$(PYTHON) benchmarks/startup.py
	$(PYTHON) benchmarks/store.py
	$(PYTHON) benchmarks/pages.py
	$(PYTHON) benchmarks/live_page.py
	$(PYTHON) benchmarks/reference.py $(if $(COMPARISON),--comparison $(COMPARISON))
