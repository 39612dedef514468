"""Decides who is invited, and why, from the meeting type, the topics and the documents."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from agents.errors import UsageError
from agents.meeting.meeting_type import MeetingType
from agents.meeting.reading import words
from agents.meeting.record import Seat
from agents.role import Role, standing

SPEAKERS = 8
"""The most seats that code fills; a caller can name more."""


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
    """Decide who is invited; returns the seats in speaking order.

    Args:
        roles: all roles, by id.
        kind: the meeting type.
        texts: the topics and the documents; an optional role is invited when its expertise occurs in them.
        only: exactly these are invited, instead of the participants of the type; "all": every role but the extra ones.
        more: these are invited too.
        without: these are not invited.
        chair: this role leads the meeting and is always invited.
        me: the role whose seat a person takes.

    Raises:
        UnknownName: there is no role with one of the names.
        UsageError: nobody is left, or somebody is asked for and left out.
    """
    named = (*(name for name in only if name != "all"), *more, *without, *filter(None, (chair, me)))
    ids = {name: roles[name].id for name in named}
    named_first = [ids[name] for name in (*only, *more) if name in ids]
    seated = {"chair": ids.get(chair, ""), "me": ids.get(me, "")}
    known = named_first if only and "all" not in only else ()
    _refuse_contradictions(named_first, [ids[name] for name in without], seated, known)

    def seat(name: str, reason: str, *, human: bool = False) -> Seat:
        return Seat(ids[name], roles[name].title, reason, human)

    if "all" in only:
        seats = {name: Seat(name, role.title, "all roles were asked for") for name, role in standing(roles).items()}
    elif only:
        seats = {ids[name]: seat(name, "asked for by name") for name in only}
    else:
        seats = _seats_of_type(roles, kind, texts)
    for name in more:
        seats.setdefault(ids[name], seat(name, "invited by name"))
    for name in without:
        seats.pop(ids[name], None)
    if chair:
        seats[ids[chair]] = seat(chair, "leads this meeting")
    if me:
        seats[ids[me]] = seat(me, "a person takes this seat", human=True)
    if not seats:
        raise UsageError("No participant is left.", "Pass `agents`, or fewer names in `without`.", about="agents left")
    return tuple(seats.values())


_TAKES_PART = {"chair": "is to lead", "me": "is the person's seat"}


def _refuse_contradictions(
    takes_part: Sequence[str], without: Sequence[str], seats: Mapping[str, str], only: Collection[str]
) -> None:
    """Refuse a role that is asked for and left out, and a chair or a person's seat that is not among the named ones.

    Args:
        takes_part: the role ids of those who are named to take part.
        without: the role ids of those who are left out.
        seats: the role ids of the chair and of the person's seat, by the name of their argument; "" for none.
        only: the role ids of everybody who takes part; empty if the type decides.

    Raises:
        UsageError: there is such a role.
    """
    wishes = [(role, "is to take part") for role in takes_part]
    wishes += [(role, _TAKES_PART[argument]) for argument, role in seats.items()]
    for role, wish in wishes:
        if role in without:
            remedy = "Remove it from `without`, or from `agents`, `invited`, `chair` and `me`."
            raise UsageError(f"{role} {wish}, and is left out.", remedy, about="left out", subject=role)
        if role and only and role not in only:
            cause = f"{role} {wish}, but is not one of those who take part."
            raise UsageError(cause, "Add it to `agents`.", about="not named", subject=role)


def _seats_of_type(roles: Mapping[str, Role], kind: MeetingType, texts: Sequence[str]) -> dict[str, Seat]:
    """The participants of a type, and its optional roles that know about the topics, while there are free seats."""
    reason = f"takes part in every {kind.title.lower()}"
    seats = {name: Seat(name, roles[name].title, reason) for name in kind.participants if name in roles}
    free = max(0, SPEAKERS - len(seats))
    for name, hits in _matching(roles, kind.optional, texts)[:free]:
        seats[name] = Seat(name, roles[name].title, f"knows about {', '.join(hits[:3])}", optional=True)
    return seats


def _matching(roles: Mapping[str, Role], names: Sequence[str], texts: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The roles of ``names`` with at least two words of expertise in the texts, best first, with those words."""
    said = heard(tuple(texts))
    found = []
    for name in names:
        role = roles.get(name)
        hits = [word for word in role.expertise if said.has(words(word))] if role else []
        if len(hits) >= 2:
            found.append((name, hits))
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))


class _Heard:
    """The words of texts, to look for words and phrases in them."""

    def __init__(self, texts: Sequence[str]) -> None:
        said = words(" ".join(texts))
        self._each = frozenset(said)
        self._all = f" {' '.join(said)} "

    def has(self, phrase: Sequence[str]) -> bool:
        """Whether these words occur one after the other."""
        return self._each.issuperset(phrase) and (len(phrase) == 1 or f" {' '.join(phrase)} " in self._all)


@lru_cache(maxsize=8)
def heard(texts: tuple[str, ...]) -> _Heard:
    """The words by which roles are invited, which takes a moment for long documents; afterwards ``invite`` has them."""
    return _Heard(texts)


def facilitator_of(kind: MeetingType, seats: Sequence[Seat], chair: str = "") -> str:
    """The role id of who leads: the chair, else the facilitator of the type, if present; else the first seat."""
    present = [seat.role for seat in seats]
    for name in (chair, kind.facilitator):
        if name and name in present:
            return name
    return present[0]
