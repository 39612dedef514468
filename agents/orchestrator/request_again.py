"""The request for a meeting like one that is stored: the same, or the same with other seats."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agents.errors import UsageError
from agents.meeting.checklist import CHECKLIST
from agents.meeting.invite import invite
from agents.meeting.record import DECISION_MAKER
from agents.orchestrator.request import MeetingRequest

if TYPE_CHECKING:
    from agents.meeting.meeting_type import MeetingTypes
    from agents.meeting.spec import MeetingSpec
    from agents.role import Roles


def request_of(spec: "MeetingSpec") -> MeetingRequest:
    """The request that a meeting was created from, with its documents as they were read, and on its day.

    Args:
        spec: what the meeting started from. Of one of an earlier version, a time box and a chosen chair are not known.

    Example:
        again = orchestrator.convene(request_of(orchestrator.get_meeting("last")))
    """
    wishes, topics = spec.wishes, spec.topics[1:] if spec.open_actions else spec.topics
    return MeetingRequest(
        spec.kind.id,
        [topic.text for topic in topics],
        spec.documents,
        wishes.agents,
        wishes.invited,
        wishes.without,
        wishes.chair,
        "" if spec.person == DECISION_MAKER else spec.person,
        spec.control,
        spec.series,
        spec.held,
        wishes.time_box,
        spec.names.people,
        spec.words,
        wishes.council,
        bool(spec.decider),
    )


def with_seats(
    roles: "Roles",
    types: "MeetingTypes",
    spec: "MeetingSpec",
    chosen: Sequence[str],
    *,
    chair: str = "",
    me: str = "",
    decide: bool = False,
) -> MeetingRequest:
    """The request for the same meeting with exactly these roles. A role that takes part anyway keeps its reason.

    Args:
        roles: all roles.
        types: all meeting types.
        spec: what the meeting started from.
        chosen: the roles that take part.
        chair: the role that leads; "" for that of the type.
        me: the role whose seat a person takes; "" for none.
        decide: whether a person decides, and the votes are advice.

    Raises:
        UnknownName: there is no such role, or the meeting type is not there any more.
        UsageError: nobody is chosen, or who leads or the person's seat is not among the chosen ones.

    Example:
        spec = orchestrator.get_meeting("last")
        request = with_seats(orchestrator.roles, orchestrator.types, spec, ["cto", "qa_engineer"], chair="cto")
    """
    seated = list(dict.fromkeys(roles[name].id for name in chosen if name != DECISION_MAKER))
    if not seated:
        raise UsageError("No participant is left.", "Choose at least one.", about="agents left")
    chair, me = (roles[name].id if name else "" for name in (chair, me))
    _refuse_absent(roles, seated, chair, "is to lead")
    _refuse_absent(roles, seated, me, "is the seat of a person")
    request = replace(request_of(spec), chair=chair, me=me, decide=decide)
    if request.agents or request.time_box is not None:  # a time box may leave out whom only the type invites
        return replace(request, agents=seated, invited=(), without=())
    kind = types[spec.kind.id]
    by_rule = tuple(spec.kind.phases) == (CHECKLIST,)
    said = [*([] if by_rule else request.topics), *(document.text for document in spec.documents)]
    usual = {seat.role for seat in invite(roles, kind, said)}
    left_out = {*usual, *spec.speakers, *(roles[name].id for name in request.without if name in roles)}
    return replace(
        request,
        invited=[name for name in seated if name not in usual],
        without=sorted(left_out - {*seated, DECISION_MAKER}),
    )


def _refuse_absent(roles: "Roles", seated: Collection[str], role: str, wish: str) -> None:
    if role and role not in seated:
        cause = f"{roles[role].title} {wish}, but is not one of those who take part."
        raise UsageError(cause, "Add it to those who take part.", about="not named", subject=role)
