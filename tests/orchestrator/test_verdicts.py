"""What people say about entries of minutes after the meeting."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from agents.errors import Locked, UsageError
from agents.export import FORMATS, export
from agents.export.page.kinds import Worth, worth_of
from agents.meeting.entry_names import entry_names, section_letters
from agents.meeting.minutes.verdicts import standing
from agents.meeting.types.file import read_types
from agents.meeting.verdict import Judgement
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.action_values import action_values
from tests.inputs import NOTES
from tests.orchestrator.stage import staged
from tests.orchestrator.test_killed import agreeing

AGENTS = ["backend_developer", "solutions_architect", "data_engineer"]


@pytest.fixture
def orchestrator(tmp_path: Path) -> Iterator[AgentOrchestrator]:
    """One with a closed meeting that agreed an action."""
    with staged(tmp_path / "data", agreeing) as opened:
        meeting = opened.create_meeting(
            "architecture_review", "Shall we move?", attach=[NOTES], agents=AGENTS, held=date(2026, 11, 23)
        )
        opened.conduct_meeting(meeting)
        yield opened


def words(orchestrator: AgentOrchestrator, name: str) -> str:
    """The words of an entry now."""
    return entry_names(orchestrator.get_minutes("last"))[name].text


def test_every_entry_has_a_name_of_its_own_that_stays(orchestrator: AgentOrchestrator) -> None:
    """Decision, actions and the entries of all sections are named once, and the same again."""
    minutes = orchestrator.get_minutes("last")
    named = entry_names(minutes)
    [topic] = minutes.topics
    assert len(named) == 1 + len(topic.actions) + len(topic.items) + len(topic.findings)
    assert {"D1", "AC1", "R1"} <= set(named)
    assert named["AC1"].text == topic.actions[0].task
    assert list(entry_names(orchestrator.get_minutes("last"))) == list(named)


@pytest.mark.parametrize("kind", sorted(read_types()))
def test_no_two_sections_of_a_type_share_letters(kind: str) -> None:
    """In every meeting type each section has letters of its own, none of them those of decisions, actions or turns."""
    from agents.meeting.minutes import COMMON_SECTIONS

    labels = list({line.label: 0 for line in read_types()[kind].lines} | dict.fromkeys(COMMON_SECTIONS))
    letters = section_letters(labels)
    assert len(set(letters.values())) == len(labels)
    assert not {"D", "A", "F", "T"} & set(letters.values())


def test_a_confirmed_entry_is_marked_in_every_export(orchestrator: AgentOrchestrator) -> None:
    """Each format names the entry, the verdict and who gave it; without a name the verdict stands alone."""
    verdict = orchestrator.verdicts.confirm("last", "ac1", by="Ada  Lovelace")
    assert verdict.words.startswith("confirmed by Ada Lovelace, ")
    assert orchestrator.verdicts.confirm("last", "D1").words.startswith("confirmed, ")
    minutes = orchestrator.get_minutes("last")
    for name in FORMATS:
        text = export(minutes, name).replace("\r\n ", "")
        assert "Ada Lovelace" in text, name
        assert "confirmed" in text, name


def test_a_correction_takes_the_place_of_the_words_and_keeps_them(orchestrator: AgentOrchestrator) -> None:
    """The new words, owner and day are in minutes and register, and every text shows the original beside them."""
    before = words(orchestrator, "AC1")
    orchestrator.verdicts.correct("last", "AC1", "Data Engineer will count the rows by 4 December 2026", by="Ada")
    minutes = orchestrator.get_minutes("last")
    action = minutes.topics[0].actions[0]
    assert (action.owner, action.due, "count the rows" in action.task.lower()) == (
        "data_engineer",
        date(2026, 12, 4),
        True,
    )
    [row] = orchestrator.actions.list(meeting=minutes.meeting)
    assert (row.task, row.owner, row.due) == (action.task, "data_engineer", date(2026, 12, 4))
    for name in ("markdown", "html", "json", "adr", "transcript"):
        text = export(minutes, name)
        assert "count the rows" in text.lower(), name
        assert before in text.replace("\\", ""), name
    orchestrator.verdicts.correct("last", "R1", "It may break twice")
    assert words(orchestrator, "R1") == "It may break twice"


def test_the_words_of_a_correction_are_never_shown_as_said(orchestrator: AgentOrchestrator) -> None:
    """Each format marks corrected entries beside their source, none calls them verified, and the counts say so."""
    before = json.loads(export(orchestrator.get_minutes("last"), "json"))["entries"]
    for name, text in (("AC1", "Data Engineer will count them all until Friday"), ("R1", "It may break twice")):
        orchestrator.verdicts.correct("last", name, text, by="Ada")
    orchestrator.verdicts.correct("last", "D1", "We move in May")
    minutes = orchestrator.get_minutes("last")
    text, page = export(minutes, "markdown"), export(minutes, "html")
    for part in ("Count them all until Friday", "It may break twice"):
        assert any("corrected by Ada" in one for one in text.splitlines() if part in one), part
        assert any("corrected by Ada" in one for one in page.splitlines() if part in one), part
        assert any("corrected by Ada" in one for one in export(minutes, "adr").splitlines() if part in one), part
    assert "corrected)" in next(one for one in text.splitlines() if "We move in May" in one)
    assert "3 were corrected by people" in text
    left = json.loads(export(minutes, "json"))
    proof = left["topics"][0]["actions"][0]["evidence"]
    assert (proof["verified"], proof["problem"]) == (False, "corrected by Ada")
    assert (left["entries"]["corrected"], left["entries"]["total"]) == (3, before["total"])
    counted = ("verified", "from_documents", "unverified", "corrected")
    assert sum(left["entries"][one] for one in counted) == before["total"]
    [row] = csv.DictReader(io.StringIO(export(minutes, "csv")))
    assert (row["verified"], row["problem"]) == ("no", "corrected by Ada")
    assert "SUMMARY:Corrected by Ada: " in export(minutes, "ics_all").replace("\r\n ", "")


def test_the_register_has_the_words_of_the_minutes(orchestrator: AgentOrchestrator) -> None:
    """A corrected action is not verified and has the same task and time words; without the correction it is again."""
    [first] = orchestrator.actions.list()
    orchestrator.verdicts.correct("last", "AC1", "Data Engineer will count them all until Friday", by="Ada")
    action = orchestrator.get_minutes("last").topics[0].actions[0]
    [value] = action_values(orchestrator.meetings, orchestrator.actions.list())
    assert (value["task"], value["due_text"], value["verified"]) == (action.task, action.due_text, False)
    assert value["quote"] == first.quote
    assert orchestrator.actions.get(first.id).corrected == "corrected by Ada"
    orchestrator.verdicts.confirm("last", "AC1", by="Grace")
    [again] = orchestrator.actions.list()
    assert (again.task, again.due_text, again.verified, again.corrected) == (
        first.task, first.due_text, first.verified, "",
    )  # fmt: skip


def test_a_rejected_action_leaves_the_open_ones_and_returns(orchestrator: AgentOrchestrator) -> None:
    """Rejected, it is struck out and no longer open or in a calendar; confirmed later, it is open again."""
    orchestrator.verdicts.reject("last", "AC1", by="Ada")
    minutes = orchestrator.get_minutes("last")
    assert not minutes.topics[0].actions[0].agreed
    assert orchestrator.actions.list(open_only=True) == []
    assert [row.status for row in orchestrator.actions.list() if row.key == minutes.topics[0].actions[0].key] == [
        "rejected"
    ]
    assert "~~" in export(minutes, "markdown")
    assert "<del>" in export(minutes, "html")
    assert "BEGIN:VEVENT" not in export(minutes, "ics_all")
    orchestrator.verdicts.confirm("last", "AC1", by="Ada")
    assert [row.open for row in orchestrator.actions.list()] == [True]
    assert orchestrator.get_minutes("last").topics[0].actions[0].agreed


def test_a_rejected_entry_is_struck_out_where_it_stands(orchestrator: AgentOrchestrator) -> None:
    """Each text says in the entry's own row who rejected it, strikes its words, and counts it nowhere as checked."""
    before = json.loads(export(orchestrator.get_minutes("last"), "json"))["entries"]
    for name in ("AC1", "R1", "D1"):
        said = words(orchestrator, name)
        orchestrator.verdicts.reject("last", name, by="Ada")
        minutes = orchestrator.get_minutes("last")
        text, page = export(minutes, "markdown"), export(minutes, "html")
        rows = [one for one in text.splitlines() if "*rejected by Ada:* ~~" in one]
        assert any(said.split()[0].lower() in one.lower() for one in rows), (name, rows)
        assert '<strong class="unverified">rejected by Ada</strong>' in page
        assert worth_of(minutes, entry_names(minutes)[name]) == (Worth.REJECTED, "rejected by Ada")
    assert "3 were rejected by people" in export(minutes, "markdown")
    left = json.loads(export(minutes, "json"))
    assert left["topics"][0]["actions"][0]["evidence"]["problem"] == "rejected by Ada"
    counted = ("verified", "from_documents", "unverified", "corrected")
    assert (left["entries"]["rejected"], left["entries"]["total"]) == (3, before["total"])
    assert sum(left["entries"][one] for one in counted) == before["total"] - 3


def test_a_confirmed_entry_says_so_beside_its_source(orchestrator: AgentOrchestrator) -> None:
    """The row of an entry names who confirmed it, and it counts as before."""
    orchestrator.verdicts.confirm("last", "AC1", by="Ada")
    minutes = orchestrator.get_minutes("last")
    [row] = [one for one in export(minutes, "markdown").splitlines() if one.startswith("| AC1")]
    assert "confirmed by Ada" in row
    assert worth_of(minutes, entry_names(minutes)["AC1"])[0] is Worth.VERIFIED


def test_an_action_that_was_done_is_not_opened_by_a_verdict(orchestrator: AgentOrchestrator) -> None:
    """What somebody did before stays done, whatever is said about the entry."""
    [row] = orchestrator.actions.list()
    orchestrator.actions.done(row.id, "it works")
    orchestrator.verdicts.confirm("last", "AC1")
    assert not orchestrator.actions.get(row.id).open


def test_the_latest_verdict_stands_and_all_are_kept(orchestrator: AgentOrchestrator) -> None:
    """JSON has each verdict with the words of the entry as the meeting left them, and says which one stands."""
    said = words(orchestrator, "AC1")
    orchestrator.verdicts.correct("last", "AC1", "Write it twice", by="Ada")
    orchestrator.verdicts.reject("last", "AC1", by="Grace")
    minutes = orchestrator.get_minutes("last")
    assert standing(minutes)["AC1"].judgement is Judgement.REJECTED
    kept = json.loads(export(minutes, "json"))["verdicts"]
    assert [(one["judgement"], one["by"], one["said"], one["standing"]) for one in kept] == [
        ("corrected", "Ada", said, False),
        ("rejected", "Grace", said, True),
    ]


def test_an_unknown_entry_is_refused_with_the_names(orchestrator: AgentOrchestrator) -> None:
    """A name that no entry has is an error of usage whose remedy lists the entries; nothing is stored."""
    with pytest.raises(UsageError) as error:
        orchestrator.verdicts.confirm("last", "AC99")
    assert error.value.exit_code == 2
    assert "D1, AC1" in error.value.remedy
    with pytest.raises(UsageError, match="no words"):
        orchestrator.verdicts.correct("last", "AC1", "  ")
    assert orchestrator.get_minutes("last").verdicts == ()


def test_a_meeting_that_is_held_takes_no_verdict(orchestrator: AgentOrchestrator) -> None:
    """While another process holds the meeting, its lock refuses the verdict."""
    meetings = orchestrator.meetings
    with meetings.locked(meetings.find("last")), pytest.raises(Locked):
        orchestrator.verdicts.confirm("last", "D1")


def test_verdicts_that_are_given_at_once_in_an_event_loop_are_all_kept(orchestrator: AgentOrchestrator) -> None:
    """Each is computed against the events that it follows, and the register has what the last one says."""
    record = orchestrator.verdicts.arecord

    async def given() -> None:
        await asyncio.gather(
            record("last", "AC1", "reject", by="Ada"),
            record("last", "ac1", "correct", "Data Engineer will count them all until Friday", by="Grace"),
            record("last", "AC1", "confirm"),
            *(record("last", "R1", "confirm", by=f"Ada {n}") for n in range(3)),
        )

    first = words(orchestrator, "AC1")
    asyncio.run(given())
    minutes = orchestrator.get_minutes("last")
    assert len(minutes.verdicts) == 6
    assert all(one.said == first for one in minutes.verdicts if one.entry == "AC1")
    keys = [event.key for event in minutes.journal if event.kind == "verdict"]
    assert keys == [f"verdict.{number}" for number in range(1, 7)]
    [row] = [one for one in orchestrator.actions.list(meeting=minutes.meeting) if one.key.endswith("action.1")]
    last = standing(minutes)["AC1"]
    assert row.open is (last.judgement is not Judgement.REJECTED)
    with pytest.raises(UsageError, match="AC99"):
        asyncio.run(record("last", "AC99", "confirm"))


def test_a_fork_keeps_the_verdicts_on_what_it_keeps(orchestrator: AgentOrchestrator) -> None:
    """A verdict on an entry of a kept turn is in the fork; one on what is asked again is not."""
    orchestrator.verdicts.confirm("last", "R1", by="Ada")
    orchestrator.verdicts.reject("last", "D1", by="Ada")
    at = entry_names(orchestrator.get_minutes("last"))["R1"].turn
    forked = orchestrator.fork_meeting("last", at)
    orchestrator.conduct_meeting(forked)
    kept = orchestrator.get_minutes(forked).verdicts
    assert [(one.judgement, one.said) for one in kept] == [(Judgement.CONFIRMED, words(orchestrator, "R1"))]


def test_a_backup_brings_verdicts_back(orchestrator: AgentOrchestrator, tmp_path: Path) -> None:
    """After a backup, more verdicts and a restore, the minutes have the verdicts of the backup."""
    orchestrator.verdicts.confirm("last", "AC1", by="Ada")
    made = orchestrator.backups.create(tmp_path / "backups")
    orchestrator.verdicts.reject("last", "AC1", by="Grace")
    orchestrator.close()
    assert made.path
    orchestrator.backups.restore(made.path)
    with staged(tmp_path / "data", agreeing) as again:
        assert [one.by for one in again.get_minutes("last").verdicts] == ["Ada"]
