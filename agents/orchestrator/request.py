"""What a meeting is asked to be, before anything about it is worked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.documents import Attachments


def listed(names: Sequence[str] | str) -> list[str]:
    """Names without empty ones and superfluous blanks; one text has names with commas between them."""
    given = names.split(",") if isinstance(names, str) else names
    return [" ".join(name.split()) for name in given if name.strip()]


@dataclass(frozen=True, slots=True)
class MeetingRequest:
    """The parameters of ``create_meeting`` and ``plan_meeting`` as one value, for callers that need them twice.

    Where several names can be given, one text with commas between them is as good as a list.

    Attributes:
        type_id: such as "architecture_review".
        topics: the agenda; empty takes the type's own topic.
        attach: documents to judge: paths or documents.
        agents: exactly these take part; ("all",) for all agents; empty lets the type and the topics decide.
        invited: these take part too.
        without: these do not take part.
        chair: the role that leads the meeting; "" is the type's facilitator.
        me: the role whose seat a person takes; ``conduct_meeting`` is then given the person.
        control: ask one agent alone the same, to see what the meeting was worth.
        series: the name of the series it belongs to; its open actions come first, and their owners take part.
        held: the day relative dates are counted from; None is today.
        time_box: minutes it should fit into on this machine; the minutes note what is cut for it.
        people: people of the real team who may own tasks, named as written, besides those of the type.
        words: what the person will say, one paragraph for each time it is asked.
        council: names of models that are dealt over the seats, the first one to the seat that leads; empty lets the
            settings decide.
        decide: the person decides, and the votes are advice; without ``me``, the person takes the seat of no role.
    """

    type_id: str
    topics: Sequence[str] | str = ()
    attach: Attachments = ()
    agents: Sequence[str] | str = ()
    invited: Sequence[str] | str = ()
    without: Sequence[str] | str = ()
    chair: str = ""
    me: str = ""
    control: bool = False
    series: str = ""
    held: date | None = None
    time_box: float | None = None
    people: Sequence[str] | str = ()
    words: str = ""
    council: Sequence[str] | str = ()
    decide: bool = False
