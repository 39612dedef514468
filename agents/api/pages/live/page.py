"""A meeting while it is held: who has the floor, what is said, positions, votes, and the seat of a person."""

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.amounts import headline, shortened
from agents.api.pages.live.chair import chair, hears, question_form, unheard
from agents.api.pages.live.floor import Floor
from agents.api.pages.live.following import following
from agents.api.pages.visit import Visit
from agents.clock import utc_now
from agents.export.html_tags import Html, join, lines, tag
from agents.meeting.journal import Kind
from agents.meeting.spec import MeetingSpec
from agents.orchestrator.background.held import ENDED, GOING_ON, Background, Held, MeetingState
from agents.text import one_line

MOST_LETTERS = 90_000
"""About the most letters of what was said that the page begins with; the minutes so far have all of it."""

STATUSES = {
    "queued": "waits for its turn",
    "running": "is held",
    "elsewhere": "is held by another process",
    "interrupted": "is parked",
    "created": "has not begun",
    "closed": "has ended",
    "abandoned": "is cancelled",
}
"""What each status is called."""


UNHEARD = {
    "elsewhere": "Each turn appears here when it is done.",
    "interrupted": "Nobody is asked now.",
}
"""What is said where it is not known here who has the floor, by status."""
BEHIND = "a person is asked in the meeting before it:"
"""Why a meeting waits that does not wait for the model alone; behind it stands the title of the other one."""
POSSIBLE = "possible"
"""The place of what a person may do."""
MOST_DOCUMENTS, LONGEST_NAME = 5, 60
"""The most documents that are linked from the head, and the most letters of a name there."""


def page_of(visit: Visit, state: MeetingState) -> Response:
    """The floor of a meeting: all that is there now; the script of the page keeps it up to date."""
    background = visit.owner.meetings
    feed = background.feed(state.id)
    held, spec = background.held(state.id), visit.owner.orchestrator.get_meeting(state.id)
    floor = following(feed, spec).catch_up(feed, held.board if held else None)
    floor.watch(UNHEARD.get(state.status, ""))
    regions = {**timed(background, state.id, floor), **floor.regions()}
    goes_on = state.status in GOING_ON
    head = tag(
        "header",
        lines(
            tag("h1", headline(state.title)),
            _links(state, floor.spec, goes_on=goes_on),
            _region("now", regions),
            _region("clock", regions),
        ),
        class_="head",
    )
    follow = paths.meeting(state.id, "stream", after=floor.seq) if goes_on else None
    main = tag(
        "div",
        lines(
            head,
            _region("question", regions),
            tag(
                "div",
                lines(_seats(floor, regions), _transcript(state, floor), _place(floor.spec, state, held, regions)),
                class_="panes",
            ),
            tag("p", "", id="news", class_="hidden", role="status", aria_live="polite"),
        ),
        class_="room",
        data_stream=follow,
    )
    return shell.page(headline(state.title), main, look=shell.Look(kind="live"))


def timed(background: Background, meeting_id: str, floor: Floor) -> dict[str, str]:
    """The parts of the page that change with time, and not with what is said.

    Args:
        background: holds the meeting.
        meeting_id: the full id.
        floor: the floor of the meeting, which is told whether its person is asked something.

    Raises:
        UnknownName: there is no such meeting.
    """
    state, held, spec = background.state(meeting_id), background.held(meeting_id), floor.spec
    floor.await_person(bool(state.question))
    parts: dict[str, str] = {
        "clock": _clock(state, background.behind(meeting_id)),
        "question": question_form(spec.id, held.seat, _said_by(held, spec)) if held else lines(),
        "unheard": unheard(held),
    }
    if held and not hears(held):  # until then they stay as they are, with what somebody writes in them
        parts[POSSIBLE] = chair(spec, held)
    return parts


def brief(background: Background, held: Held) -> tuple[str, str]:
    """Who has the floor of a meeting that is held here, and how long it still takes, as its page says it.

    Args:
        background: holds it.
        held: the meeting.
    """
    state = background.state(held.meeting_id)
    floor = following(held.feed, held.board.spec).catch_up(held.feed, held.board)
    floor.await_person(bool(state.question))
    return floor.who(), time_left(state)


def after_end(background: Background, meeting_id: str) -> Html:
    """What can be done with a meeting of which nothing more is heard on its page, which was loaded before.

    Raises:
        UnknownName: there is no such meeting.
    """
    state = background.state(meeting_id)
    if state.status in ENDED:
        link = tag("a", "Read its minutes", href=paths.meeting(meeting_id))
        return tag("p", f"The meeting {STATUSES[state.status]}. ", link)
    if state.status == "interrupted":
        return lines(tag("p", "The meeting is parked: what was said is kept."), _resume(meeting_id))
    return lines()


def _resume(meeting_id: str) -> Html:
    button = tag("button", "Resume", class_="main")
    return tag("form", button, method="post", action=paths.meeting(meeting_id, "start"), data_quiet="go")


def _said_by(held: Held, spec: MeetingSpec) -> dict[str, str]:
    """The titles of those who said the turns that the person may answer now."""
    wanted = held.seat.asked.turns if held.seat.asked else ()
    turns = (event for event in held.feed.stored() if wanted and event.kind == Kind.TURN)
    return {event.data["id"]: one_line(spec.title_of(event.speaker)) for event in turns if event.data["id"] in wanted}


def _clock(state: MeetingState, behind: str) -> Html:
    """How far the meeting is."""
    status = tag("span", STATUSES.get(state.status, state.status), class_=f"state {state.status}")
    words = []
    if state.position:
        words.append(f"{ordinal(state.position)} in the queue")
    if behind:
        words.append(f"{BEHIND} {shortened(behind, LONGEST_NAME)}")
    if state.expected and not state.position:
        words.append(f"{state.done} of about {state.expected} answers")
    if remains := time_left(state):
        words.append(remains)
    if not state.expected:
        words.append("1 turn" if state.turns == 1 else f"{state.turns} turns")
    far = None
    if state.expected:
        far = tag(
            "progress", max=str(state.expected), value=str(min(state.done, state.expected)), aria_label="Progress"
        )
    return lines(tag("p", "The meeting ", status, " ", tag("span", " \u00b7 ".join(words), class_="soft")), far)


def ordinal(number: int) -> str:
    """A number as a place in a row: "1st", "2nd"."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def time_left(state: MeetingState) -> str:
    """How long a meeting still takes, in words; "" where nobody knows. Nobody does while it waits for a person."""
    if state.question:
        return "waits for you"
    return "" if state.seconds_left is None else left(state.seconds_left)


def left(seconds: float) -> str:
    """How long it still takes, in words."""
    if seconds < 60:
        return "less than a minute left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} minute{'' if minutes == 1 else 's'} left"
    return f"about {minutes // 60} h {minutes % 60:02d} min left"


def _links(state: MeetingState, spec: MeetingSpec, *, goes_on: bool) -> Html:
    """When the page was made, and where to go from it."""
    papers = [
        tag("a", one_line(document.name)[:LONGEST_NAME], href=paths.document(state.id, number))
        for number, document in enumerate(spec.documents[:MOST_DOCUMENTS], 1)
    ]
    again = tag("a", "Load again", href=paths.meeting(state.id))
    link = tag("span", "not updated by itself", id="link", class_="state") if goes_on else None
    return tag(
        "p",
        *(
            join(part, " ")
            for part in (one_line(spec.kind.title), link, f"{utc_now('seconds')[11:19]} UTC", again, *papers)
            if part
        ),
        tag("a", "Transcript", href="#spoken", class_="jump"),
        " ",
        tag("a", "Take part", href="#chair", class_="jump"),
        class_="soft links",
    )


def _region(place: str, regions: dict[str, str]) -> Html:
    """A part of the page that is replaced when it changes."""
    return tag("div", regions[place], id=place, class_="region")


def _seats(floor: Floor, regions: dict[str, str]) -> Html:
    """All seats side by side, with the words of each as they arrive."""
    cards = [
        tag("li", _region(seat.place, regions), tag("div", seat.words.text, id=seat.words_place, class_="words"))
        for seat in floor.seats.values()
    ]
    many = "seats many" if len(cards) > 8 else "seats"
    return tag(
        "section",
        lines(_region("vote", regions), tag("h2", "Seats", id="seats"), tag("ul", lines(*cards), class_=many)),
        class_="pane floor",
        aria_labelledby="seats",
    )


def _transcript(state: MeetingState, floor: Floor) -> Html:
    """What was said; of a long meeting its last part."""
    shown, size, first = list[Html](), 0, len(floor.said)
    while first and size < MOST_LETTERS:
        first -= 1
        shown.append(floor.said[first].markup)
        size += len(shown[-1])
    linked = [piece.markup for piece in floor.said[:first] if piece.place == floor.linked]
    minutes = tag("a", "The minutes so far", href=paths.meeting(state.id, "minutes"))
    more = " have all that was said; here is its last part." if first else " show it with what it rests on."
    begun = tag("p", minutes, more, class_="soft") if floor.seq else None
    about = begun or tag("p", "Nothing was said yet.", class_="soft until-said")  # hidden as soon as something is
    return tag(
        "section",
        lines(
            tag(
                "div",
                lines(
                    tag("h2", "Transcript", id="spoken"),
                    about,
                    tag("div", lines(*linked, *reversed(shown)), id="transcript"),
                ),
            ),
        ),
        class_="pane spoken",
        aria_labelledby="spoken",
        tabindex="0",
    )


def _place(spec: MeetingSpec, state: MeetingState, held: Held | None, regions: dict[str, str]) -> Html:
    """The place of the person: what is possible in this state of the meeting."""
    if held:
        possible = chair(spec, held)
    elif state.status == "elsewhere":
        words = "Another process holds this meeting, so it can only be watched here. Take part where it is held."
        possible = tag("p", words)
    else:
        error = tag("p", f"It stopped: {one_line(state.error)}", class_="cause") if state.error else None
        words = "It is parked: what was said is kept. Resumed, it goes on with the next turn."
        possible = lines(error, tag("p", words), _resume(state.id))
    return tag(
        "section",
        lines(
            tag("h2", "Take part", id="chair"),
            _region("unheard", regions),
            tag("div", possible, id=POSSIBLE, class_="region"),
        ),
        class_="pane chair",
        aria_labelledby="chair",
    )
