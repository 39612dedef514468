"""The timeline of a postmortem: the document's own lines with times, word for word, in order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.documents import Document
from agents.export.markdown import to_markdown
from agents.meeting.minutes import build
from agents.meeting.phases import rows_within
from agents.meeting.timeline import MOST_WORDS, happened_in
from agents.model import Prompt, Task
from tests.meeting.rooms import hold, sensible, spec_for

TABLE = """# Checkout outage, Nov 20

All times in PST.

| Time | Event |
|---|---|
| 11:58 PM | Deploy of release 41 to all hosts at once |
| 12:04 AM | The checkout error rate rose |
| 2:30 AM | Service restored by hand |

## Follow-up
- 9:00 AM meeting with the vendor on Monday
"""
BULLETS = """# Flags
- 23:40 Ahmed merges a config change by hand, no review
  and writes the wrong number.
- 23:55 no alert fired.
- 00:20 Rollback failed.
- ~00:45 Service restored by hand.
"""


def lines(*documents: str) -> list[tuple[str, str]]:
    """Place and words of the events in these documents, which are called a.md, b.md and so on."""
    named = tuple(Document(f"{'abc'[n]}.md", text) for n, text in enumerate(documents))
    return [(f"{one.document}:{one.line}", one.text) for one in happened_in(named)]


def test_rows_of_a_table_are_in_order_over_midnight() -> None:
    """A time before noon after one in the evening is on the next day; what is planned for later is no event."""
    assert lines(TABLE) == [
        ("a.md:7", "11:58 PM | Deploy of release 41 to all hosts at once"),
        ("a.md:8", "12:04 AM | The checkout error rate rose"),
        ("a.md:9", "2:30 AM | Service restored by hand"),
    ]


@pytest.mark.parametrize(
    ("document", "order"),
    [
        ("Friday, 20 November 2026\n\n- 23:58 deploy\n- 00:04 errors\n\n21 November 2026\n- 09:00 fixed\n", "deploy errors fixed"),
        ("## 2026-11-21\n- 00:04 errors\n## 2026-11-20\n- 23:58 deploy\n", "deploy errors"),
        ("21. November 2026\n00:04 Uhr errors\n20. November\n23:58 Uhr deploy\n", "deploy errors"),
        ("**2026-11-21**\n00:04 errors\n**2026-11-20**\n10:00 deploy\n", "deploy errors"),
        ("Dec 31 23:58:01 deploy\nJan  1 00:04:10 errors\nJan 1 2027 00:05 fixed\n", "deploy errors fixed"),
        ("11/21/2026 12:04 AM errors\n11/20/2026 11:58 PM deploy\n", "deploy errors"),
        ("[21/Nov/2026:00:04:01 +0000] errors\n[20/Nov/2026:23:58:01 +0000] deploy\n", "deploy errors"),
        ("2026-11-21T02:10:00+01:00 deploy\n2026-11-21T02:00:00Z fixed\n2026-11-21T01:30:00Z errors\n", "deploy errors fixed"),
        ("2026-11-21 02:10 CET deploy\n2026-11-21 01:30 UTC errors\n", "deploy errors"),
        ("2026-11-21 17:10 PST errors\n2026-11-22 00:30 UTC deploy\n", "deploy errors"),
        ("All times in PST.\n2026-11-21 17:10 errors\n2026-11-22 00:30 UTC deploy\n", "deploy errors"),
        ("00:45 fixed\n00:20 errors\n23:55 alarm\n23:40 deploy\n", "deploy alarm errors fixed"),
        ("14:00 deploy\n15:00 errors\n09:00 the next morning: fixed\n", "deploy errors fixed"),
        ("2026-11-20\n23:40 deploy\n23:50 errors, the backup of 2026-11-02 was used\n23:55 fixed\n", "deploy errors fixed"),
        ('{"ts": "2026-11-21T00:04:10.123Z", "msg": "errors"}\n{"ts": "2026-11-20T23:58:10Z", "msg": "deploy"}\n', "deploy errors"),
        ("11\u670821\u65e5 00:04 errors\n11\u670820\u65e5 23:58 deploy\n", "deploy errors"),
    ],
)  # fmt: skip
def test_events_are_in_the_order_in_which_they_happened(document: str, order: str) -> None:
    """Days are named by headings, by lines of their own or at the start of a line; times have zones."""
    words = " ".join(text for _, text in lines(document))
    assert [word for word in re.findall("[a-z]+", words) if word in set(order.split())] == order.split()


def test_a_bullet_is_no_part_of_the_words_and_its_next_line_is() -> None:
    """The mark of a list is left out, and a line that goes on with an item belongs to it."""
    assert lines(BULLETS)[0] == (
        "a.md:2",
        "23:40 Ahmed merges a config change by hand, no review and writes the wrong number.",
    )
    assert [place for place, _ in lines(BULLETS)] == ["a.md:2", "a.md:4", "a.md:5", "a.md:6"]


@pytest.mark.parametrize(
    "line",
    [
        "Fix must be done by 16:00.",
        "Report due 2026-12-01 14:00",
        "Nobody was paged until 14:30",
        "deadline: 15:00",
        "it took 1:05 h",
        "the ratio is 16:9 on port 10:1234, as file.py:12:30 says",
        "Last updated: 2026-11-21 09:00",
        "## Timeline (all times PST)",
        "2026-11-20",
    ],
)
def test_deadlines_durations_and_days_are_no_events(line: str) -> None:
    """Only a line with a time of day at which something happened is an event."""
    assert lines(line) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-11-21T00:04:10Z error the connection failed", "2026-11-21T00:04:10Z error the connection failed"),
        ("[2026-11-20 23:59:10.123] start", "[2026-11-20 23:59:10.123] start"),
        ("2026-11-20 12:00 \x1b[31mERROR\x1b[0m the backup failed", "2026-11-20 12:00 ERROR the backup failed"),
        ("- [x] 21.11.2026 00:04 Uhr: Fehlerrate", "21.11.2026 00:04 Uhr: Fehlerrate"),
        ("The deploy at 14:02 was broken until 14:30.", "The deploy at 14:02 was broken until 14:30."),
        ("> 9:54 PM January 14, 2026: deploy by hand", "9:54 PM January 14, 2026: deploy by hand"),
    ],
)
def test_logs_quotations_and_lists_are_read(line: str, words: str) -> None:
    """Time stamps, brackets, colours of a terminal, task lists and quotations keep their words."""
    assert lines(line) == [("a.md:1", words)]


def test_dates_order_documents_among_each_other() -> None:
    """Events with dates are sorted by them across documents, also when a date stands only in a heading or later on."""
    first = "# 2026-11-20\n23:58 deploy\n00:10 alarm"
    second = "23:59 errors\n2026-11-21 00:05 more errors"
    assert [text for _, text in lines(first, second)] == [
        "23:58 deploy",
        "23:59 errors",
        "2026-11-21 00:05 more errors",
        "00:10 alarm",
    ]


def test_equal_times_keep_the_order_of_the_document_and_earlier_ones_come_first() -> None:
    """Lines out of order on one day are sorted; lines of the same minute are not."""
    assert [text for _, text in lines("10:30 b\n10:05 a\n10:30 c")] == ["10:05 a", "10:30 b", "10:30 c"]


@pytest.mark.parametrize(
    "words", ["Mara is called.", "Decisions were made.", "10 marketing mails were sent.", "May called."]
)
def test_a_word_that_begins_like_a_month_is_no_day(words: str) -> None:
    """After a time, a name such as "Mara" does not make a date of its minutes."""
    [one] = happened_in((Document("a.md", f"22:00 It fails.\n23:10 {words}\n"),))[1:]
    assert (one.clock, one.text) == ("23:10", f"23:10 {words}")


def test_a_long_line_is_taken_by_its_sentences() -> None:
    """Of a line that is a whole report, each sentence with a time is an event."""
    text = " ".join(f"At 1{n}:00 something number {n} happened to the people who were there." for n in range(9))
    found = lines(text)
    assert len(found) == 9
    assert all(len(words.split()) <= MOST_WORDS for _, words in found)


@given(st.text(max_size=200) | st.text("0123456789:- |apm.\n#TZ", max_size=200))
def test_any_text_has_a_timeline(text: str) -> None:
    """Whatever a document contains, its timeline is read, and each event has a place in it."""
    last = text.count("\n") + 1
    assert all(1 <= one.line <= last and one.clock for one in happened_in((Document("a.md", text),)))


def test_the_document_s_timeline_is_not_asked_for() -> None:
    """Where a document has times, nobody is asked for events; all hear the timeline, and the minutes cite its lines."""
    document = Document("log.md", BULLETS)

    def say(prompt: Prompt) -> str:
        assert prompt.task is not Task.EVENTS
        if prompt.task is Task.EXTRACT:
            assert prompt.wants[0].label != "Event"
        if prompt.task is Task.CHALLENGE:
            return "Challenge: it may happen again\nEvent: 00:30 a customer called"
        return sensible(prompt)

    events, prompts = hold(spec_for("incident_postmortem", documents=[document]), say)
    minutes = build(events)
    found = [item for item in minutes.topics[0].items if item.label == "Event"]
    assert [(one.evidence.document, one.evidence.line) for one in found] == [
        ("log.md", 2), ("log.md", 4), ("log.md", 5), ("", 0), ("log.md", 6),
    ]  # fmt: skip
    assert all(item.evidence.quote == item.text for item in found)
    assert [item.evidence.problem for item in found] == ["", "", "", "no document has the time 00:30", ""]
    assert any("log.md:5 00:20 Rollback failed." in message.text for message in prompts[0].transcript)
    text = to_markdown(minutes)
    assert "| 00:20 | Rollback failed. | the document | E3, :5 |" in text
    said = "*as said; no document has the time 00:30:* a customer called"
    assert f"| 00:30 | {said} | said in the meeting | E4, T" in text


def test_without_times_in_the_documents_speakers_are_asked() -> None:
    """Where no document says when something happened, each participant is asked for events as before."""
    events, prompts = hold(spec_for("incident_postmortem", documents=[Document("a.md", "It broke.")]))
    assert sum(prompt.task is Task.EVENTS for prompt in prompts) == 4
    assert build(events)


def test_minutes_list_the_first_and_last_events_of_a_long_log() -> None:
    """Of a log with thousands of lines the minutes list the first and the last, and a note says so."""
    log = "\n".join(f"2026-11-20 12:{n // 60:02}:{n % 60:02} line {n} of the log" for n in range(900))
    events, _ = hold(spec_for("incident_postmortem", documents=[Document("app.log", log)]))
    topic = build(events).topics[0]
    found = [item.evidence.line for item in topic.items if item.label == "Event"]
    assert found == [*range(1, 101), *range(801, 901)]
    assert "The timeline lists 200 of the 900 events, the first and the last ones." in topic.notes


def test_a_long_timeline_is_shortened_in_its_middle() -> None:
    """The first and the last events stay, because the cause and the end are there."""
    rows = [f"{n} something happened" for n in range(100)]
    kept = rows_within(rows, 200, len)
    assert kept[0] == rows[0]
    assert kept[-1] == rows[-1]
    assert len("\n".join(kept)) <= 200
    assert rows_within(rows, 10_000, len) == rows
