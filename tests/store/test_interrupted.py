"""A Ctrl-C while SQLite works: it is never taken for a damaged file."""

import signal
import sys
from pathlib import Path

import pytest

from agents.store import Store, backup
from tests.drill import rounds
from tests.store.backup.scene import filled

MOMENTS = rounds(25, drill=400)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no timer that raises a signal")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_at_any_moment_is_an_interrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it comes during a check or a backup of large histories, it is raised as it is, and a second try works."""
    data = filled(tmp_path / "data", *(f"{number}: " + "many words " * 40 for number in range(300)))
    monkeypatch.setattr("agents.store.database.INSTRUCTIONS", 100)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    seen = set()
    try:
        for moment in range(MOMENTS):
            signal.setitimer(signal.ITIMER_REAL, 0.002 + 0.004 * moment)
            try:
                if moment % 2:
                    with Store(data) as store:
                        store.check()
                else:
                    backup.create(data, tmp_path / "logs", tmp_path / "backups", keep=1)
                seen.add("done")
            except KeyboardInterrupt:
                seen.add("interrupted")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert "interrupted" in seen
    with Store(data) as store:
        store.check()
    backup.create(data, tmp_path / "logs", tmp_path / "backups", keep=1)
    assert not list((tmp_path / "backups").glob(".work-*"))
