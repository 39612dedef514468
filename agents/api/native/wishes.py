"""What a meeting is wished to be, as the orchestrator takes it."""

from agents.api.native.forms import Wish
from agents.documents import Document
from agents.orchestrator.request import MeetingRequest


def request_of(wish: Wish, documents: list[Document]) -> MeetingRequest:
    """A wish as the orchestrator takes it."""
    return MeetingRequest(
        wish.type,
        wish.topics,
        attach=documents,
        agents=wish.agents,
        invited=wish.invite,
        without=wish.without,
        chair=" ".join(wish.chair.split()),
        me=" ".join(wish.me.split()),
        control=wish.baseline,
        series=" ".join(wish.series.split()),
        held=wish.held,
        time_box=wish.time_box,
        people=wish.people,
        words=wish.words,
        council=wish.council,
        decide=wish.decide,
    )
