"""Reading turns: long documents are dealt out to the roles, which read them before they state their view."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.documents import Document
from agents.export.markdown import to_markdown
from agents.meeting.close_reading.phase import MOST_CHANGES
from agents.meeting.codec import values
from agents.meeting.journal import Kind, MemoryJournal, live_event
from agents.meeting.journal_values import StoredPacking
from agents.meeting.minutes import build
from agents.meeting.progress import Board
from agents.meeting.prompts import NOTED
from agents.meeting.record import Turn
from agents.meeting.spec import MeetingSpec
from agents.meeting.unread import said
from agents.model import RESERVE_TOKENS, Prompt, rough_tokens
from tests.meeting.rooms import ROLES, hold, sensible, spec_for

SENTENCE = "Step {n} moves the sessions of shard {n} while the nightly backup of that shard still runs."


def document(lines: int) -> Document:
    """A document with a heading for every ten lines, each of which is a different sentence."""
    body = [f"## Part {n // 10}\n" if n % 10 == 0 else SENTENCE.format(n=n) for n in range(lines)]
    return Document("move.md", "\n".join(body))


def noting(prompt: Prompt) -> str:
    """Speakers who say which lines they were shown."""
    shown = f"{prompt.documents[0].first} to {prompt.documents[-1].last}" if prompt.documents else "nothing"
    text = sensible(prompt)
    return text.replace(" on ", f" saw {shown} on ") if not text.startswith("{") else text


def long_spec(lines: int = 700, context: int = 4096, turns: int = 3) -> MeetingSpec:
    """A review of a document that does not fit one part for each of four roles."""
    return replace(spec_for(documents=[document(lines)], context=context), reading_turns=turns)


def test_parts_are_read_before_the_first_statement_and_stay_out_of_the_discussion() -> None:
    """Each role reads its parts in turns of their own; nobody else's prompt has them, and its own prompts have its notes."""
    events, sent = hold(long_spec(), noting)
    turns = values(events, Turn)
    phases = list(dict.fromkeys(turn.phase for turn in turns))
    assert phases[:3] == ["reading", "reading_2", "silent_round"]
    assert {turn.speaker for turn in turns if turn.phase == "reading"} == set(ROLES)
    read = [turn for turn in turns if turn.phase.startswith("reading")]
    ids = {turn.id for turn in read}
    assert not any(message.turn in ids for prompt in sent for message in prompt.transcript)
    mine = {turn.text.split("\n")[0].split(": ")[1]: turn.speaker for turn in read}
    for prompt in (one for one in sent if "Nobody has seen your view" in one.question):
        assert prompt.role is not None
        before, _, _ = prompt.question.partition("You have the floor.")
        assert before.startswith(NOTED)
        assert [role for text, role in mine.items() if text in before] == [prompt.role.id] * 2
        assert "Risk: " not in before


def test_reading_turns_are_in_the_minutes() -> None:
    """What a role writes in a reading turn is an entry of the minutes with that turn as its evidence."""
    minutes = build(hold(long_spec(), noting)[0])
    read = {turn.id for turn in minutes.turns if turn.phase.startswith("reading")}
    assert len(read) == 8
    assert read & {item.evidence.turn for item in minutes.topics[0].items}


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 900), st.sampled_from([2048, 3000, 4096, 8192]), st.integers(1, 4))
def test_every_line_is_in_a_prompt_or_named_and_prompts_fit(lines: int, context: int, turns: int) -> None:
    """Every content line of a document is in some prompt or among the unread lines of the minutes, never in both; and
    every prompt fits the context together with its answer.
    """
    spec = long_spec(lines, context, turns)
    events, sent = hold(spec, noting)
    unread = build(events).topics[0].unread
    named = {line for one in unread.lines for line in range(one.first, one.last + 1)}
    for number, line in enumerate(spec.documents[0].lines, 1):
        if line.startswith("Step"):
            shown = any(f"{number}: {line}" in message.text for prompt in sent for message in prompt.messages())
            assert shown is (number not in named)
    for prompt in sent:
        length = sum(rough_tokens(message.text) for message in prompt.messages())
        assert length + prompt.max_tokens + RESERVE_TOKENS <= context


def test_unread_lines_are_named_in_notes_and_data() -> None:
    """The minutes name the lines that nobody was shown, with the settings that would show them."""
    minutes = build(hold(long_spec(turns=1), noting)[0])
    unread = minutes.topics[0].unread
    assert unread.lines
    assert set(unread.enough) == {"NUM_CTX", "READING_TURNS"}
    assert said(unread) in to_markdown(minutes).replace("\\", "")


def test_the_lines_of_a_role_that_gave_no_answer_are_unread() -> None:
    """A part counts as shown only when its turn is in the journal."""
    spec = long_spec(300, 8192)

    def silent(prompt: Prompt) -> str:
        return "" if prompt.role and prompt.role.id == "data_engineer" else noting(prompt)

    events, _ = hold(spec, silent)
    [packing] = values(events, StoredPacking)
    assert packing.parts
    lost = {first for part in packing.parts["data_engineer"] for _, first, _ in part}
    named = {line for one in build(events).topics[0].unread.lines for line in range(one.first, one.last + 1)}
    assert lost <= named


def test_a_resumed_meeting_shows_the_same_parts() -> None:
    """After a stop at any turn, the prompts that follow have the same parts as without a stop."""
    spec = long_spec()
    events, sent = hold(spec, noting)
    cut = next(number for number, event in enumerate(events) if event.key == "1.reading_2.data_engineer")
    journal = MemoryJournal()
    for event in events[:cut]:
        journal.append(event.kind, event.key, json.loads(json.dumps(event.data)))
    _, again = hold(spec, noting, journal)
    assert [prompt.messages() for prompt in again] == [prompt.messages() for prompt in sent[-len(again) :]]


def test_a_journal_of_an_earlier_version_is_read() -> None:
    """A journal that says only what all saw gives minutes that say so, and claims nothing about the other lines."""
    spec = long_spec()
    journal = MemoryJournal()
    journal.append("called", "called", spec.as_dict())
    journal.append("head", "1.head", {"shared": [["move.md", 2]], "scale": 1.0, "total": 70})
    events, sent = hold(spec, noting, journal)
    minutes = build(events)
    assert not minutes.topics[0].unread.lines
    assert any("1 of the 70 passages" in note for note in minutes.notes)
    assert all(len(prompt.shared) == 1 for prompt in sent if prompt.shared)


def test_the_live_view_counts_reading_turns() -> None:
    """Its steps have the reading phases of the topic, and what it expects is what is asked."""
    spec = long_spec()
    events, _ = hold(spec, noting)
    board = Board(spec, lambda: 0.0)
    for event in events:
        board.update(event)
    assert board.steps[:4] == ("close_reading", "reading", "reading_2", "silent_round")
    board.update(live_event(Kind.TOPIC, 1, text=""))
    board.update(live_event(Kind.PHASE, 1, "silent_round"))
    assert (board.step, board.done) == (4, MOST_CHANGES + 8)


def test_parts_of_a_skipped_reading_phase_are_unread() -> None:
    """Where a reading phase has no turns, as after a person skipped it, its lines are named as shown to nobody."""
    spec = long_spec()
    events, _ = hold(spec, noting)
    [packing] = values(events, StoredPacking)
    parts = packing.parts or {}
    kept = [event for event in events if not event.key.startswith("1.reading.")]
    lost = {first for read in parts.values() for _, first, _ in read[0]}
    before, after = build(events).topics[0].unread, build(kept).topics[0].unread
    named = {line for one in after.lines for line in range(one.first, one.last + 1)}
    assert lost <= named
    assert len(after.lines) >= len(before.lines)
