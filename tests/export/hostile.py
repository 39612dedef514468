"""Minutes in which every text can be any text, and texts that try to become markup."""

from collections.abc import Sequence
from datetime import date
from itertools import cycle

from hypothesis import settings
from hypothesis import strategies as st

from agents.meeting.checks import Checks
from agents.meeting.finding import READ, SEARCHED, Finding, Reason
from agents.meeting.meeting_type import Line
from agents.meeting.record import (
    Absence,
    ActionItem,
    Ballot,
    Decision,
    Dissent,
    Evidence,
    Item,
    Minutes,
    Move,
    Position,
    Seat,
    Status,
    Topic,
    TopicMinutes,
    Turn,
    Vote,
)
from agents.role.names import Names, RoleNames
from agents.text import one_line

NASTY = (
    "<script>alert(1)</script>", "</td></tr></table>", "<!--", "-->", "]]>", "<?x", "<svg onload=x>", "\"'><b>", "&lt;b&gt;",
    "&#60;", "&", "</style>", "<", ">", "# ", "## a\n# b", "---", "===", "- ", "* ", "+ ", "1. ", "1) ", "> ", "```\n", "~~~",
    "    code", "\t", "| a | b |", "|", "\\", "\\\\", "[a](http://e.example)", "![a](b)", "[a]: b", "<http://e.example>", "`x`",
    "**a**", "_a_", "a_b_c", "*", "~~a~~", "[x]", "=1+1", "@SUM(1)", "-2", "+3", '"', '""', "'", ",", ";", ":", "\r\n", "\r",
    "\n", "\n\n", "\nEND:VTODO\nBEGIN:VEVENT\n", "\r\nATTACH:http://e.example\r\n", "\\n", "\x00", "\x1b[31m", "\x0b", "\x0c",
    "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\ufeff", "\u200d", "\xad", "\ud800", "\udfff", "\U0001f512", "\u54c1", "\u0642", "T1",
    "word", " ",
)  # fmt: skip

hostile_words = (
    st.lists(st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=8), min_size=1, max_size=6)
    .map("".join)
    .filter(lambda text: bool(one_line(text)) and one_line(text) != "T1")
)
hostile_lists = st.lists(hostile_words, min_size=1, max_size=5)
patient = settings(deadline=None, max_examples=80)
"""For property tests that write and read a whole meeting for each example."""


def harmless(words: Sequence[str]) -> list[str]:
    """As many harmless words, equal where these are equal."""
    return [f"word{list(words).index(word)}" for word in words]


def minutes_of(words: Sequence[str]) -> Minutes:
    """Minutes that repeat these words in every text."""
    given = cycle(words)

    def word() -> str:
        return next(given)

    proof = Evidence("T1", "cto", word(), verified=True)
    doubt = Evidence(word(), "cto", word(), verified=False, problem=word())
    half = Evidence("T2", "qa_engineer", word(), verified=True, problem=word())
    actions = (
        ActionItem("1.action.1", word(), "cto", date(2026, 12, 1), word(), proof, agreed=True),
        ActionItem("1.action.2", word(), None, date(2026, 12, 2), word(), doubt),
        ActionItem("1.action.3", word(), "qa_engineer", None, word(), half),
    )
    items = (
        Item("Fact", word(), proof),
        Item("Risk", word(), proof, {"impact": "high"}),
        Item("Risk", word(), doubt),
        Item("Option", word(), half),
        Item("Challenge", word(), proof),
        Item("Question", word(), doubt, {"about": word()}),
    )
    topic = TopicMinutes(
        topic=Topic(1, word()),
        summary=word(),
        positions={"cto": Position.FOR.value, "qa_engineer": Position.AGAINST.value},
        moves=(Move("qa_engineer", "against", "for", "T2", "T1", argued=False),),
        decision=Decision(word(), Status.REJECTED, word(), {"object": 1, "support": 1}, word(), ("cto",), proof),
        ballots=(Ballot(1, "cto", Vote.OBJECT, word(), word()), Ballot(1, "qa_engineer", Vote.SUPPORT, word(), word())),
        dissent=(Dissent("cto", Vote.OBJECT, word(), word()),),
        actions=actions,
        items=items,
        notes=(word(),),
        findings=(
            Finding(word(), 3, 4, word(), "high", (Reason("cto", SEARCHED, word(), word(), "T1", 0.5, shown=True),)),
            Finding("", 0, 0, "", "low", (Reason("qa_engineer", READ, word(), turn="T2"),)),
        ),
    )
    return Minutes(
        meeting="20261123-x-0001",
        type_id="x",
        title=word(),
        held=date(2026, 11, 23),
        model=word(),
        facilitator="cto",
        present=(Seat("cto", word(), word()), Seat("qa_engineer", word(), word())),
        absent=(Absence("cto", 1, "ballot", word()), Absence("scribe", 1, "extract", word())),
        documents=(word(), word()),
        topics=(topic,),
        turns=(
            Turn("T1", "a", 1, "silent_round", "cto", word(), Position.FOR),
            Turn("T2", "b", 1, "exchange", "qa_engineer", word(), None, dropped=word()),
        ),
        names=Names((RoleNames("cto", word()), RoleNames("qa_engineer", word()))),
        notes=(word(),),
        numbers={"calls": 4.0, "prompt_tokens": 10.5},
        checks=Checks(entries=6, words=2, lines=1, as_said=3, compared=2, found=1),
        artefact="adr",
        sections={"Risk": word(), "Option": word(), "Challenge": word(), "Question": word()},
        lines=(Line("Risk", word(), "", fields={"impact": ("high", "low")}), Line("Option", word(), "")),
        purpose=word(),
    )
