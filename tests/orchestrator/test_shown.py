"""What agents are shown of attached documents outside meetings."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.agent import Agent
from agents.documents import Document, Passage
from agents.meeting.sections import block_tokens
from agents.model import rough_tokens
from agents.model.scripted import ScriptedModel
from agents.orchestrator.shown import Request, shown_to, shown_to_panel, together
from agents.role import Role

ROLES = (
    Role("guard", "Guard", expertise=("password",)),
    Role("keeper", "Keeper", expertise=("backup",)),
    Role("driver", "Driver", expertise=("deploy",)),
)


def agents(count: int, context: int) -> list[Agent]:
    """Agents of a model with this context."""
    return [Agent(role, ScriptedModel.of(["yes"], context)) for role in ROLES[:count]]


def request(parts: int, question: str = "What breaks first?", share: float = 0.7) -> Request:
    """A question about a document with this many headings."""
    words = ("password", "backup", "deploy", "nothing at all")
    text = "\n".join(
        f"## Part {n}\nThe {words[n % 4]} of shard {n} is moved at night. " + "So it is. " * 12 for n in range(parts)
    )
    return Request(question, tuple(Document("a.md", text).passages()), None, 200, share)


def lines(passages: Sequence[Passage]) -> set[int]:
    """The numbers of the lines of passages."""
    return {line for passage in passages for line in range(passage.first, passage.last + 1)}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(1, 3), st.integers(1024, 16384))
def test_every_line_is_shown_to_an_agent_or_named(parts: int, count: int, context: int) -> None:
    """For one agent and for a panel: a line is shown or named, never both; what is shown fits; the context that is named
    is enough.
    """
    asked, panel = request(parts), agents(count, context)
    for shown in (shown_to(panel[0], asked), shown_to_panel(panel, asked)):
        seen = lines([passage for passages in shown.passages.values() for passage in passages])
        named = {line for one in shown.unread.lines for line in range(one.first, one.last + 1)}
        assert seen | named >= lines(asked.passages)
        assert not seen & (named & lines(asked.passages))
        for passages in shown.passages.values():
            assert sum(block_tokens(passage, rough_tokens) for passage in passages) <= max(
                0, asked.budget(panel[0]) + 40
            )
    assert bool(shown.unread.lines) is bool(shown.unread.enough)
    if shown.unread.enough:
        assert not shown_to_panel(agents(count, shown.unread.enough["NUM_CTX"]), asked).unread.lines


def test_a_panel_is_dealt_what_one_agent_could_not_read() -> None:
    """Three agents together see more than one alone, and each sees what concerns the question."""
    asked, panel = request(60, "Is the password of shard 8 safe?"), agents(3, 4096)
    alone, together_shown = shown_to(panel[0], asked), shown_to_panel(panel, asked)
    assert sum(one.last - one.first + 1 for one in together_shown.unread.lines) < sum(
        one.last - one.first + 1 for one in alone.unread.lines
    )
    assert all(any("shard 8 " in one.text for one in passages) for passages in together_shown.passages.values())
    assert len(set(together_shown.passages.values())) == 3
    assert alone.note("Guard").startswith("The Guard was not shown lines ")
    assert together_shown.note("") == "" or together_shown.note("").startswith("Nobody was shown lines ")


def test_what_fits_is_shown_whole() -> None:
    """A short document is shown whole and in order, to one agent and to each of a panel."""
    asked, panel = request(3), agents(3, 8192)
    assert shown_to(panel[0], asked).passages == {"guard": asked.passages}
    assert set(shown_to_panel(panel, asked).passages.values()) == {asked.passages}


def test_the_steps_of_a_workflow_count_together() -> None:
    """A line that one step was shown is not named, even if another step was not shown it."""
    first = shown_to(agents(1, 4096)[0], request(60, "Is the password safe?"))
    second = shown_to(agents(2, 4096)[1], request(60, "Does the backup run?"))
    left = together(request(60), [first, second])
    assert left.lines
    seen = lines([*first.passages["guard"], *second.passages["keeper"]])
    assert not seen & {line for one in left.lines for line in range(one.first, one.last + 1) if line % 2 == 0}
    assert left.enough == {"NUM_CTX": 8192}
