"""Who should come, and why: decided by code from the type, the topics and the documents."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from agents.errors import UsageError
from agents.meeting.meeting_type import MeetingType
from agents.meeting.reading import words
from agents.meeting.record import Seat
from agents.role import Role
from agents.text import STOP_WORDS

LEAST_LETTERS = 4
"""Shorter words say nothing about a field by themselves."""
_ASKING = """
done else ever first here just last like made make many much need next once same time times used well while whom
whose without
"""
COMMON = STOP_WORDS | frozenset(_ASKING.split())
"""Words of any question; those of time and of making occur in nearly every one."""
FEW = 2
"""Agents below which a panel is no panel."""
SPEAKERS = 8
"""Seats filled by code; more only when somebody asks for them by name."""


def invite(
    roles: Mapping[str, Role],
    kind: MeetingType,
    texts: Sequence[str],
    *,
    only: Sequence[str] = (),
    more: Sequence[str] = (),
    without: Sequence[str] = (),
    chair: str = "",
    me: str = "",
) -> tuple[Seat, ...]:
    """The seats of a meeting, in speaking order.

    Args:
        roles: every role there is.
        kind: the meeting's type.
        texts: topics and documents; optional roles come when their expertise occurs in them.
        only: exactly these come ("all" for everybody), whatever the type says.
        more: these come too.
        without: these stay away.
        chair: whoever leads it must come.
        me: the role a person takes.

    Raises:
        UnknownName: a name that is no role.
        UsageError: nobody is left.
    """
    known = {
        name: _known(roles, name)
        for name in (*only, *more, *without, *((chair,) if chair else ()), *((me,) if me else ()))
        if name != "all"
    }
    seats: dict[str, str] = {}
    optional: set[str] = set()
    if "all" in only:
        seats = dict.fromkeys(roles, "everybody was asked for")
    elif only:
        seats = {known[name]: "asked for by name" for name in only}
    else:
        for name in kind.participants:
            if name in roles:
                seats[name] = f"belongs to every {kind.title.lower()}"
        room = max(0, SPEAKERS - len(seats))
        for name, hits in _matching(roles, kind.optional, texts)[:room]:
            seats[name] = f"knows about {', '.join(hits[:3])}"
            optional.add(name)
    for name in more:
        seats.setdefault(known[name], "invited by name")
    for name in without:
        seats.pop(known[name], None)
    for name, reason in ((chair, "leads this meeting"), (me, "a person takes this seat")):
        if name:
            seats[known[name]] = reason
            optional.discard(known[name])
    if not seats:
        raise UsageError("No participant is left.", "Pass `agents`, or fewer names in `without`.", about="agents left")
    return tuple(
        Seat(name, roles[name].title, reason, bool(me) and known[me] == name, name in optional)
        for name, reason in seats.items()
    )


def _known(roles: Mapping[str, Role], name: str) -> str:
    return roles[name].id


def _matching(roles: Mapping[str, Role], names: Sequence[str], texts: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Of ``names``, those whose expertise occurs in the texts, best first, with the words that matched."""
    said = f" {' '.join(words(' '.join(texts)))} "
    found = []
    for name in names:
        role = roles.get(name)
        hits = [word for word in role.expertise if f" {' '.join(words(word))} " in said] if role else []
        if len(hits) >= 2:
            found.append((name, hits))
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))


def best_agents(roles: Mapping[str, Role], question: str, limit: int = 4) -> list[tuple[str, list[str]]]:
    """The roles whose field a question is, best first, with the words that matched.

    First those whose expertise and watch words occur in it; where that is one or nobody, then those whose questions,
    red flags and done-criteria share its rarest words.
    """
    said = words(question)
    text = f" {' '.join(said)} "
    scored: list[tuple[float, str, list[str]]] = []
    for role in roles.values():
        hits = [word for word in role.expertise if _occurs(word, text)]
        watch = {
            word
            for item in (*role.questions, *role.red_flags, *role.done)
            for word in item.watch
            if _occurs(word, text)
        }
        score = 3 * len(hits) + len(watch)
        if score:
            scored.append((score, role.id, [*hits, *sorted(watch - set(hits))]))
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    if len(scored) < FEW:
        known = {name for _, name, _ in scored}
        others = [entry for entry in _by_words(roles, question) if entry[1] not in known]
        scored += sorted(others, key=lambda entry: (-entry[0], entry[1]))
    return [(name, hits) for _, name, hits in scored[:limit]]


def _by_words(roles: Mapping[str, Role], question: str) -> Iterator[tuple[float, str, list[str]]]:
    """Roles by the words of their lists: a word that few roles use counts for more."""
    asked = {word for word in words(question) if len(word) >= LEAST_LETTERS} - COMMON
    items = {role.id: (*role.questions, *role.red_flags, *role.done) for role in roles.values()}
    lists = {
        name: Counter(words(" ".join(f"{item.text} {' '.join(item.watch)}" for item in own)))
        for name, own in items.items()
    }
    users = {word: sum(word in own for own in lists.values()) for word in asked}
    for name, own in lists.items():
        hits = sorted(
            (word for word in asked & set(own) if users[word] <= len(lists) / 2), key=lambda word: users[word]
        )
        if hits:
            yield sum(own[word] / users[word] for word in hits), name, hits


def _occurs(phrase: str, text: str) -> bool:
    joined = " ".join(words(phrase))
    return bool(joined) and (f" {joined} " in text or f" {joined}s " in text)


def facilitator_of(kind: MeetingType, seats: Sequence[Seat], chair: str = "") -> str:
    """Who leads: the chair asked for, else the type's facilitator when present, else the first seat."""
    present = [seat.role for seat in seats]
    for name in (chair, kind.facilitator):
        if name and name in present:
            return name
    return present[0]
