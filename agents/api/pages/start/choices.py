"""The part of the form for a meeting that is closed at first: a seat, who takes part, time, series and people."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.api.pages.amounts import counted
from agents.api.pages.start.fields import field, invalid, role_select, tick, told, typed
from agents.api.pages.start.given import Given, Problem
from agents.export.html_tags import Html, lines, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.documents import Document
    from agents.meeting.meeting_type import MeetingType
    from agents.role import Role

PLACES = ("me", "seats", "chair", "series", "time_box", "held", "people", "council")
"""The fields of this part that can have the message beside them."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen in the form.

    Attributes:
        types: the meeting types.
        roles: the roles, by title.
        kept: the documents of the plan that the form came from.
        by_rule: whether no language model is set, so that nobody can take a seat.
        most_mb: the size of the biggest request, in megabytes.
    """

    types: "Sequence[MeetingType]"
    roles: "Sequence[Role]"
    kept: "Sequence[Document]" = ()
    by_rule: bool = False
    most_mb: int = 0


def options(offered: Offered, given: Given, problem: Problem | None) -> Html:
    """The part that is closed at first, and open where something is chosen in it."""
    names = ("me", "words", "chair", "series", "time_box", "people", "council", "held")
    used = any(given.text(name).strip() for name in names) or any(
        given.lists.get(name) for name in ("decide", "baseline", "invite", "without", "only")
    )
    is_open = used or (problem is not None and problem.place in PLACES)
    return tag(
        "details",
        lines(
            tag("summary", "More choices: your seat, who takes part, time, series"),
            None if offered.by_rule else _my_seat(offered, given, problem),
            _who(offered, given, problem),
            _frame(given, problem, offered),
        ),
        open="" if is_open else None,
        class_="options",
    )


def _my_seat(offered: Offered, given: Given, problem: Problem | None) -> Html:
    words = tag("textarea", typed(given.text("words")), name="words", rows="3", aria_describedby="words-hint")
    return tag(
        "fieldset",
        lines(
            tag("legend", "Your seat"),
            told(problem, "me"),
            field("You take part as", role_select("me", offered.roles, given.text("me"), "nobody: only agents speak")),
            tag("p", tick("decide", "yes", "I decide, and the votes are advice", given)),
            field("What you will say, if you will not be there", words),
            tag("p", "One paragraph for each time that you are asked.", class_="soft hint", id="words-hint"),
        ),
    )


def _who(offered: Offered, given: Given, problem: Problem | None) -> Html:
    return tag(
        "fieldset",
        lines(
            tag("legend", "Who takes part"),
            told(problem, "seats", "chair"),
            tag("p", "The type and the topics decide. The plan shows all seats, and you can change them there."),
            field("Who leads", role_select("chair", offered.roles, given.text("chair"), "as the type says")),
            _ticks("These take part too", "invite", offered.roles, given),
            _ticks("These do not take part", "without", offered.roles, given),
            tag(
                "p",
                tick(
                    "only",
                    "yes",
                    "Exactly those take part that are ticked under \u201cThese take part too\u201d",
                    given,
                ),
            ),
        ),
    )


def _ticks(title: str, name: str, roles: "Sequence[Role]", given: Given) -> Html:
    count = len(given.lists.get(name, ()))
    points = [tag("li", tick(name, role.id, role.title, given)) for role in roles]
    return tag(
        "details",
        lines(
            tag("summary", f"{title} ({counted(count, 'seat')})" if count else title),
            tag("fieldset", tag("legend", title, class_="hidden"), tag("ul", lines(*points), class_="ticks")),
        ),
        open="" if count else None,
    )


def _frame(given: Given, problem: Problem | None, offered: Offered) -> Html:
    def line(name: str, kind: str = "text", **more: str) -> Html:
        wrong = invalid(problem, name)
        return tag("input", type=kind, name=name, value=given.text(name), aria_invalid=wrong, **more)

    box = line("time_box", "number", min="1", max="1440", step="any")
    people = line("people", placeholder="Ada, Herr M.")
    with_model = [
        field("Series", line("series", maxlength="200")),
        field("Several language models, dealt over the seats", line("council", placeholder="llama3.2, qwen3:4b")),
        tag("p", tick("baseline", "yes", "Ask one agent alone the same, to see what the meeting was worth", given)),
    ]
    return tag(
        "fieldset",
        lines(
            tag("legend", "Time, series and people"),
            told(problem, "time_box", "held", "series", "people", "council"),
            tag(
                "div",
                field("At most, in minutes", box),
                field("Day of the meeting", line("held", "date")),
                class_="row",
            ),
            field("People of your team who can own tasks", people),
            *([] if offered.by_rule else with_model),
        ),
    )
