"""Advice on role files that can be read: length, missing parts, and sentences that two roles share."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from agents.errors import RoleFileError
from agents.file_problem import Problem, similar_files
from agents.role import CARD_WORDS, EXTRA, PROMPT_WORDS, Role, spelt
from agents.role.file import line_starting, read_role, read_roles
from agents.role.hostile import find

NONE: Mapping[str, Role] = {}
MISSION_WORDS = 90
"""The most words of a mission that leave space on the card for two questions."""


def check(paths: Sequence[Path], known: Mapping[str, Role] = NONE) -> tuple[int, list[Problem]]:
    """Check role files and folders.

    Args:
        paths: files and folders of them.
        known: the roles of other folders, by id, which these may report to.

    Returns:
        The number of files that were checked, and their problems, errors first.

    Raises:
        RoleFileError: a path does not exist.
    """
    roles: list[Role] = []
    beside = dict(known)
    problems: list[Problem] = []
    files = 0
    for path in paths:
        if path.is_dir():
            found = read_roles(path)
            beside |= read_roles(path.parent) if path.name == EXTRA else {}
            roles += found.values()
            problems += found.problems
            files += len(found) + len({problem.file for problem in found.problems})
        elif path.exists():
            role, bad = read_role(path)
            roles += [role] if role else []
            beside |= read_roles(path.parent.parent if path.parent.name == EXTRA else path.parent)
            problems += bad
            files += 1
        else:
            raise RoleFileError(f"There is no file {path}.", similar_files(path, "Check the path."))
    for role in roles:
        problems += _advice(role)
    problems += _misreported(roles, beside)
    problems += _named_twice(roles, beside)
    problems += _said_twice(roles)
    return files, sorted(problems, key=lambda problem: (not problem.fatal, str(problem.file), problem.line))


def _advice(role: Role) -> list[Problem]:
    file = role.source or Path(role.id)
    found = []

    def advise(cause: str, remedy: str, line: int = 0) -> None:
        found.append(Problem(file, line, cause, remedy, fatal=False))

    if role.source and (hostile := find(role.source.read_text(encoding="utf-8-sig"), ours=True)):
        advise(hostile.cause, "Read the line: do you trust who wrote it?", hostile.line)
    if len(role.prompt(10**6).split()) > PROMPT_WORDS:
        advise(f"The whole prompt has more than {PROMPT_WORDS} words.", "The end is cut off: shorten the lists.")
    if len(role.mission.split()) > MISSION_WORDS:
        advise(
            f"The mission is longer than {MISSION_WORDS} words.",
            f"Shorten it: it is in every prompt of a meeting, on a card of at most {CARD_WORDS} words.",
        )
    for name, items, least in (
        ("questions", role.questions, 3),
        ("red flags", role.red_flags, 3),
        ("criteria for done", role.done, 2),
    ):
        if len(items) < least:
            advise(f"It has {len(items)} {name}.", f"Write at least {least}.")
        silent = [item.text for item in items if not item.watch]
        if silent:
            advise(
                f"{silent[0]!r} has no watch words.", "Add <!-- word, phrase --> to say which documents it applies to."
            )
    if len(role.skills) < 2:
        advise(f"It has {len(role.skills)} skills.", "Write two or more, so that users can ask for a task by name.")
    if len(role.expertise) < 3:
        advise("It has fewer than three expertise keywords.", "Write three or more: roles are invited by them.")
    return found


def _misreported(roles: Sequence[Role], beside: Mapping[str, Role]) -> Iterator[Problem]:
    """Roles that report to a role that does not exist, or to themselves through others.

    Args:
        roles: the roles to check.
        beside: the other roles, by id.
    """
    above = {role.id: role.reports_to for role in (*beside.values(), *roles)}
    for role in roles:
        file = role.source or Path(role.id)
        chain = [role.id]
        while (up := above[chain[-1]]) and up in above and up not in chain:
            chain.append(up)
        if role.reports_to and role.reports_to not in above:
            cause = f"It reports to {role.reports_to!r}, and there is no role of that id."
            remedy = "Write the id of a role, or remove the field."
        elif up == role.id:
            cause = f"It reports to itself: {' > '.join([*chain, role.id])}."
            remedy = "Change reports_to in one of these roles, or remove it there."
        else:
            continue
        yield Problem(file, line_starting(file, "reports_to:"), cause, remedy, fatal=False)


def _named_twice(roles: Sequence[Role], beside: Mapping[str, Role]) -> Iterator[Problem]:
    """Aliases that another role has too, as its id, its title or an alias.

    Args:
        roles: the roles to check.
        beside: the other roles, by id.
    """
    owners: dict[str, dict[str, None]] = {}
    for role in (*roles, *beside.values()):
        for name in (role.id, role.title, *role.aliases):
            owners.setdefault(spelt(name), {})[role.id] = None
    for role in roles:
        for alias in role.aliases:
            others = [name for name in owners[spelt(alias)] if name != role.id]
            if others:
                file = role.source or Path(role.id)
                cause = f"The alias {alias!r} is also a name of {', '.join(others)}."
                remedy = "Remove it from one of them: an alias of two roles names neither."
                yield Problem(file, line_starting(file, "aliases:"), cause, remedy, fatal=False)


def _said_twice(roles: Sequence[Role]) -> list[Problem]:
    """Sentences that two roles have word for word."""
    seen: dict[str, Role] = {}
    found = []
    for role in roles:
        for sentence in sentences(role):
            key = " ".join(re.findall(r"\w+", sentence.lower()))
            other = seen.setdefault(key, role)
            if other is not role and len(key.split()) > 2:
                cause = f"{other.id} has the same sentence: {sentence!r}"
                found.append(
                    Problem(role.source or Path(role.id), 0, cause, "Write what only this job would say.", fatal=False)
                )
    return found


def sentences(role: Role) -> list[str]:
    """Every sentence of a role: mission, thinking, lists and skills."""
    texts = [role.mission, role.thinking, *(item.text for item in (*role.questions, *role.red_flags, *role.done))]
    for skill in role.skills.values():
        texts += [skill.summary, skill.input, skill.answer, *skill.steps.split("\n")]
    return [
        sentence.strip("- ") for text in texts for sentence in re.split(r"(?<=[.?!])\s+", text) if sentence.strip("- ")
    ]
