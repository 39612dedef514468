"""Words that only look like a vote, a position, a quotation, an owner or a day do not count as one."""

from datetime import date, timedelta

import pytest

from agents.documents import Document
from agents.meeting import reading
from agents.meeting.minutes import dates
from agents.meeting.minutes.places import Places
from agents.meeting.record import Position, Vote
from agents.model.reply_text import read_json
from tests.growth import grows_too_fast

HELD = date(2026, 11, 24)
PLAN = Document("plan.md", "a\nWe switch everything at once in the night before the sale\nc\n")
TEST_PLAN = Document("test_plan.md", "\n".join(f"line number {n} of the test plan is fine" for n in range(1, 61)))


@pytest.mark.parametrize(
    ("words", "vote"),
    [
        ("I do not support this proposal.", None), ("I would never support this", None), ("I don't support it", None),
        ("not support", None), ("I cannot support this", None), ("I do not object", None),
        ("support", Vote.SUPPORT), ("Vote: object. I do not see a way back.", Vote.OBJECT),
        ("support with concern: nobody tested it", Vote.CONCERN), ("I support it", Vote.SUPPORT), ("abstain", Vote.ABSTAIN),
    ],
)  # fmt: skip
def test_a_negated_vote_is_unclear(words: str, vote: Vote | None) -> None:
    """A speaker who does not support may object or abstain, so it is unclear; a vote before its reason counts."""
    assert reading.read_vote(words) is vote


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("No objection", None), ("No concerns, go ahead", None), ("No problem with it", None), ("In no case", None),
        ("accept nothing", None), ("For me this is wrong", None), ("for", Position.FOR), ("No.", Position.AGAINST),
        ("no, it is too early", Position.AGAINST), ("for it", Position.FOR), ("In favour of it", Position.FOR),
        ("for with conditions", Position.CONDITIONS), ("**Against** - no way back", Position.AGAINST),
    ],
)  # fmt: skip
def test_a_position_is_not_its_first_word(words: str, position: Position | None) -> None:
    """A sentence that begins like a position and means another is unclear."""
    assert reading.read_position(words) is position


@pytest.mark.parametrize(
    "words", ["Pass-through authentication leaks the token.", "Pass the keys to the vault by Friday"]
)
def test_a_sentence_about_passing_is_not_a_pass(words: str) -> None:
    """Only the word PASS alone, or before a reason, counts."""
    assert not reading.passed(words)
    assert all(reading.passed(one) for one in ("PASS", "Pass.", "PASS - not my field", "**PASS**", "pass, nothing new"))


@pytest.mark.parametrize(("before", "piece", "after"), [("", "-", "x"), ("", "*", "none"), ("none", " ", "x")])
def test_a_character_repeated_for_ever_is_read_fast(before: str, piece: str, after: str) -> None:
    """Reading a character that a model repeats for ever takes linear time, not quadratic."""
    assert not grows_too_fast(lambda length: reading.passed(before + piece * length + after))


@pytest.mark.parametrize(
    "text",
    [
        'plan.md:2 says "We switch everything at once ... and the board approved four million euros"',
        'plan.md:2 says "nobody has backups"',
        "plan.md:2 says 'the budget is four million euros this year'",
        "plan.md:2 says «the budget is four million euros this year»",
        'budget.xlsx:12 says "the budget is four million euros this year"',
        'Plan.md:2 says "the budget is four million euros this year"',
        'plan.md, line 2 says "the budget is four million euros this year"',
        f"plan.md:{'9' * 5000} is wrong",
    ],
)
def test_an_invented_quotation_is_found(text: str) -> None:
    """Half invented, short, in other quotes, from another document, or at a line that no document has."""
    assert Places.of([PLAN, TEST_PLAN], []).look(text).problem


@pytest.mark.parametrize(
    "text",
    [
        'plan.md:2 says "We switch everything at once ... night before the sale"',
        'test_plan.md:50 says "line number 50 of the test plan is fine"',
        "redis.internal:6379 is open to everybody",
        "plan.md:2 can't be undone, and nobody's pager rings",
    ],
)
def test_a_true_quotation_stays_true(text: str) -> None:
    """Names with the same ending, the speaker's own words in quotes, and ports are not false quotations."""
    assert Places.of([PLAN, TEST_PLAN], []).look(text).problem == ""


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("rotate the keys that leaked on Monday", None), ("write up what broke last Friday.", None),
        ("read the report of 12 November.", None), ("read the report of 2020-01-01", None),
        ("book a room by the day after tomorrow", HELD + timedelta(2)), ("act by 2026-12-01.", date(2026, 12, 1)),
        ("write it by Friday", date(2026, 11, 27)), ("write it on Friday, with a test", date(2026, 11, 27)),
        ("do it within seven days", date(2026, 12, 1)),
    ],
)  # fmt: skip
def test_a_day_is_due_only_where_it_is_meant(sentence: str, due: date | None) -> None:
    """Words about the past, or about another day, are not a due date."""
    when = dates.find_when(sentence)
    assert (dates.resolve(when, HELD) if when else None) == due


@pytest.mark.parametrize(
    "words", ["day after the release", "last friday", "not friday", "thursday 2026-12-18", "2026-12-011"]
)
def test_a_day_that_is_expected_must_be_nothing_else(words: str) -> None:
    """Where a day is expected, other words around it are an error."""
    assert dates.resolve_whole(words, HELD) is None
    assert dates.resolve_whole(" by  friday", HELD) == date(2026, 11, 27)


def test_the_last_day_of_the_calendar_has_no_tomorrow() -> None:
    """A meeting may be held on the last day of the calendar."""
    assert dates.resolve("tomorrow", date.max) is None


@pytest.mark.parametrize("bomb", ["[" * 100_000, '{"a":' * 100_000])
def test_json_that_is_too_deep_is_none(bomb: str) -> None:
    """An answer with a hundred thousand levels is no answer, and no error."""
    assert read_json(bomb) is None
