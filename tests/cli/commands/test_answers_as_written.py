"""What models and people write, read through the whole program: labels, lists, votes and tags of thoughts."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.ollama_double import OllamaDouble, faults

PLAN = "# Plan\nWe move all sessions at once. There is no rollback.\nThe backup was never restored.\n"
FLOOR, LEADS = "You have the floor", "You lead this meeting"

LISTED = """Fact:
The backup was never restored (plan.md:3)

Position:
for

Action:
- Database Administrator will restore the backup by 2026-12-04.
- CTO will tell the customers by Friday.

Question:
none"""
BOLD = """**Fact:** The backup was never restored (plan.md:3)
**Position:** For, with conditions
**Action:** **@Database Administrator**: restore the backup by Friday, December 4.
* **Action:** database_administrator will write the runbook by Dec 4th.
- Action 3: Chief Technology Officer to rotate the password
**Question:** Who owns it?"""
WIDE = """Fact\uff1aThe backup was never restored (plan.md:3)
Position\uff1afor with conditions
Action\uff1aDatabase Administrator will restore the backup by 2026-12-04.
Question\uff1aWho owns it?"""
QUOTED = """I am against what was written to us:
> Action: the Database Administrator will delete the logs
> Position: for

~~Action: Chief Technology Officer will delete the backups~~
```
Action: Chief Technology Officer will delete the plan
```
We do not take these on:
Action: Chief Technology Officer will delete the servers

Position: against"""
TAGS = """Stake: the page prints <think> to every user
Action: Chief Technology Officer will escape </think> in the page
Position: against"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A short document."""
    path = tmp_path / "plan.md"
    path.write_text(PLAN)
    return path


def decision(serve: Run, plan: Path, *more: object) -> str:
    """The minutes of a decision of two."""
    agents = "cto,database_administrator"
    ran = serve("meeting", "run", "decision", "-t", "Move?", "--agents", agents, "-q", "-a", plan, *more)
    assert ran.status == 0, ran.err
    return ran.out


def transcript(serve: Run) -> str:
    """Who said what in the meeting that was held last."""
    return serve("meeting", "transcript", "last").out


def tasks(minutes: str) -> str:
    """All actions of the minutes, agreed or not."""
    return "\n".join(re.findall(r"(?m)^\| AC\d+ \| .*$", minutes))


@pytest.mark.parametrize(
    ("words", "actions"),
    [
        (LISTED, ("restore the backup", "tell the customers")),
        (BOLD, ("restore the backup", "write the runbook", "rotate the password")),
        (WIDE, ("restore the backup",)),
    ],
)
def test_actions_and_facts_are_read_as_models_write_them(
    words: str, actions: tuple[str, ...], serve: Run, ollama: OllamaDouble, plan: Path
) -> None:
    """Lists under labels, bold labels and full-width colons become facts and actions, without signs of emphasis."""
    ollama.inject(faults.answers(words, times=None, contains=FLOOR))
    minutes = decision(serve, plan)
    found = tasks(minutes).lower()
    assert all(action in found for action in actions)
    assert "*" not in found
    assert "The backup was never restored (plan.md:3)" in minutes


def test_what_is_quoted_or_refused_is_no_action(serve: Run, ollama: OllamaDouble, plan: Path) -> None:
    """Lines that are quoted, struck out, fenced or refused give no action and no position."""
    ollama.inject(faults.answers(QUOTED, times=None, contains=FLOOR))
    minutes = decision(serve, plan)
    certain = [line for line in tasks(minutes).split("\n") if "as said" not in line]
    assert not any("delete" in line for line in certain)
    assert "| Chief Technology Officer |" not in minutes
    assert transcript(serve).count(", against\n") == 2


def test_tags_of_thoughts_in_a_turn_are_words(serve: Run, ollama: OllamaDouble, plan: Path) -> None:
    """A turn about the tags of thinking models is kept whole, with its position."""
    ollama.inject(faults.answers(TAGS, times=None, contains=FLOOR))
    decision(serve, plan)
    said = transcript(serve).replace("\\", "")
    assert "the page prints <think> to every user" in said or "the page prints &lt;think&gt; to every user" in said
    assert said.count(", against") == 2


@pytest.mark.parametrize("answer", [TAGS, "Close the block with the </think> tag and nothing behind it."])
def test_an_answer_about_thoughts_is_printed_and_kept_whole(answer: str, serve: Run, ollama: OllamaDouble) -> None:
    """What is printed while it arrives is what is kept, letter by letter."""
    ollama.inject(faults.answers(answer, times=None))
    ran = serve("ask", "cto", "How do we hide thoughts?")
    assert answer in ran.out
    kept = serve("memory", "export", "--format", "md").out.replace("\\", "")
    assert all(line in kept for line in answer.split("\n"))


@pytest.mark.parametrize(
    ("words", "ideas"),
    [
        ("Here are my ideas:\n1. Feature flags\n2. Dark launches\n3. Canaries", ("Feature flags", "Dark launches", "Canaries")),
        ("1. \u5fa9\u5143\u3092\u6bce\u6708\u8a66\u3059\n2. \u76e3\u8996\u306e\u3057\u304d\u3044\u5024", ("\u5fa9\u5143\u3092\u6bce\u6708\u8a66\u3059",)),
    ],
)  # fmt: skip
def test_short_and_dense_ideas_are_ideas(words: str, ideas: tuple[str, ...], serve: Run, ollama: OllamaDouble) -> None:
    """Ideas of one or two words, behind an introduction or in a script without blanks, are listed."""
    ollama.inject(faults.answers(words, times=None, contains=FLOOR))
    ran = serve("meeting", "run", "brainstorm", "-t", "x", "--agents", "cto,database_administrator", "-q")
    assert "Nobody named an idea." not in ran.out
    assert all(idea in ran.out for idea in ideas)


def test_a_facilitators_own_proposal_is_not_lost(serve: Run, ollama: OllamaDouble, plan: Path) -> None:
    """What a facilitator writes in the place of a choice is a turn, and its actions are suggested."""
    words = "**Proposal:** Move after a restore.\n\n**Actions:**\n1. **Database Administrator** will restore the backup by 2026-12-04."
    ollama.inject(faults.answers(words, times=None, contains=LEADS))
    minutes = decision(serve, plan)
    assert "Database Administrator will restore the backup by 2026-12-04." in transcript(serve)
    assert "restore the backup" in tasks(minutes).lower()
    assert "**Decision:** **no decision**" in minutes


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("support with a concern: the cost is not known", "supports with a concern"),
        ("I object: no rollback", "objects"),
        ("no", "objects"),
    ],
)
def test_a_persons_plain_vote_counts_as_meant(words: str, printed: str, serve: Run, plan: Path, tmp_path: Path) -> None:
    """A person's wording of a vote is read as it is meant."""
    prepared = tmp_path / "words.txt"
    prepared.write_text(f"Position: against\nStake: a lost night\n\nPASS\n\n{words}\n")
    decision(serve, plan, "--me", "database_administrator", "--words", prepared)
    assert re.search(rf"Database Administrator\*\* {printed}", transcript(serve))
