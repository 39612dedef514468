"""What happens in a meeting, for the script of its page."""

from starlette.responses import Response

from agents.api.event_stream import stream_of
from agents.api.pages.live import page as live
from agents.api.pages.live.following import changes, following
from agents.api.pages.visit import Visit, page


@page
async def stream(visit: Visit) -> Response:
    """The changes of the page of a meeting as server-sent events, after those that the browser has."""
    found = visit.meeting()
    feed = visit.owner.meetings.feed(found)
    followed = following(feed, visit.owner.orchestrator.get_meeting(found))
    last = visit.request.headers.get("last-event-id", "")
    after = int(last) if last.isascii() and last.isdecimal() and len(last) < 12 else visit.number("after", 0, 0)
    background, held = visit.owner.meetings, visit.owner.meetings.held(found)

    def timed() -> dict[str, str]:
        parts = live.timed(background, found, followed.floor)
        return parts if background.held(found) else {**parts, "question": live.after_end(background, found)}

    return stream_of(changes(followed, feed, held.board if held else None, timed, visit.service.stopping, after))
