"""What stands on the terminal at the end of a meeting fits its last screen, whatever its size."""

from dataclasses import replace

import pytest

from agents.cli.terminal.closing import PROMPT, closing
from agents.meeting.record import Minutes
from tests.export.meetings import rich_minutes
from tests.meeting.speakers import TYPES, held

SIZES = [(80, 24), (120, 40), (40, 20), (200, 50)]
READ = "orchestrator meeting minutes"


def last_screen(minutes: Minutes, size: tuple[int, int]) -> list[str]:
    """The rows at the end of a meeting."""
    return closing(minutes, *size, READ)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("type_id", TYPES)
def test_the_end_of_each_type_fits_the_screen(type_id: str, size: tuple[int, int]) -> None:
    """Above the prompt there is room for all rows, none is wider than the terminal, and the last name what to type."""
    rows = last_screen(held(type_id), size)
    assert len(rows) <= size[1] - PROMPT
    assert all(len(row) <= size[0] for row in rows)
    assert any(READ in row for row in rows[-4:])


@pytest.mark.parametrize("size", SIZES)
def test_decision_and_actions_are_on_the_last_screen(size: tuple[int, int]) -> None:
    """The outcome, each agreed action with owner and day, and who objects are there, also on a narrow terminal."""
    minutes = rich_minutes()
    topic = replace(minutes.topics[0], findings=())
    text = " ".join(last_screen(replace(minutes, topics=(topic,)), size))
    assert "Decision: build on conditions." in text
    for action in topic.actions:
        assert not action.agreed or (minutes.title_of(action.owner) in text and str(action.due) in text)
    assert "Backend Developer objects" in " ".join(text.split())


@pytest.mark.parametrize("size", SIZES)
def test_each_topic_of_several_has_its_outcome(size: tuple[int, int]) -> None:
    """With three topics each outcome is on the last screen of a usual terminal."""
    minutes = rich_minutes()
    text = " ".join(last_screen(minutes, size))
    shown = [topic.decision.outcome in text for topic in minutes.topics]
    assert shown[0]
    assert all(shown) or size == (40, 20)
