"""Advice on meeting type files that can be read: texts too long for a small model, parts that stay empty, and types
that hardly differ.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from agents.errors import TypeFileError
from agents.file_problem import Problem, similar_files
from agents.meeting.invite import SPEAKERS
from agents.meeting.meeting_type import CONDITION, Course, MeetingType
from agents.meeting.minutes.artefacts import LAYOUTS
from agents.meeting.phases import PHASES, phases_of
from agents.meeting.prompts import CHALLENGE, FACT
from agents.meeting.types.file import line_of, read_type, read_types, type_files

ASK_WORDS = 15
PURPOSE_WORDS = 30
QUESTION_WORDS = 16
FEWEST_QUESTIONS, MOST_QUESTIONS = 2, 5
MOST_LINES = 5
"""With an action and a question, of at most 14 words each, they fill a turn."""
CHOICE_WORDS = 12
ROLLBACK = "Rollback"
COMPARED = ("purpose", "seats", "agenda", "phases", "lines", "artefact")
"""The parts in which two types are compared; their names do not count."""


def check(paths: Sequence[Path], roles: Sequence[str] | None = None) -> tuple[int, list[Problem]]:
    """Check meeting type files and folders.

    Args:
        paths: files and folders of them.
        roles: the known role ids; None skips their check.

    Returns:
        How many files were checked, and what was found, errors first.

    Raises:
        TypeFileError: a path does not exist.
    """
    files: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise TypeFileError(f"There is no file {path}.", similar_files(path, "Check the path."))
        files.update(dict.fromkeys(type_files(path) if path.is_dir() else [path]))
    kinds: list[MeetingType] = []
    problems: list[Problem] = []
    for file in files:
        kind, problem = read_type(file, roles)
        kinds += [kind] if kind else []
        problems += [problem] if problem else advice(kind) if kind else []
    names = {kind.id for kind in kinds}
    known = [kind for kind in read_types().values() if kind.id not in names]
    problems += twins([*known, *kinds])
    return len(files), sorted(problems, key=lambda one: (not one.fatal, str(one.file), one.line))


def compared(kind: MeetingType) -> dict[str, object]:
    """The parts of a type that are compared, by the names in ``COMPARED``."""
    lines = {(line.heading, line.ask, tuple(line.fields.items())) for line in kind.lines}
    values = (kind.purpose, {kind.facilitator, *kind.participants}, set(kind.agenda), kind.phases, lines, kind.artefact)
    return dict(zip(COMPARED, values, strict=True))


def twins(kinds: Sequence[MeetingType]) -> list[Problem]:
    """Advice on each type that hardly differs from an earlier one of ``kinds``."""
    found = []
    for one, other in combinations(kinds, 2):
        mine, theirs = compared(one), compared(other)
        differ = [name for name in COMPARED if mine[name] != theirs[name]]
        if len(differ) < 3 and one.id != other.id:
            only = f"only in {' and '.join(differ)}" if differ else "only in its name"
            file = other.source or Path(other.id)
            cause = f"It differs from {one.id!r} {only}."
            found.append(Problem(file, 0, cause, "Give it its own purpose, questions and lines.", fatal=False))
    return found


class _Advice(NamedTuple):
    """What could be better about one field.

    Attributes:
        field: its name.
        cause: what is wrong, on one line.
        remedy: what to do, on one line.
        value: the entry that is meant, if the field has several.
        table: the number of its ``[[lines]]`` or ``[[choices]]`` table, from 1; 0 for a field outside them.
        of: "lines" or "choices".
    """

    field: str
    cause: str
    remedy: str
    value: str = ""
    table: int = 0
    of: str = "lines"


def advice(kind: MeetingType) -> list[Problem]:
    """Advice on one type: its texts, participants and phases."""
    file = kind.source or Path(kind.id)
    text = file.read_text(encoding="utf-8-sig", errors="replace") if kind.source else ""
    return [
        Problem(file, line_of(text, one.field, one.value, one.table, one.of), one.cause, one.remedy, fatal=False)
        for one in (
            *_texts(kind),
            *_participants(kind),
            *_phases(kind),
            *_votes(kind),
            *_choices(kind),
            *_artefact(kind),
            *_material(kind),
        )
    ]


def _texts(kind: MeetingType) -> Iterator[_Advice]:
    """Texts that are too long for a small model to follow."""
    if len(kind.purpose.split()) > PURPOSE_WORDS:
        yield _Advice("purpose", f"The purpose has more than {PURPOSE_WORDS} words.", "Say it in one sentence.")
    for question in kind.agenda:
        if len(question.split()) > QUESTION_WORDS:
            cause = f"A question has more than {QUESTION_WORDS} words."
            yield _Advice("agenda", cause, "Ask one thing that can be checked.", question)
    if not FEWEST_QUESTIONS <= len(kind.agenda) <= MOST_QUESTIONS:
        remedy = f"Ask {FEWEST_QUESTIONS} to {MOST_QUESTIONS}; a small model does not answer more."
        yield _Advice("agenda", f"It asks {len(kind.agenda)} questions.", remedy)
    if len(kind.lines) > MOST_LINES:
        remedy = f"Keep at most {MOST_LINES}; a turn of 120 words has no space for more."
        yield _Advice("lines", f"It has {len(kind.lines)} lines.", remedy)
    for number, line in enumerate(kind.lines, 1):
        if len(line.ask.split()) > ASK_WORDS:
            cause = f"The 'ask' of {line.label!r} has more than {ASK_WORDS} words."
            yield _Advice("ask", cause, "Ask for one thing.", table=number)


def _participants(kind: MeetingType) -> Iterator[_Advice]:
    """Participants that do not fit together."""
    if kind.facilitator not in kind.participants:
        cause = f"The facilitator {kind.facilitator!r} is not invited, so the first participant will lead."
        yield _Advice("facilitator", cause, "Add it to 'participants'.")
    if len(kind.participants) > SPEAKERS:
        remedy = f"Move some to 'optional'; more than {SPEAKERS} repeat each other."
        yield _Advice("participants", f"It invites {len(kind.participants)} participants.", remedy)
    for name in kind.optional:
        if name in kind.participants:
            yield _Advice("optional", f"{name!r} is already a participant.", "Remove it from 'optional'.", name)
    for name in kind.veto:
        if name not in (*kind.participants, *kind.optional):
            yield _Advice("veto", f"{name!r} has a veto but is never invited.", "Add it to 'participants'.", name)


def _phases(kind: MeetingType) -> Iterator[_Advice]:
    """Phases that have nothing to work on, or that do the same twice."""
    phases = phases_of(kind)
    if not any(phase.asks_lines for phase in phases):
        asking = ", ".join(phase.name for phase in PHASES.values() if phase.asks_lines)
        yield _Advice("phases", "No phase asks for the [[lines]].", f"Add one of the phases {asking}.")
    for number, phase in enumerate(phases):
        if phase.weighs_positions and not any(earlier.states_position for earlier in phases[:number]):
            cause = f"{phase.name!r} compares positions, but no earlier phase asks for them."
            yield _Advice("phases", cause, f"Put 'silent_round' before {phase.name!r}.", phase.name)
    challenging = [phase for phase in phases if phase.challenges]
    if len(challenging) > 1:
        cause = "Two phases have a challenger: 'exchange' has one where all agree."
        yield _Advice("phases", cause, "Keep one of the two.", challenging[-1].name)


def _votes(kind: MeetingType) -> Iterator[_Advice]:
    """A veto, a ballot or a proposal without effect."""
    phases = phases_of(kind)
    votes = any(phase.votes for phase in phases)
    if kind.veto and kind.rule == "none":
        cause = "There is a veto, but the rule 'none' takes no vote."
        yield _Advice("veto", cause, "Remove the veto, or choose another rule.")
    if votes and kind.rule == "none":
        cause = "There is a ballot, but the rule 'none' decides nothing."
        yield _Advice("rule", cause, "Choose another rule, or remove the ballot.")
    for phase in phases:
        if phase.proposes and not votes:
            cause = "There is a proposal, but no vote on it."
            yield _Advice("phases", cause, "Add the phase 'ballot'.", phase.name)


def _choices(kind: MeetingType) -> Iterator[_Advice]:
    """Choices that a meeting cannot take, or that leave no way to say no."""
    phases = phases_of(kind)
    asked = {line.label for line in kind.lines} | {want.label for phase in phases for want in phase.extra_lines}
    asked |= {FACT.label for phase in phases if phase.asks_facts} | {
        CHALLENGE.label for phase in phases if phase.challenges
    }
    for number, choice in enumerate(kind.choices, 1):
        if len(choice.sentence.split()) > CHOICE_WORDS:
            cause = f"The sentence of {choice.name!r} has more than {CHOICE_WORDS} words."
            yield _Advice("sentence", cause, "Shorten it.", table=number, of="choices")
        for label in choice.takes:
            if label not in {*asked, CONDITION}:
                cause = f"{choice.name!r} takes {label!r}, but no phase asks for such lines."
                yield _Advice(
                    "takes", cause, "Take another label, or add a phase that asks for it.", label, number, "choices"
                )
    if kind.choices and all(choice.course is Course.GO for choice in kind.choices):
        remedy = 'Add one with course = "wait" or course = "stop".'
        yield _Advice("choices", "Every choice means to go ahead.", remedy)
    if kind.choices and all(choice.picks.bounds[0] for choice in kind.choices):
        yield _Advice(
            "choices", "Every choice needs a finding.", 'Add one with picks = "none", for when there is none.'
        )


def _artefact(kind: MeetingType) -> Iterator[_Advice]:
    """An artefact that cannot be complete."""
    for name in LAYOUTS[kind.artefact].phases:
        if name not in kind.phases:
            cause = f"The artefact {kind.artefact!r} is empty without the phase {name!r}."
            yield _Advice("artefact", cause, f"Add the phase {name!r}, or choose another artefact.")
    if kind.artefact == "go_no_go" and all(line.label != ROLLBACK for line in kind.lines):
        remedy = f'Add a line with label = "{ROLLBACK}".'
        yield _Advice("artefact", "A go/no-go decision needs a rollback.", remedy)


def _material(kind: MeetingType) -> Iterator[_Advice]:
    """A need for a document without a word on which."""
    if kind.needs and not kind.material:
        cause = "It needs a document, and does not say which."
        yield _Advice("needs", cause, 'Write material = "the list of defects", as a user would call it.')
    if not kind.needs and any(line.draws_on == "document" for line in kind.lines):
        number = next(n for n, line in enumerate(kind.lines, 1) if line.draws_on == "document")
        cause = "A line reports what documents say, and none is needed."
        yield _Advice("draws_on", cause, 'Write needs = "document".', table=number)
