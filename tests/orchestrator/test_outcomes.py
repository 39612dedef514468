"""What became of a decision: recorded later, and shown in minutes, beside actions, and in the next of a series."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agents.clock import today
from agents.documents import Document
from agents.errors import MeetingError, UnknownName, UsageError
from agents.export import export
from agents.meeting.afterwards import OutcomeReport
from agents.meeting.prompts import EARLIER
from agents.model import Prompt
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.outcomes import LETTERS, MOST_EARLIER, of_actions
from tests.orchestrator.stage import staged
from tests.orchestrator.test_killed import AGENTS, TOPIC, agreeing

SAID = "No cart was lost in the sale."


@pytest.fixture
def prompts() -> list[Prompt]:
    """What the models were asked."""
    return []


@pytest.fixture
def stage(tmp_path: Path, prompts: list[Prompt]) -> Iterator[AgentOrchestrator]:
    """An orchestrator on a stage."""

    def say(prompt: Prompt) -> str:
        prompts.append(prompt)
        return agreeing(prompt)

    with staged(tmp_path / "data", say) as orchestrator:
        yield orchestrator


def held(orchestrator: AgentOrchestrator, *topics: str, series: str = "", type_id: str = "architecture_review") -> str:
    """The id of a meeting that was held."""
    asked = topics or (TOPIC,)
    about = Document(f"{asked[-1].rstrip('?').split()[-1]}.md", asked[-1])  # each matter has a document of its own
    meeting = orchestrator.create_meeting(type_id, asked, agents=AGENTS, series=series, attach=[about])
    orchestrator.conduct_meeting(meeting)
    return meeting


def test_a_report_is_kept_with_a_closed_meeting(stage: AgentOrchestrator) -> None:
    """It is an event of the journal; the minutes have it with its topic, in the order of recording, and only there."""
    meeting = held(stage, TOPIC, "And the queue?")
    before = stage.get_minutes(meeting)
    day = today() - timedelta(days=3)
    first = stage.report_outcome(meeting, f"  {SAID}\n", entry="2.D1", how="good", on=day, by="Ada")
    second = stage.report_outcome(meeting, "The bill came.", entry="d2", how="mixed")
    assert first == OutcomeReport(2, SAID, "good", day.isoformat(), "Ada")
    assert second == OutcomeReport(2, "The bill came.", "mixed", today().isoformat(), "")
    after = stage.get_minutes(meeting)
    assert [topic.outcomes for topic in after.topics] == [(), (first, second)]
    assert after.topics[0] == before.topics[0]
    assert after.numbers == before.numbers
    assert stage.meetings.row(meeting).status == "closed"
    assert first.sentence == f"{day}, good: {SAID} (Ada)"


@pytest.mark.parametrize("name", ["markdown", "html", "json", "adr", "transcript"])
def test_every_export_of_decisions_shows_it(stage: AgentOrchestrator, name: str) -> None:
    """The words are in each format; those of an untrusted person stay text."""
    meeting = held(stage)
    stage.report_outcome(meeting, "It *works* <b>now</b>", how="good")
    text = export(stage.get_minutes(meeting), name)
    assert "works" in text
    if name in {"markdown", "adr", "transcript"}:
        assert r"It \*works\* \<b\>now\</b\>" in text
    elif name == "html":
        assert "It *works* &lt;b&gt;now&lt;/b&gt;" in text


def test_which_decision_is_meant_must_be_clear(stage: AgentOrchestrator) -> None:
    """With several decisions one must be named; names that do not exist, empty words and days ahead are refused."""
    meeting = held(stage, TOPIC, "And the queue?")
    for wrong, said in (
        ("", "has 2 decisions"),
        ("3.D1", "no decision '3.D1'"),
        ("1.D2", "no decision"),
        ("A1", "no decision"),
    ):
        with pytest.raises(UsageError, match=said) as error:
            stage.report_outcome(meeting, SAID, entry=wrong)
        assert "D1, 2.D1" in error.value.remedy
    assert stage.report_outcome(meeting, SAID, entry="1.D1").topic == 1
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(UsageError, match="has not come yet"):
        stage.report_outcome(meeting, SAID, entry="D1", on=tomorrow)
    with pytest.raises(UsageError, match="not said"):
        stage.report_outcome(meeting, " \x07\n", entry="D1")
    with pytest.raises(UsageError, match="cannot turn out 'great'"):
        stage.report_outcome(meeting, SAID, entry="D1", how="great")
    with pytest.raises(UnknownName):
        stage.report_outcome("20200101-nothing", SAID)
    with pytest.raises(UsageError, match="was not asked for a decision"):
        stage.report_outcome(held(stage, type_id="knowledge_sharing"), SAID)
    waiting = stage.create_meeting("decision", TOPIC, agents=AGENTS)
    with pytest.raises(MeetingError, match="not begun"):
        stage.report_outcome(waiting, SAID)


def test_actions_show_the_newest_report_on_their_decision(stage: AgentOrchestrator) -> None:
    """Only actions of that meeting and topic have it."""
    first, other = held(stage), held(stage, "Shall we move the queue?")
    rows = stage.actions.list()
    assert {row.meeting for row in rows} == {first, other}
    assert of_actions(stage.meetings, rows) == {}
    stage.report_outcome(first, "Too early to say.")
    told = stage.report_outcome(first, SAID, how="good")
    assert of_actions(stage.meetings, rows) == {row.id: told for row in rows if row.meeting == first}


def test_the_next_meeting_of_a_series_is_told(stage: AgentOrchestrator, prompts: list[Prompt]) -> None:
    """Every prompt of it has the decision and what became of it on a short line; other meetings have not."""
    first = held(stage, series="store")
    stage.report_outcome(first, f"{SAID} " + "And so on. " * 80, how="bad", by="Ada")
    before = len(prompts)
    second = held(stage, series="store")
    line = stage.get_meeting(second).earlier
    assert len(line) == 1
    assert line[0].startswith(f'{today()}, "{TOPIC}": ')
    assert f"Reported on {today()} as bad: {SAID}" in line[0]
    assert len(line[0]) < LETTERS + 180
    asked = prompts[before:]
    assert asked
    assert all(f"{EARLIER}\n- {line[0]}\n" in prompt.brief for prompt in asked)
    assert [note for note in stage.get_minutes(second).notes if line[0] in note]
    before = len(prompts)
    assert stage.get_meeting(held(stage, series="other")).earlier == ()
    assert stage.get_meeting(held(stage)).earlier == ()
    assert not any(EARLIER in prompt.brief for prompt in prompts[before:])


def test_a_series_is_told_of_few_decisions(stage: AgentOrchestrator) -> None:
    """Of many, the ones that were reported last, each with its newest report."""
    for number in range(MOST_EARLIER + 2):
        meeting = held(stage, f"Topic {number}?", series="store")
        entry = "" if number == 0 else "2.D1"  # from the second meeting on, the first topic is about open actions
        stage.report_outcome(meeting, "Wait.", entry=entry, on=date(2026, 1, 1))
        stage.report_outcome(meeting, f"Report {number}.", entry=entry, on=date(2026, 1, 2 + number))
    lines = stage.get_meeting(stage.create_meeting("decision", TOPIC, agents=AGENTS, series="store")).earlier
    assert [line.rpartition(": ")[2] for line in lines] == [f"Report {n}." for n in range(2, MOST_EARLIER + 2)]
