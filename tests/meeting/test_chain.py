"""A journal as a chain of hashed lines: any change of the file is found, and named by its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import BrokenChain
from agents.export import export
from agents.export.text import journal_line
from agents.meeting.chain import canonical, chained, head_hash, verified
from agents.meeting.journal import MemoryJournal
from agents.meeting.minutes import build
from tests.export.meetings import rich_journal, rich_minutes
from tests.inputs import ROOT

WHOLE = export(rich_minutes(), "chained").encode()
LINES = WHOLE.splitlines(keepends=True)


def short() -> bytes:
    """A short chain with floats, escapes, nested values and words of several scripts."""
    journal = MemoryJournal()
    journal.append("called", "called", {"id": "m", "number": 1.5, "nested": {"b": [1, None], "a": "ä \ud800 日"}})
    journal.append("note", "", {"text": 'quote " and \\ and \u2028'})
    return chained(journal.events(), "# Minutes\n\nÄ\n").encode()


SHORT = short()


def test_an_unchanged_export_is_verified_with_its_head_hash() -> None:
    """The number of events and the hash of the last are those of the journal, and the footer of the minutes has them."""
    minutes = rich_minutes()
    chain = verified(WHOLE)
    assert (chain.meeting, chain.events) == (minutes.meeting, len(minutes.journal))
    assert chain.head == head_hash(minutes.journal) == chain.hashes[-1]
    assert journal_line(minutes) == f"Journal: {chain.events} events, sha256 {chain.head}"
    for form in ("markdown", "html", "json"):
        assert chain.head in export(minutes, form)


def test_every_changed_byte_is_found() -> None:
    """Each single byte of a file is changed in three ways, and no such file is verified."""
    assert verified(SHORT).events == 2
    for place, byte in enumerate(SHORT):
        for other in {byte ^ 1, byte ^ 0x20, 0x20} - {byte}:
            with pytest.raises(BrokenChain):
                verified(SHORT[:place] + bytes([other]) + SHORT[place + 1 :])


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_any_byte_of_a_whole_meeting_that_is_changed_is_found(place: int, byte: int) -> None:
    """Any other byte at any place breaks the chain, and the cause names the line of that place or of the one after it."""
    changed = WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :]
    if changed == WHOLE:
        assert verified(changed).events
        return
    with pytest.raises(BrokenChain) as error:
        verified(changed)
    line = WHOLE[:place].count(b"\n") + 1
    assert any(f"Line {number} " in error.value.cause for number in (line, line + 1)) or "cut" in error.value.cause


@given(st.integers(0, len(WHOLE) - 1))
def test_a_byte_that_is_removed_or_added_is_found(place: int) -> None:
    """A file that is one byte shorter, longer, or cut there is not verified."""
    for changed in (WHOLE[:place] + WHOLE[place + 1 :], WHOLE[:place] + b" " + WHOLE[place:], WHOLE[:place]):
        with pytest.raises(BrokenChain):
            verified(changed)


@pytest.mark.parametrize("place", range(len(LINES)))
def test_a_line_that_is_removed_doubled_or_moved_is_found(place: int) -> None:
    """The cause names the place; a file that ends early is called cut."""
    without = b"".join(LINES[:place] + LINES[place + 1 :])
    with pytest.raises(BrokenChain, match="cut after line" if place == len(LINES) - 1 else f"Line {place + 1} "):
        verified(without)
    with pytest.raises(BrokenChain, match=f"Line {place + 2} "):
        verified(b"".join(LINES[: place + 1] + LINES[place:]))
    if place:
        moved = [*LINES[: place - 1], LINES[place], LINES[place - 1], *LINES[place + 1 :]]
        with pytest.raises(BrokenChain, match=f"Line {place} "):
            verified(b"".join(moved))


def test_a_line_of_another_meeting_is_found() -> None:
    """An event that was put in from another export, or words after the end, do not follow what is before them."""
    with pytest.raises(BrokenChain, match="Line 2 does not follow line 1"):
        verified(b"".join([LINES[0], SHORT.splitlines(keepends=True)[1], *LINES[2:]]))
    with pytest.raises(BrokenChain, match=f"Line {len(LINES) + 1} "):
        verified(WHOLE + SHORT)


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"{}\n", b"[]\n", b"{\n", b"\xff\xfe", b"# Minutes\n", b"{" * 100_000, WHOLE.replace(b"\n", b"\r\n")],
)
def test_what_is_no_chain_is_refused(data: bytes) -> None:
    """Empty files, other files, deep nesting and other line ends give one error with a cause."""
    with pytest.raises(BrokenChain) as error:
        verified(data)
    assert error.value.cause
    assert error.value.remedy


def test_who_computes_all_hashes_anew_is_not_found_but_has_another_head() -> None:
    """The chain does not prove who wrote it: a file that is written anew is whole, and only its head hash differs."""
    events = rich_journal().events()
    forged = chained(events[:-1], "other minutes").encode()
    assert verified(forged).events == len(events) - 1
    assert verified(forged).head != verified(chained(events, "").encode()).head


def test_the_head_hash_grows_with_the_journal() -> None:
    """What is added later changes the head hash, and the former one is still in the chain."""
    events = rich_journal().events()
    before = head_hash(events[:-1])
    assert before in verified(chained(events, "").encode()).hashes
    assert before != head_hash(events)
    assert head_hash([]) == ""
    assert len(build(events).journal) == len(events)


def test_a_program_without_ours_can_check_a_chain() -> None:
    """The lines of Python in docs/exports.md accept the file, and refuse one with a changed word."""
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    for data, whole in ((WHOLE, True), (WHOLE.replace(b"Weak evidence", b"Good evidence"), False)):
        found: dict[str, object] = {"lines": data.decode().splitlines()}
        exec(code, found)  # noqa: S102 - it is our own page
        assert found["unbroken"] is whole


def test_equal_values_are_written_the_same() -> None:
    """The order of names makes no difference, and the text is ASCII without blanks."""
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"\\u00e9","b":1}'
    assert json.loads(canonical({"a": [1.0, None, True]})) == {"a": [1.0, None, True]}
