"""The parts of the measurement of pages: the store that it makes, what it asks for, and the growth that it computes."""

from pathlib import Path

import psutil
import pytest

from agents.meeting.minutes import build
from agents.orchestrator import AgentOrchestrator
from benchmarks.pages import Kind, Row, kinds, measured, table
from benchmarks.stored_meetings import Size, filled
from tests.api.pages.site import site

SMALL = Size(6, 170)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small store."""
    return filled(tmp_path / "store", SMALL)


def test_the_store_has_what_was_asked_for(folder: Path) -> None:
    """As many meetings and turns are stored, each with minutes that have entries; actions are in the register."""
    with AgentOrchestrator(data_folder=folder) as orchestrator:
        rows = orchestrator.meetings.list()
        assert (len(rows), sum(row.turns for row in rows)) == (SMALL.meetings, SMALL.turns)
        minutes = [build(orchestrator.meetings.journal(row.id).events()) for row in rows]
        assert all(one.topics[0].decision.text or one.topics[0].items for one in minutes)
        assert sum(one.topics[0].decision.status == "accepted" for one in minutes) > 0
        actions = orchestrator.actions.list()
        assert actions
        assert all(row.owner and row.due for row in actions)


def test_a_store_is_made_once(folder: Path) -> None:
    """A folder that has the store is left as it is, and one of another size is refused."""
    before = (folder / "orchestrator.db").read_bytes()
    assert filled(folder, SMALL) == folder
    assert (folder / "orchestrator.db").read_bytes() == before
    with pytest.raises(SystemExit, match="another size"):
        filled(folder, Size(7, 200))


def test_each_turn_is_in_a_meeting() -> None:
    """The turns of all meetings add up, of a small store and of the usual one."""
    for size in (SMALL, Size(), Size(1000, 20_000)):
        each = [*size.each()]
        assert (len(each), sum(each)) == (size.meetings, size.turns)


def test_a_page_is_measured_and_judged(folder: Path) -> None:
    """Times and sizes of a page are counted; a page above a limit, or one that is not there, is named as such."""
    home, *_ = kinds(folder, 3)
    with site(data_folder=folder) as pages:
        port = int(pages.url.rpartition(":")[2])
        row = measured(port, psutil.Process(), home, 2)
        nothing = measured(port, psutil.Process(), Kind("nothing", ("/meetings/nothing",)), 2)
    assert (row.status, len(row.first), len(row.again)) == (200, 1, 2)
    assert row.size > 500
    assert nothing.verdict == "not measured: status 404"
    assert Row("slow", first=[200.0], again=[1.0]).verdict == "SLOW"
    assert Row("large", first=[1.0], again=[1.0], size=300_000, largest="/x").verdict == "LARGE /x"
    assert len({line.count("|") for line in table([row, nothing]).split("\n")}) == 1
