"""The form that begins a meeting, with what was given so far."""

from typing import TYPE_CHECKING

from agents.api.pages import paths
from agents.api.pages.amounts import counted
from agents.api.pages.start.choices import PLACES, Offered, options
from agents.api.pages.start.fields import field, finder, invalid, tick, told, trouble, typed
from agents.api.pages.start.given import PASTED, Given, Problem
from agents.documents import MAX_BYTES, MAX_FILE_BYTES
from agents.export.html_tags import Html, lines, tag

if TYPE_CHECKING:
    from agents.meeting.meeting_type import MeetingType

NAMED_SEATS = 8
"""The most usual seats that a type names in the list."""


def form(offered: Offered, given: Given, problem: Problem | None) -> Html:
    """The form.

    Args:
        offered: what can be chosen.
        given: what was given so far.
        problem: why it was not carried out; None at first.
    """
    marks = [
        tag("input", type="hidden", name=name, value=given.text(name)) for name in ("once", "from") if given.text(name)
    ]
    rest = tag(
        "div",
        lines(
            _topics(given, problem),
            _documents(offered, given, problem),
            options(offered, given, problem),
            _button(),
        ),
        class_="rest",
    )
    has_place = problem and problem.place in {"type", "topics", "files", "paste_name", *PLACES}
    return tag(
        "form",
        lines(
            *marks,
            trouble(problem) if problem and not has_place else None,
            tag("div", lines(_types(offered, given, problem), rest), class_="begin"),
        ),
        method="post",
        action=paths.NEW,
        enctype="multipart/form-data",
        class_="start",
    )


def _types(offered: Offered, given: Given, problem: Problem | None) -> Html:
    """All meeting types, the chosen one first."""
    chosen = given.text("type") or "decision"
    kinds = sorted(offered.types, key=lambda kind: (kind.id != chosen, kind.title.lower()))
    titles = {role.id: role.title for role in offered.roles}
    points = [_type(kind, titles, is_chosen=kind.id == chosen) for kind in kinds]
    return tag(
        "fieldset",
        lines(
            tag("legend", "Type of meeting"),
            told(problem, "type"),
            finder("Find a type", "types", counted(len(kinds), "type")),
            tag("ul", lines(*points), id="types", class_="types"),
        ),
        class_="kinds",
    )


def _type(kind: "MeetingType", titles: dict[str, str], *, is_chosen: bool) -> Html:
    seats = [titles.get(name, name) for name in kind.participants]
    more = f" and {len(seats) - NAMED_SEATS} more" if len(seats) > NAMED_SEATS else ""
    usual = f"{', '.join(seats[:NAMED_SEATS])}{more}"
    needs = f"Needs a document: {kind.material or 'what it is about'}." if kind.needs else ""
    radio = tag("input", type="radio", name="type", value=kind.id, required="", checked="" if is_chosen else None)
    return tag(
        "li",
        tag(
            "label",
            radio,
            tag(
                "span",
                tag("strong", kind.title),
                tag("span", f" {counted(len(seats), 'seat')}, {kind.minutes} min ", class_="soft size"),
                tag("span", kind.purpose, class_="purpose"),
                tag("span", needs, class_="needs") if needs else None,
                tag("span", usual, class_="soft usual", data_less="") if seats else None,
            ),
        ),
    )


def _topics(given: Given, problem: Problem | None) -> Html:
    hint = "One on each line. Empty takes the topic of the type, if it has one."
    return tag(
        "fieldset",
        lines(
            tag("legend", tag("label", "What is it about?", for_="topics")),
            told(problem, "topics"),
            tag("p", hint, class_="soft hint", id="topics-hint"),
            tag(
                "textarea",
                typed(given.text("topics")),
                name="topics",
                id="topics",
                rows="3",
                aria_describedby="topics-hint",
                placeholder="May we build this?",
                aria_invalid=invalid(problem, "topics"),
            ),
        ),
    )


def _documents(offered: Offered, given: Given, problem: Problem | None) -> Html:
    again = None
    if given.files:
        named = ", ".join(given.files[:20])
        again = tag("p", f"Choose the files again: {named}. A browser sends them only once.", class_="again")
    kept = [
        tag(
            "li",
            tick(
                "keep",
                str(number),
                document.name,
                given,
                soft=counted(len(document.text.rstrip("\n").split("\n")), "line"),
            ),
        )
        for number, document in enumerate(offered.kept, 1)
    ]
    return tag(
        "fieldset",
        lines(
            tag("legend", "Documents"),
            told(problem, "files", "paste_name"),
            again,
            tag("p", "Of the plan before:") if kept else None,
            tag("ul", lines(*kept), class_="plain") if kept else None,
            _files(offered, problem),
            _pasted(given),
        ),
    )


def _files(offered: Offered, problem: Problem | None) -> Html:
    """Where files are chosen, or dropped."""
    most = min(MAX_FILE_BYTES // 1_000_000, offered.most_mb)
    size = f"A text may have {MAX_BYTES // 1_000_000} MB, a PDF or an office file {most} MB"
    chosen = tag(
        "input",
        type="file",
        name="files",
        id="files",
        multiple="",
        aria_describedby="files-hint",
        aria_invalid=invalid(problem, "files"),
    )
    return tag(
        "div",
        lines(
            tag("label", "Choose files, or drop them here", for_="files"),
            chosen,
            tag("output", "", for_="files"),
            tag("p", f"{size}, all together {offered.most_mb} MB.", class_="soft hint", id="files-hint"),
        ),
        class_="drop",
        data_drop="",
        data_text=str(MAX_BYTES),
        data_file=str(min(MAX_FILE_BYTES, offered.most_mb * 1_000_000)),
        data_all=str(offered.most_mb * 1_000_000),
    )


def _pasted(given: Given) -> Html:
    """Where a text is pasted."""
    name = tag(
        "input",
        type="text",
        name="paste_name",
        value=given.text("paste_name"),
        placeholder=PASTED,
        maxlength="200",
        autocomplete="off",
    )
    return tag(
        "details",
        lines(
            tag("summary", "Paste a text"),
            field("Its name", name),
            field("The text", tag("textarea", typed(given.text("paste")), name="paste", rows="8")),
        ),
        open="" if given.text("paste").strip() else None,
    )


def _button() -> Html:
    return tag(
        "div",
        tag("button", "Make the plan", type="submit", class_="main"),
        tag("span", "Nothing begins yet. You see first who takes part, and how long it takes.", class_="soft"),
        class_="row go",
    )
