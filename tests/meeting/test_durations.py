"""How long an incident took, from the lines of documents."""

import pytest

from agents.documents import Document
from agents.meeting.artefact import Row
from agents.meeting.durations import ASKED, TIMES, TO_RECOVER, durations_in, in_words
from agents.meeting.minutes import build
from agents.meeting.minutes.artefacts import NOT_NAMED, artefact_of
from tests.meeting.rooms import hold, spec_for

PLAIN = """- 13:40 Release 41 is deployed
- 14:02 Checkout errors start
- 14:10 The alert was muted, nobody was paged
- 14:31 Three customers called support
- 14:50 Rollback tried, failed
- 15:45 Service restored by hand
"""


def found(text: str) -> dict[str, str]:
    """The durations in a document."""
    return {one.fields["what"]: one.text for one in durations_in((Document("a.md", text),))}


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        (PLAIN, ["29 minutes", "1 hour 14 minutes", "1 hour 43 minutes"]),
        ("14:00 Start of incident\n14:05 Detected by monitoring\n15:00 Resolved\n", ["5 minutes", "55 minutes", "1 hour"]),
        ("23:50 the outage began\n00:20 the pager rang\n01:00 all clear\n", ["30 minutes", "40 minutes", "1 hour 10 minutes"]),
        ("10:00 errors rose\n10:05 alarm fired\n10:10 recovered\n10:20 errors rose again\n11:00 back to normal\n", ["5 minutes", "55 minutes", "1 hour"]),
    ],
)  # fmt: skip
def test_plain_lines_give_the_times(text: str, lengths: list[str]) -> None:
    """Beginning, notice and end are lines that say so; an end before the errors came back is none."""
    assert found(text) == dict(zip(ASKED, lengths, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10:00 deploy\n11:00 deploy\n",
        "10:00 no alert fired\n10:20 the restore failed\n10:30 the service will be restored\n",
        "10:00 the service was restored\n11:00 the incident review started\n",
    ],
)
def test_what_no_line_says_is_not_guessed(text: str) -> None:
    """A denial, an attempt, a plan and lines in another order give no time."""
    assert found(text) == {}


def test_a_report_is_not_the_beginning() -> None:
    """A line that says that somebody noticed it is not taken for its beginning, too."""
    text = "21:40 The certificate expires.\n21:52 The first user reports that the login fails, an error.\n23:18 It works again."
    assert found(text) == {TO_RECOVER: "1 hour 26 minutes"}


def test_a_missing_notice_leaves_only_the_whole() -> None:
    """Where nobody noticed, the time from beginning to end is still there."""
    assert found("23:40 errors began\n23:55 no alert fired\n00:45 service restored\n") == {ASKED[2]: "1 hour 5 minutes"}


@pytest.mark.parametrize(("length", "words"), [(0, "less than a minute"), (1, "1 minute"), (1500, "1 day 1 hour")])
def test_lengths_are_said_in_words(length: int, words: str) -> None:
    """Days, hours and minutes, without those that are zero."""
    assert in_words(length) == words


def test_the_postmortem_shows_each_time_with_both_lines() -> None:
    """Each time has a row with its length, the line where it begins, and the line where it ends as evidence."""

    def rows(text: str) -> list[Row]:
        events, _ = hold(spec_for("incident_postmortem", documents=[Document("log.md", text)]))
        minutes = build(events)
        [block] = [one for one in artefact_of(minutes, minutes.topics[0]).blocks if one.heading == TIMES]
        return list(block.rows)

    detect, recover, whole = rows(PLAIN)
    assert detect.cells == (
        ASKED[0],
        "29 minutes",
        "log.md:2 14:02 Checkout errors start",
        "14:31 Three customers called support",
    )
    assert [(one.document, one.line) for one in detect.evidence] == [("log.md", 4)]
    assert (recover.cells[1], whole.cells[1]) == ("1 hour 14 minutes", "1 hour 43 minutes")
    assert [row.cells[1] for row in rows("- 10:00 deploy")] == [NOT_NAMED] * len(ASKED)
