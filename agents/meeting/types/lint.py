"""Advice on meeting type files beyond whether they can be read: what a small model cannot follow, what stays empty,
and which two types are one.
"""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from agents.errors import TypeFileError
from agents.file_problem import Problem
from agents.meeting.invite import SPEAKERS
from agents.meeting.meeting_type import MeetingType
from agents.meeting.minutes.artefacts import LAYOUTS
from agents.meeting.phases import PHASES, phases_of
from agents.meeting.types.file import line_of, read_type, read_types, type_files

ASK_WORDS = 15
PURPOSE_WORDS = 30
QUESTION_WORDS = 16
FEWEST_QUESTIONS, MOST_QUESTIONS = 2, 5
MOST_LINES = 4
ROLLBACK = "Rollback"
COMPARED = ("purpose", "seats", "agenda", "phases", "lines", "artefact")
"""In what two types can differ; names are not among them."""


def check(paths: Sequence[Path], roles: Sequence[str] | None = None) -> tuple[int, list[Problem]]:
    """Check meeting type files and folders.

    Args:
        paths: files and folders of them.
        roles: role ids there are; None skips that check.

    Returns:
        How many files were checked, and what was found, errors first.

    Raises:
        TypeFileError: a path is not there.
    """
    files: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise TypeFileError(f"There is no file {path}.", "Check the path.")
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
    """What makes a type itself, by the names in ``COMPARED``."""
    lines = {(line.heading, line.ask, tuple(line.fields.items())) for line in kind.lines}
    values = (kind.purpose, {kind.facilitator, *kind.participants}, set(kind.agenda), kind.phases, lines, kind.artefact)
    return dict(zip(COMPARED, values, strict=True))


def twins(kinds: Sequence[MeetingType]) -> list[Problem]:
    """Types that differ from an earlier one of ``kinds`` in little more than their names."""
    found = []
    for one, other in combinations(kinds, 2):
        mine, theirs = compared(one), compared(other)
        differ = [name for name in COMPARED if mine[name] != theirs[name]]
        if len(differ) < 3 and one.id != other.id:
            only = f"only in {' and '.join(differ)}" if differ else "only in its names"
            file = other.source or Path(other.id)
            cause = f"It differs from {one.id!r} {only}."
            found.append(Problem(file, 0, cause, "Give it its own purpose, questions and lines.", fatal=False))
    return found


def advice(kind: MeetingType) -> list[Problem]:
    """Advice on one type that can be read: texts, seats and phases that do not fit together."""
    file = kind.source or Path(kind.id)
    text = file.read_text(encoding="utf-8-sig", errors="replace") if kind.source else ""
    return [
        Problem(file, line_of(text, field, value, table), cause, remedy, fatal=False)
        for field, value, table, cause, remedy in (*_words(kind), *_seats(kind), *_process(kind))
    ]


_Found = tuple[str, str, int, str, str]
"""Field, value, number of the ``[[lines]]`` table, cause, remedy."""


def _words(kind: MeetingType) -> list[_Found]:
    """Texts that are too long for a small model to follow."""
    found: list[_Found] = []
    if len(kind.purpose.split()) > PURPOSE_WORDS:
        found.append(("purpose", "", 0, f"The purpose has more than {PURPOSE_WORDS} words.", "Say it in one sentence."))
    for question in kind.agenda:
        if len(question.split()) > QUESTION_WORDS:
            cause = f"A question has more than {QUESTION_WORDS} words."
            found.append(("agenda", question, 0, cause, "Ask one thing that can be checked."))
    if not FEWEST_QUESTIONS <= len(kind.agenda) <= MOST_QUESTIONS:
        remedy = f"{FEWEST_QUESTIONS} to {MOST_QUESTIONS} are answered; more are skimmed."
        found.append(("agenda", "", 0, f"It asks {len(kind.agenda)} questions.", remedy))
    if len(kind.lines) > MOST_LINES:
        found.append(("lines", "", 0, f"It has {len(kind.lines)} lines.", f"A turn of 120 words holds {MOST_LINES}."))
    for number, line in enumerate(kind.lines, 1):
        if len(line.ask.split()) > ASK_WORDS:
            cause = f"What {line.label!r} asks has more than {ASK_WORDS} words."
            found.append(("ask", "", number, cause, "Ask for one thing."))
    return found


def _seats(kind: MeetingType) -> list[_Found]:
    """Seats that do not add up."""
    found: list[_Found] = []
    if kind.facilitator not in kind.participants:
        cause = f"The facilitator {kind.facilitator!r} is not invited, so the first participant will lead."
        found.append(("facilitator", "", 0, cause, "Add it to 'participants'."))
    if len(kind.participants) > SPEAKERS:
        cause = f"{len(kind.participants)} are invited."
        found.append(
            ("participants", "", 0, cause, f"More than {SPEAKERS} voices repeat each other; make some optional.")
        )
    found += [
        ("optional", name, 0, f"{name!r} is invited anyway.", "Drop it from 'optional'.")
        for name in kind.optional
        if name in kind.participants
    ]
    found += [
        ("veto", name, 0, f"{name!r} holds a veto and is never invited.", "Add it to 'participants'.")
        for name in kind.veto
        if name not in (*kind.participants, *kind.optional)
    ]
    if kind.veto and kind.rule == "none":
        found.append(("veto", "", 0, "There is a veto and nothing to vote on.", "Drop it, or choose another rule."))
    return found


def _process(kind: MeetingType) -> list[_Found]:
    """Phases that lead to no result."""
    found: list[_Found] = []
    phases = phases_of(kind)
    if not any(phase.asks_lines for phase in phases):
        asking = ", ".join(phase.name for phase in PHASES.values() if phase.asks_lines)
        found.append(("phases", "", 0, "No phase asks for the [[lines]].", f"Add one of {asking}."))
    for number, phase in enumerate(phases):
        if phase.weighs_positions and not any(earlier.states_position for earlier in phases[:number]):
            remedy = f"Put 'silent_round' before {phase.name!r}."
            found.append(
                ("phases", phase.name, 0, f"{phase.name!r} compares positions that nobody has stated yet.", remedy)
            )
    challenging = [phase for phase in phases if phase.challenges]
    if len(challenging) > 1:
        cause = "Where all agree, 'exchange' has one challenger already."
        found.append(("phases", challenging[-1].name, 0, cause, "Keep one of the two."))
    votes = any(phase.votes for phase in phases)
    if votes and kind.rule == "none":
        found.append(("rule", "", 0, "There is a ballot that decides nothing.", "Choose a rule, or drop the ballot."))
    if not votes:
        found += [
            ("phases", phase.name, 0, "A proposal is worded and never voted on.", "Add the phase 'ballot'.")
            for phase in phases
            if phase.proposes
        ]
    for name in LAYOUTS[kind.artefact].phases:
        if name not in kind.phases:
            cause = f"The artefact {kind.artefact!r} stays empty without the phase {name!r}."
            found.append(("artefact", "", 0, cause, f"Add the phase {name!r}, or choose another artefact."))
    if kind.artefact == "go_no_go" and all(line.label != ROLLBACK for line in kind.lines):
        found.append(("artefact", "", 0, "A go without a way back.", f'Add a line with label = "{ROLLBACK}".'))
    return found
