"""Cuts documents into parts short enough for a small model, and deals each part to the role whose field it is.

A model of 1.5 billion parameters finds a dangerous step in 7 of 8 excerpts of at most 20 lines, and in none of 8 whole
documents (docs/models.md). So every line is read in a short part, by one role.
"""

from collections.abc import Mapping, Sequence

from agents.documents import Passage
from agents.role import Role
from agents.role.matching import terms
from agents.role.patterns import phrase

PART_LINES = 20
"""The most content lines of a part, unless one passage alone has more."""
PART_WORDS = 330
"""The most words of a part, unless one passage alone has more."""

Parts = Mapping[str, tuple[tuple[Passage, ...], ...]]
"""The parts that each role reads, one after the other, by role id."""


def closely(passages: Sequence[Passage], roles: Sequence[Role], most: int) -> Parts:
    """Deal all passages out in short parts. Where that would give a role more than ``most`` parts, parts are longer.

    Args:
        passages: the passages of the documents, in order.
        roles: those who read.
        most: the most parts of a role.
    """
    if not roles or not passages:
        return {}
    longer = 1
    while len(parts := cut(passages, PART_LINES * longer, PART_WORDS * longer)) > most * len(roles):
        longer += 1
    return dealt(parts, roles)


def cut(passages: Sequence[Passage], most_lines: int, most_words: int) -> list[tuple[Passage, ...]]:
    """Runs of passages of one document, as even as the passages allow."""
    out: list[tuple[Passage, ...]] = []
    for document in dict.fromkeys(passage.document for passage in passages):
        out += _cut([one for one in passages if one.document == document], most_lines, most_words)
    return out


def _cut(passages: Sequence[Passage], most_lines: int, most_words: int) -> list[tuple[Passage, ...]]:
    lines = [sum(bool(line.strip()) for line in one.text.split("\n")) for one in passages]
    words = [len(one.text.split()) for one in passages]
    needed = max(-(-sum(lines) // most_lines), -(-sum(words) // most_words), 1)
    even_lines, even_words = sum(lines) / needed, sum(words) / needed
    out: list[tuple[Passage, ...]] = []
    run: list[Passage] = []
    read_lines = read_words = 0
    for one, more_lines, more_words in zip(passages, lines, words, strict=True):
        too_long = read_lines + more_lines > most_lines or read_words + more_words > most_words
        # A part ends where one more passage would take it further beyond the even size than it falls short of it now.
        full = read_lines + more_lines / 2 > even_lines or read_words + more_words / 2 > even_words
        if run and (too_long or full):
            out.append(tuple(run))
            run, read_lines, read_words = [], 0, 0
        run.append(one)
        read_lines, read_words = read_lines + more_lines, read_words + more_words
    return [*out, tuple(run)] if run else out


def dealt(parts: Sequence[tuple[Passage, ...]], roles: Sequence[Role]) -> Parts:
    """The parts by reader: each role in turn gets the free part with the most of its own words, so that no role reads
    more than an equal share.
    """
    share = -(-len(parts) // len(roles))
    looked_for = {role.id: _words_of(role) for role in roles}
    wishes = []
    for place, part in enumerate(parts):
        text = phrase(" ".join(f"{one.heading} {one.text}" for one in part))
        for order, role in enumerate(roles):
            found = sum(len(word.split()) for word in looked_for[role.id] if word in text)
            wishes.append((-found, place, order, role.id))
    read: dict[str, list[int]] = {role.id: [] for role in roles}
    given: set[int] = set()
    for most in range(1, share + 1):
        for _, place, _, role_id in sorted(wishes):
            if place not in given and len(read[role_id]) < most:
                read[role_id].append(place)
                given.add(place)
    return {role: tuple(parts[place] for place in sorted(places)) for role, places in read.items() if places}


def _words_of(role: Role) -> set[str]:
    """The words and phrases by which text for a role is known, as stems between blanks."""
    watch = [word for item in (*role.red_flags, *role.questions) for word in item.watch]
    return {phrase(word) for word in (*role.expertise, *watch) if terms(word)}
