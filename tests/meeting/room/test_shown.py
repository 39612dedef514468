"""Every line of every document reaches a model that answers, or is named in the minutes: never neither, never both."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.cli.terminal.plan_table import in_part
from agents.documents import Document, passages_of
from agents.errors import ContextOverflow
from agents.meeting.minutes import build
from agents.meeting.plan import Planner
from agents.meeting.record import Lines, Minutes, Seat
from agents.meeting.spec import MeetingSpec, topics_from
from agents.meeting.types.file import read_types
from agents.model import Prompt, Task, rough_tokens
from agents.role import Role, RoleItem
from agents.store.document_index import PassageIndex
from tests.drill import rounds
from tests.meeting.rooms import hold, sensible

WORDS = ("backup", "password", "deploy", "session", "rollback", "cost", "index", "screen")
ROLES = {
    f"{word}_keeper": Role(
        f"{word}_keeper", f"{word.title()} Keeper", mission="You keep one thing in view.", expertise=(word,),
        red_flags=(RoleItem(f"The {word} is old.", (word,)),),
    )
    for word in WORDS
}  # fmt: skip
TYPES = read_types()
KINDS = {
    "plan.md": lambda n: f"{'## Part' if n % 9 == 0 else f'The {WORDS[n % 8]} of'} shard {n} is moved at night {n}.",
    "values.yaml": lambda n: f"{'# replicas' if n % 5 == 0 else '  replicas'} of service {n}: {n * 7}",
    "app.log": lambda n: f"2026-11-2{n % 9} 10:{n % 60:02} ERROR shard {n} lost its {WORDS[n % 8]} {n}",
    "move.py": lambda n: f"{'# note' if n % 7 == 0 else '    moved'}_{n} = session({n})",
    "notes.txt": lambda n: (
        "" if n % 4 == 0 else f"<!-- {n}" if n % 29 == 1 else f"Somebody said {n} about the {WORDS[n % 8]}."
    ),
}
"""The lines of some kinds of documents, by the name and the number of the line."""


def long_line(kind: str, count: int) -> Document:
    """A document whose text is one line, or a few lines, without blanks or with few."""
    if kind == "min.json":
        return Document(kind, "{" + ",".join(f'"key{n}":"value of {WORDS[n % 8]} {n}"' for n in range(count)) + "}")
    if kind == "zh.txt":
        return Document(
            kind, "\n\n".join(f"第{n}项:会话的备份在第{n}个夜晚移动,没有人知道密码。" for n in range(count))
        )
    return Document(kind, "。".join(f"会議{n}で備份{n}を移す" for n in range(count)))


CLOSELY = (Task.CHECK, Task.CHANGE)
"""Questions about one sentence: who is shown no more than that has not read the line in its place."""


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """One or two documents of different kinds, from one line to some 40 kB."""
    names = draw(
        st.lists(st.sampled_from([*KINDS, "min.json", "zh.txt", "one-line.txt"]), min_size=1, max_size=2, unique=True)
    )
    found = []
    for name in names:
        count = draw(st.integers(1, 300))
        if name in KINDS:
            text = "\n".join(KINDS[name](n) for n in range(1, count + 1))
            found.append(Document(name, text if text.strip() else "one line"))
        else:
            found.append(long_line(name, count))
    return found


@dataclass
class Hearing:
    """Speakers who answer, and the prompts that they answered.

    Attributes:
        deaf: role ids of those who give no answer.
        narrow: role ids of those whose model has no room for passages of their own.
    """

    deaf: frozenset[str] = frozenset()
    narrow: frozenset[str] = frozenset()
    answered: list[Prompt] = field(default_factory=list)

    def say(self, prompt: Prompt) -> str:
        """The answer to a prompt."""
        who = prompt.role.id if prompt.role else "scribe"
        if who in self.narrow and prompt.documents:
            raise ContextOverflow("too long")
        if who in self.deaf:
            return ""
        if prompt.task not in CLOSELY:
            self.answered.append(prompt)
        return sensible(prompt)


def meeting(given_documents: Sequence[Document], type_id: str, seats: int, context: int, turns: int) -> MeetingSpec:
    """A meeting of some of the roles on one topic."""
    chosen = tuple(Seat(role.id, role.title, "asked for by name") for role in list(ROLES.values())[:seats])
    return MeetingSpec(
        id="20261123-test-0001", kind=TYPES[type_id], topics=topics_from(["Shall we move the sessions?"]), seats=chosen,
        facilitator=chosen[0].role, held=date(2026, 11, 23), model="scripted", documents=tuple(given_documents),
        context_tokens=context, reading_turns=turns,
    )  # fmt: skip


def letters_in(prompts: Sequence[Prompt], document: Document) -> dict[int, set[int]]:
    """The letters of each line that stand in a prompt, by the line's number."""
    found = {number: set[int]() for number in range(1, len(document.lines) + 1)}
    starts: dict[tuple[int, str], int] = {}
    before = dict.fromkeys(found, 0)
    for passage in document.passages():
        for number, text in enumerate(passage.text.split("\n"), passage.first):
            starts[number, text] = before[number]
            before[number] += len(text)
    for text in {message.text for prompt in prompts for message in prompt.messages()}:
        within = False
        for row in text.split("\n"):
            if row.startswith("<passage "):
                within = row.startswith(f"<passage {document.name}:")
            line, colon, words = row.partition(": ")
            if within and colon and line.isdecimal():
                start = starts[int(line), words]
                found[int(line)].update(range(start, start + len(words)))
    return found


def letters_of(left: Sequence[Lines], document: Document) -> dict[int, set[int]]:
    """The letters of each line that are named as not shown."""
    lines, found = document.lines, {number: set[int]() for number in range(1, len(document.lines) + 1)}
    for one in left:
        for number in range(one.first, one.last + 1) if one.document == document.name else ():
            found[number].update(range(one.begin - 1, one.end) if one.end else range(len(lines[number - 1])))
    return found


def held(spec: MeetingSpec, hearing: Hearing) -> Minutes:
    """The minutes of the meeting."""
    roles = {seat.role: ROLES[seat.role] for seat in spec.seats}
    return build(hold(spec, hearing.say, roles=roles)[0])


def checked(spec: MeetingSpec, hearing: Hearing) -> Minutes:
    """Hold a meeting, and check that each letter was shown or is named, and not both."""
    minutes = held(spec, hearing)
    left = minutes.topics[0].unread.lines
    for document in spec.documents:
        shown, named = letters_in(hearing.answered, document), letters_of(left, document)
        for number, line in enumerate(document.lines, 1):
            letters = {place for place, letter in enumerate(line) if not letter.isspace()}
            assert letters <= shown[number] | named[number], (document.name, number)
            assert not letters & shown[number] & named[number], (document.name, number)
    return minutes


@settings(max_examples=rounds(40, drill=1000), deadline=None)
@given(
    documents(), st.sampled_from(sorted(TYPES)), st.integers(2, 8), st.integers(2048, 6000), st.integers(1, 4),
    st.sets(st.sampled_from(sorted(ROLES)), max_size=2), st.sets(st.sampled_from(sorted(ROLES)), max_size=2),
)  # fmt: skip
def test_every_letter_reaches_a_model_that_answers_or_is_named(
    given_documents: list[Document],
    type_id: str,
    seats: int,
    context: int,
    turns: int,
    deaf: set[str],
    narrow: set[str],
) -> None:
    """For all kinds of documents and meetings, also where speakers give no answer or have no room for their part."""
    spec = meeting(given_documents, type_id, seats, context, turns)
    checked(spec, Hearing(frozenset(deaf), frozenset(narrow)))


@settings(max_examples=rounds(20, drill=500), deadline=None)
@given(documents(), st.sampled_from(sorted(TYPES)), st.integers(2, 8), st.integers(2048, 6000))
def test_the_plan_says_what_the_minutes_say(
    given_documents: list[Document], type_id: str, seats: int, context: int
) -> None:
    """Where everybody answers, the lines that the plan names before the meeting are those of the minutes."""
    spec = meeting(given_documents, type_id, seats, context, 2)
    with PassageIndex(passages_of(spec.documents)) as index:
        plan = Planner(ROLES, rough_tokens, index).plan(spec)
    minutes = checked(spec, Hearing())
    rows = {one.document: one for one in plan.coverage[1]}
    assert [lines for row in rows.values() for lines in row.left] == sorted(
        minutes.topics[0].unread.lines, key=lambda one: list(rows).index(one.document)
    )
    assert bool(in_part(plan)) is any(row.left or row.dealt for row in rows.values())


def test_a_part_that_did_not_fit_in_the_end_is_not_shown() -> None:
    """A speaker who answers without its part has not read it: its lines are named, and those of the others are not."""
    spec = meeting([Document("plan.md", "\n".join(KINDS["plan.md"](n) for n in range(400)))], "decision", 3, 4096, 3)
    whole = checked(spec, Hearing()).topics[0].unread.lines
    narrow = checked(spec, Hearing(narrow=frozenset({"password_keeper"})))
    assert sum(one.last - one.first + 1 for one in narrow.topics[0].unread.lines) > 30
    assert len(narrow.topics[0].unread.lines) > len(whole)
    assert any("answered without memory and own passages" in note for note in narrow.topics[0].notes)


def test_nothing_is_shown_where_nobody_answers() -> None:
    """A document that all would have seen counts as unread where no model gave an answer."""
    spec = meeting([Document("a.txt", "one\ntwo")], "decision", 2, 4096, 1)
    silent = held(spec, Hearing(deaf=frozenset(ROLES)))
    assert silent.topics[0].unread.lines == (Lines("a.txt", 1, 2),)
    assert not held(spec, Hearing(deaf=frozenset({"backup_keeper"}))).topics[0].unread.lines


def test_the_minutes_say_how_much_of_each_document_was_dealt_out() -> None:
    """The note names each document with the number of its lines that were shown."""
    text = "\n".join(f"The backup of shard {n} is moved." for n in range(1, 401))
    minutes = held(meeting([Document("plan.txt", text)], "decision", 4, 8192, 3), Hearing())
    assert any(note.endswith("each role read another part: plan.txt, all 400 lines.") for note in minutes.notes)


@pytest.mark.parametrize("own", [True, False])
def test_a_text_without_blanks_is_chosen_like_any_other(own: bool) -> None:
    """Where nothing is dealt out, the room for passages is used for Chinese too."""
    spec = replace(meeting([long_line("zh.txt", 200)], "decision", 2, 4096, 1), own_passages=own)
    minutes = checked(spec, Hearing())
    shown = 399 - sum(one.last - one.first + 1 for one in minutes.topics[0].unread.lines)
    assert shown > 20


def test_what_is_read_closely_is_shown() -> None:
    """Where each role also reads short parts, so that together they read all, no line is named as unread."""
    document = Document("notes.txt", "\n".join(KINDS["notes.txt"](n) for n in range(900)))
    usual = meeting([document], "architecture_review", 3, 4096, 1)
    spec = replace(usual, reads_closely=True)
    assert held(usual, Hearing()).topics[0].unread.lines
    with PassageIndex(passages_of(spec.documents)) as index:
        plan = Planner(ROLES, rough_tokens, index).plan(spec)
    minutes = held(spec, Hearing())
    named = letters_of(minutes.topics[0].unread.lines, document)
    planned = letters_of(plan.coverage[1][0].left, document)
    assert sum(map(bool, named.values())) < sum(
        map(bool, letters_of(held(usual, Hearing()).topics[0].unread.lines, document).values())
    )
    assert named == planned
