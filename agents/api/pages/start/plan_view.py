"""The plan of a meeting on a page: its seats, what it costs, and what nobody will be shown of its documents."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.api.pages import paths
from agents.api.pages.amounts import LONGEST_TITLE, counted, duration, shortened
from agents.api.pages.start.fields import finder, role_select
from agents.export.html_tags import Html, lines, tag
from agents.export.page.first import day_said
from agents.meeting.phases import phase_name
from agents.meeting.record import DECISION_MAKER
from agents.meeting.unread import spans

if TYPE_CHECKING:
    from agents.meeting.coverage import Coverage
    from agents.meeting.plan import Plan
    from agents.meeting.record import Lines, Seat
    from agents.meeting.spec import MeetingSpec
    from agents.role import Role

LONGEST_TOPIC, LONGEST_AGENDA = 4_000, 24_000
"""The most characters of a topic, and of all topics together; each gets its share."""
LONGEST_HEADING = 80
MOST_SHOWN = 120
"""The most documents, counted for each topic, of which a page says what is shown."""
MOST_RANGES = 480
"""The most ranges of lines that a page names, of all documents together."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who takes part, as ticked on the page.

    Attributes:
        seats: the role ids.
        chair: the role that leads, or "" for that of the type.
        me: the role whose seat the person takes, or "".
        decide: whether the person decides.
    """

    seats: Collection[str]
    chair: str = ""
    me: str = ""
    decide: bool = False


def in_short(spec: "MeetingSpec", plan: "Plan") -> Html:
    """What the meeting is and costs, in a row of numbers."""
    facts = [
        ("Seats", str(len(spec.seats)), ""),
        ("Turns", f"{plan.total('turns'):,}", ""),
        ("Requests", f"{plan.total('requests'):,}", _span(plan)),
        ("Tokens", f"{plan.total('evaluated') + plan.total('written'):,}", "read and written"),
        ("Time", _time(plan), _known_from(plan)),
    ]
    if not plan.pace:  # no model is asked
        facts = [one for one in facts if one[0] not in {"Requests", "Tokens"}]
    shown = [
        tag("div", tag("dt", name), tag("dd", value, tag("small", more) if more else None))
        for name, value, more in facts
    ]
    return tag("dl", lines(*shown), class_="facts")


def _span(plan: "Plan") -> str:
    least, most = plan.total("least"), plan.total("most")
    return f"from {least:,} to {most:,}" if least < plan.total("requests") or most > plan.total("requests") else ""


def _time(plan: "Plan") -> str:
    return "seconds" if plan.pace is None else f"about {duration(60 * plan.minutes)}"


def _known_from(plan: "Plan") -> str:
    """How the expected time is known."""
    if plan.pace is None:
        return "no language model is asked"
    if plan.pace.calls:
        return f"from {counted(plan.pace.calls, 'call')} on this machine"
    return "a guess: never measured on this machine"


def topics(spec: "MeetingSpec") -> Html | None:
    """The agenda; None where the heading has it already."""
    if len(spec.topics) < 2 and len(spec.topics[0].text) <= LONGEST_TITLE:
        return None
    most = min(LONGEST_TOPIC, LONGEST_AGENDA // len(spec.topics))
    points = [tag("li", shortened(topic.text, most)) for topic in spec.topics]
    return lines(tag("h2", "Topics"), tag("ol", lines(*points)))


def seats(spec: "MeetingSpec", roles: "Sequence[Role]", chosen: Chosen, address: str, *, person: bool) -> Html:
    """Who takes part and why, in a form that changes it.

    Args:
        spec: the meeting.
        roles: all roles, by title.
        chosen: what is ticked.
        address: where the form is sent.
        person: whether a person can take a seat.
    """
    known = {role.id for role in roles}
    own = [seat for seat in spec.seats if seat.role in known]
    seated = {seat.role for seat in own}
    others = [_other(role, ticked=role.id in chosen.seats) for role in roles if role.id not in seated]
    lead = tag(
        "label",
        tag("span", "Who leads"),
        role_select("chair", roles, chosen.chair, "as the type says"),
        class_="field",
    )
    return tag(
        "form",
        lines(
            tag(
                "ul",
                lines(
                    *(_seat(spec, seat, ticked=seat.role in chosen.seats) for seat in own),
                    *(_fixed(seat) for seat in spec.seats if seat.role not in known),
                ),
                class_="seats",
            ),
            tag(
                "details",
                lines(
                    tag("summary", f"Add others ({len(others)})"),
                    finder("Find a role", "others"),
                    tag("ul", lines(*others), class_="ticks", id="others"),
                ),
                open="" if set(chosen.seats) - seated - {DECISION_MAKER} else None,
            ),
            lead,
            *(_my_seat(spec, roles, chosen) if person else []),
            tag("p", tag("button", "Change the seats", type="submit")),
            tag("p", "The plan is made again, with the same documents and choices.", class_="soft hint"),
        ),
        method="post",
        action=address,
    )


def _my_seat(spec: "MeetingSpec", roles: "Sequence[Role]", chosen: Chosen) -> Iterator[Html]:
    yield tag("label", tag("span", "Your seat"), role_select("me", roles, chosen.me, "none"), class_="field")
    if spec.kind.rule != "none" or chosen.decide:
        box = tag("input", type="checkbox", name="decide", value="yes", checked="" if chosen.decide else None)
        yield tag("p", tag("label", box, " I decide, and the votes are advice"))


def _seat(spec: "MeetingSpec", seat: "Seat", *, ticked: bool) -> Html:
    leads = "leads" if seat.role == spec.facilitator and seat.role != spec.wishes.chair else ""
    about = "; ".join(filter(None, [seat.reason, leads, spec.council.get(seat.role, "")]))
    box = tag("input", type="checkbox", name="seat", value=seat.role, checked="" if ticked else None)
    words = tag("span", tag("strong", seat.title), tag("span", f" {about}", class_="soft"))
    return tag("li", tag("label", box, words), class_="mine" if seat.human else None)


def _other(role: "Role", *, ticked: bool) -> Html:
    box = tag("input", type="checkbox", name="seat", value=role.id, checked="" if ticked else None)
    return tag("li", tag("label", box, " ", role.title))


def seats_only(spec: "MeetingSpec") -> Html:
    """Who takes part and why, where that cannot be changed any more."""
    return tag("ul", lines(*map(_fixed, spec.seats)), class_="seats")


def _fixed(seat: "Seat") -> Html:
    return tag("li", tag("strong", seat.title), tag("span", f" {seat.reason}", class_="soft"))


def course(spec: "MeetingSpec", plan: "Plan") -> Html:
    """The phases with what each costs; without a model, their turns alone."""
    costs = ("Requests", "Tokens read", "Tokens written", "Time")
    names = ("Phase", "Turns", *(costs if plan.pace else ()))
    several = len(spec.topics) > 1
    body = []
    for step in plan.steps:
        asked = f"{step.requests}" if step.least == step.most else f"{step.requests} ({step.least} to {step.most})"
        name = f"{step.topic}. {phase_name(step.phase)}" if several else phase_name(step.phase)
        took = "" if step.seconds is None else duration(step.seconds)
        cells = (name, str(step.turns), asked, f"{step.evaluated:,}", f"{step.written:,}", took)
        body.append(_row(names, cells[: len(names)]))
    whole = [f"{plan.total(name):,}" for name in ("turns", "requests", "evaluated", "written")]
    total = ("All", *whole, duration(60 * plan.minutes))
    foot = _row(names, total[: len(names)], "all")
    return _costs(names, [*body, foot])


def _costs(names: Sequence[str], body: Sequence[Html]) -> Html:
    """A table of numbers, whose first column has names."""
    head = tag("tr", *(tag("th", name, scope="col", class_="number" if n else None) for n, name in enumerate(names)))
    return tag("table", tag("thead", head), tag("tbody", lines(*body)), class_="costs")


def _row(names: Sequence[str], values: Sequence[str], kind: str | None = None) -> Html:
    first, *rest = values
    cells = [tag("td", value, data_name=name, class_="number") for name, value in zip(names[1:], rest, strict=True)]
    return tag("tr", tag("th", first, scope="row"), *cells, class_=kind)


def models(plan: "Plan") -> Html | None:
    """What each model of a council will be asked; None without a council."""
    names = ("Model", "Seats", "Requests", "Tokens read", "Tokens written", "Time")
    body = []
    for one in plan.models:
        took = "" if one.seconds is None else duration(one.seconds)
        cells = (str(len(one.roles)), str(one.requests), f"{one.evaluated:,}", f"{one.written:,}", took)
        body.append(_row(names, (one.model, *cells)))
    return _costs(names, body) if body else None


def controls(plan: "Plan") -> Html | None:
    """Whether the votes of new models are tested before the meeting, and what that costs; None if all were tested."""
    planned = plan.controls
    if planned is None:
        return None
    names, ballots = ", ".join(planned.models), counted(planned.calls, "control ballot")
    if planned.due:
        words = (
            f"Before it, once: {ballots} test what the votes of {names} are worth, about {duration(planned.seconds)}."
        )
    else:
        words = f"The votes of {names} were never tested. {ballots} would take about {duration(planned.seconds)}."
    return tag("p", words)


def documents(spec: "MeetingSpec", plan: "Plan") -> Html:
    """How much of each document is shown, to whom, and which lines nobody is shown."""
    number = {document.name: n for n, document in enumerate(spec.documents, 1)}
    rows = {topic: _by_number(row, number) for topic, row in plan.coverage.items()}
    first = next(iter(rows.values()))
    if all(row == first for row in rows.values()):
        rows = {0: first}  # it is the same for all topics
    count = sum(map(len, rows.values()))
    ranges = max(2, MOST_RANGES // max(1, count))
    left, parts = MOST_SHOWN, list[Html | None]()
    for topic, row in rows.items():
        shown = row[: max(0, left)]
        left -= len(row)
        parts.append(tag("h3", f"Topic {topic}") if topic and shown else None)
        parts += [_document(spec, each, number[each.document], ranges) for each in shown]
    more = tag("p", f"{counted(-left, 'more part')} of this list are not named here.") if left < 0 else None
    return lines(*parts, more, *_enough(plan))


def _by_number(row: "Sequence[Coverage]", number: dict[str, int]) -> "list[Coverage]":
    return sorted(row, key=lambda each: number[each.document])


def _document(spec: "MeetingSpec", shown: "Coverage", number: int, ranges: int) -> Html:
    name = shown.document
    text = [one for one in shown.left if not one.comment]
    comments = [one for one in shown.left if one.comment]

    def address_of(line: int) -> str:
        return paths.document(spec.id, number, line)

    return tag(
        "section",
        lines(
            tag("h3", tag("a", name, href=paths.document(spec.id, number))),
            tag(
                "p",
                tag("span", shown.amount, class_="state part" if text else "state whole"),
                f" shown {_to(shown)}",
            ),
            _not_shown("Nobody will be shown ", text, address_of, ranges) if text else None,
            _not_shown("Left out as a comment or a table of contents: ", comments, address_of, ranges)
            if comments
            else None,
        ),
        class_="shown",
    )


def _to(shown: "Coverage") -> str:
    """Who is shown a document, in words."""
    if shown.dealt:
        who = "participants are each" if shown.dealt > 1 else "participant is"
        return f"to somebody; {shown.dealt} {who} shown a part that the others are not"
    return f"to each of {counted(shown.to, 'participant')}" if shown.shown or shown.percent else "to nobody"


def _not_shown(words: str, left: "Sequence[Lines]", address: "Callable[[int], str]", most: int) -> Html:
    """The ranges of lines that are not shown, each a link to its place in the document."""
    named: list[Html | str] = []
    for place, one in enumerate(left[:most]):
        heading = f" \u201c{shortened(one.heading, LONGEST_HEADING)}\u201d" if one.heading else ""
        named += [", " if place else "", tag("a", spans([one]), href=address(one.first)), heading]
    more = len(left) - most
    return tag("p", words, *named, f" and {counted(more, 'more part')}" if more > 0 else "", ".", class_="missing")


def _enough(plan: "Plan") -> Iterator[Html]:
    found = {name: value for left in plan.unread.values() for name, value in left.enough.items()}
    if found:
        words = " or ".join(f"{name}={value}" for name, value in found.items())
        yield tag("p", f"With {words} in the settings of the service, these lines would be shown.", class_="soft")


def fits(spec: "MeetingSpec", plan: "Plan") -> Html:
    """Whether the documents fit into the context, in a sentence."""
    left = [one for unread in plan.unread.values() for one in unread.lines if not one.comment]
    if not spec.documents:
        words = "There are no documents: the agents speak from what the topic says."
    elif left:
        words = "Not everything fits: some lines of the documents will be shown to nobody."
    elif any(one.dealt for row in plan.coverage.values() for one in row):
        words = "Everything is shown to somebody: what does not fit for all is dealt out."
    else:
        words = "All documents fit whole: everybody is shown every line."
    return tag("p", words, class_="part" if left else None)


def choices(spec: "MeetingSpec") -> Html | None:
    """What else was chosen for the meeting."""
    wishes, paragraphs = spec.wishes, sum(bool(part.strip()) for part in spec.words.split("\n\n"))
    facts = [
        ("Day", day_said(spec.held)),
        ("Series", spec.series),
        ("Time box", "" if wishes.time_box is None else f"{wishes.time_box:g} minutes"),
        ("People who can own tasks", ", ".join(spec.names.people)),
        ("Models", ", ".join(dict.fromkeys(spec.council.values()))),
        ("Baseline", "one agent alone is asked the same" if spec.control else ""),
        ("Decided by", spec.title_of(spec.decider) + ", a person" if spec.decider else ""),
        ("Prepared words", counted(paragraphs, "paragraph") if paragraphs else ""),
        ("Context", f"{spec.context_tokens:,} tokens"),
    ]
    return tag("dl", lines(*(lines(tag("dt", name), tag("dd", value)) for name, value in facts if value)))
