"""The layout of minutes: short, each sentence once, and first what a reader needs."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from agents.export.markdown import in_markdown, to_markdown
from agents.export.page.whole import MISSED, minutes_page
from agents.meeting.minutes import build
from agents.meeting.record import Lines, Minutes, Unread
from agents.orchestrator.recording import read_recording
from tests.export.meetings import rich_minutes
from tests.meeting.minutes.said import minutes_of
from tests.meeting.speakers import TYPES, held

RECORDED = Path(__file__).parents[2] / "examples" / "recorded_meeting.jsonl"
FIRST_ROWS = 24
"""The rows of the smallest usual terminal."""
SHORT = 5
"""Sentences of fewer words, such as "not said", may stand in several places."""


@pytest.fixture(scope="module")
def recorded() -> Minutes:
    """The minutes of the meeting that was recorded with a real model."""
    return build(read_recording(RECORDED))


def sentences(text: str) -> list[str]:
    """The longer sentences of a text, without marks."""
    words = re.sub(r"[*_\\`>|#-]+|\[T\d+\]|\(T\d+\)|\bT\d+\b", " ", text)
    found = (" ".join(one.split()) for one in re.split(r"(?<=[.?!])\s|\n|;|\u00b7|\(\d+\)", words))
    return [one.strip(' ".').lower() for one in found if len(one.split()) >= SHORT]


def test_the_recorded_meeting_fits_80_lines(recorded: Minutes) -> None:
    """A meeting of five roles with twelve places to look at leaves at most 80 lines."""
    assert len(to_markdown(recorded).split("\n")) <= 80


def test_each_sentence_of_the_recorded_meeting_stands_once(recorded: Minutes) -> None:
    """No sentence is repeated, except one that is only shown as said and is also part of the proposal."""
    doubtful = {item.text.lower().rstrip(".") for item in recorded.topics[0].items if not item.evidence.verified}
    counted = Counter(sentences(to_markdown(recorded)))
    again = [one for one, count in counted.items() if count > 1 and not any(text in one for text in doubtful)]
    assert again == []


def test_the_first_rows_answer(recorded: Minutes) -> None:
    """Decision, actions, contested points and what was missed begin within the first 24 rows, in this order."""
    top = "\n".join(to_markdown(recorded).split("\n")[:FIRST_ROWS])
    parts = ["**Decision:**", "action", "## Still contested", f"## {MISSED}"]
    assert [top.index(part) for part in parts] == sorted(top.index(part) for part in parts)


def test_everything_stands_in_the_full_minutes(recorded: Minutes) -> None:
    """The full minutes have every turn, every vote, what was left out, and why each participant was invited."""
    text = to_markdown(recorded, full=True).replace("\\", "")
    assert all(f"**{turn.id}** " in text for turn in recorded.turns)
    assert all(note in text for note in recorded.topics[0].left_out)
    assert all(seat.reason in text for seat in recorded.present)
    assert text.count("unsteady (") == len(recorded.topics[0].ballots)


@pytest.mark.parametrize("type_id", TYPES)
def test_every_type_puts_the_decision_before_what_it_found(type_id: str) -> None:
    """Whatever the type, its decision and actions come before its sections."""
    text = to_markdown(held(type_id))
    first = text.index("\n## ")
    if "**Decision:**" in text:
        assert text.index("**Decision:**") < first
    assert "\n| AC1 |" in text[:first] or "No action was agreed" in text[:first]


def test_several_topics_are_listed_first() -> None:
    """Each topic with its outcome, actions and contested points is a row of the first table."""
    minutes = rich_minutes()
    table = to_markdown(minutes).split("\n\n")[2].split("\n")
    assert len(table) == 2 + len(minutes.topics)
    for topic, row in zip(minutes.topics, table[2:], strict=True):
        assert f"**{topic.decision.outcome}**" in row


def test_no_line_depends_on_a_line_end() -> None:
    """A paragraph of Markdown is one line, so that readers that keep line ends show the same as those that do not."""
    lines = in_markdown(minutes_page(rich_minutes())).split("\n")
    plain = re.compile(r"[^\s#|>-]")
    assert not [(one, other) for one, other in pairwise(lines) if plain.match(one) and plain.match(other)]


def test_unread_lines_stand_before_the_actions(recorded: Minutes) -> None:
    """What nobody was shown stands with the decision, within the first rows."""
    [topic] = recorded.topics
    unread = Unread((Lines("session_store_proposal.md", 21, 27, "Goals"),), {"NUM_CTX": 16384})
    rows = to_markdown(replace(recorded, topics=(replace(topic, unread=unread),))).split("\n")[:FIRST_ROWS]
    [said] = [row for row in rows if "lines 21-27" in row]
    assert "NUM\\_CTX=16384" in said or "NUM_CTX=16384" in said
    assert rows.index(said) < next(n for n, row in enumerate(rows) if "No action" in row)


def test_what_was_put_to_the_vote_names_its_entries() -> None:
    """Where nothing was decided, a reader sees which entries the proposal was made of."""
    text = "Build it on these conditions: (1) Keep a copy [T1]; (2) All is lost [T2]."
    turns = [
        ("silent_round", "cto", "Condition: Keep a copy."),
        ("silent_round", "qa_engineer", "Risk: All is lost."),
        ("silent_round", "security_engineer", "Risk: Nobody knows."),
        ("proposal", "cto", f"Proposal: {text}"),
    ]
    put = {"turn": "T4", "choice": "build on conditions", "text": text}
    shown = to_markdown(minutes_of("architecture_review", turns, put=put))
    assert 'Put to the vote: "build on conditions", with R1, C1 (D1, T4).' in shown
