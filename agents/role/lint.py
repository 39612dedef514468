"""Advice on role files beyond whether they can be read: sizes, what is missing, and what two roles both say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from agents.errors import RoleFileError
from agents.file_problem import Problem
from agents.role import CARD_WORDS, PROMPT_WORDS, Role
from agents.role.file import line_starting, read_role, read_roles


def check(paths: Sequence[Path]) -> tuple[int, list[Problem]]:
    """Check role files and folders.

    Returns:
        How many files were checked, and what was found, errors first.

    Raises:
        RoleFileError: a path is not there.
    """
    roles: list[Role] = []
    beside: dict[str, Role] = {}
    problems: list[Problem] = []
    files = 0
    for path in paths:
        if path.is_dir():
            found = read_roles(path)
            roles += found.values()
            problems += found.problems
            files += len(found) + len({problem.file for problem in found.problems})
        elif path.exists():
            role, bad = read_role(path)
            roles += [role] if role else []
            beside |= read_roles(path.parent)
            problems += bad
            files += 1
        else:
            raise RoleFileError(f"There is no file {path}.", "Check the path.")
    for role in roles:
        problems += _advice(role)
    problems += _misreported(roles, beside)
    problems += _said_twice(roles)
    return files, sorted(problems, key=lambda problem: (not problem.fatal, str(problem.file), problem.line))


def _advice(role: Role) -> list[Problem]:
    file = role.source or Path(role.id)
    found = []

    def advise(cause: str, remedy: str) -> None:
        found.append(Problem(file, 0, cause, remedy, fatal=False))

    if len(role.prompt(10**6).split()) > PROMPT_WORDS:
        advise(f"The whole prompt has more than {PROMPT_WORDS} words.", "The end is cut; shorten the lists.")
    if len(role.card(10**6).split()) > CARD_WORDS and len(role.mission.split()) > 45:
        advise("The mission is longer than 45 words.", "It leaves the card little room for questions and red flags.")
    for name, items, least in (
        ("questions", role.questions, 3),
        ("red flags", role.red_flags, 3),
        ("done-criteria", role.done, 2),
    ):
        if len(items) < least:
            advise(f"It has {len(items)} {name}.", f"At least {least} make the role worth inviting.")
        silent = [item.text for item in items if not item.watch]
        if silent:
            advise(f"No watch words at {silent[0]!r}.", "Add <!-- word, phrase --> so that documents can call for it.")
    if len(role.skills) < 2:
        advise(f"It has {len(role.skills)} skills.", "Two or more let people ask for a piece of work by name.")
    if len(role.expertise) < 3:
        advise(f"It has {len(role.expertise)} expertise keywords.", "Code invites a role by them.")
    return found


def _misreported(roles: Sequence[Role], beside: Mapping[str, Role]) -> Iterator[Problem]:
    """Roles that report to nobody there is, or in the end to themselves.

    Args:
        roles: the roles to check.
        beside: the other roles in their folders, by id.
    """
    above = {role.id: role.reports_to for role in (*beside.values(), *roles)}
    for role in roles:
        file = role.source or Path(role.id)
        chain = [role.id]
        while (up := above[chain[-1]]) and up in above and up not in chain:
            chain.append(up)
        if role.reports_to and role.reports_to not in above:
            cause = f"It reports to {role.reports_to!r}, and no role beside it has that id."
            remedy = "Write the id of a role, or leave the field out."
        elif up == role.id:
            cause = f"It reports to itself in the end: {' > '.join([*chain, role.id])}."
            remedy = "Somebody in this ring must report to another, or to nobody."
        else:
            continue
        yield Problem(file, line_starting(file, "reports_to:"), cause, remedy, fatal=False)


def _said_twice(roles: Sequence[Role]) -> list[Problem]:
    """Sentences that two roles, or one role twice, have word for word."""
    seen: dict[str, Role] = {}
    found = []
    for role in roles:
        for sentence in sentences(role):
            key = " ".join(re.findall(r"\w+", sentence.lower()))
            other = seen.setdefault(key, role)
            if other is not role and len(key.split()) > 2:
                cause = f"{other.id} also says: {sentence!r}"
                found.append(
                    Problem(role.source or Path(role.id), 0, cause, "Say what only this job would say.", fatal=False)
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
