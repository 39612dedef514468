"""All entries of minutes in a table, with what was checked of each and the verdict that stands on it."""

from collections.abc import Mapping, Sequence

from agents.api.pages import paths
from agents.api.pages.reading.cited_lines import places_of
from agents.api.pages.reading.entry_filter import ALL, CHOICES
from agents.api.pages.reading.entry_view import words_of
from agents.api.pages.reading.layout import Whole
from agents.api.pages.reading.page_writer import PageLinks
from agents.export.html_tags import Html, cell, join, lines, tag
from agents.meeting.entry_names import NamedEntry
from agents.meeting.finding import Finding

COLUMNS = ("entry", "kind", "words", "wording", "rests on", "verdict", "your verdict")
LONGEST_WORDS = 1_000
"""The most characters of the words of an entry in the table."""
MOST_BYTES = 140_000
"""About the most bytes of a part of the table."""
MOST_PLACES = 6
"""The most places in documents that are named in a row."""
FORM = "verdict"
"""The form to which the buttons of all rows belong."""


def parts(found: Whole, choice: str, links: PageLinks) -> list[list[Html]]:
    """The rows of the table in parts.

    Args:
        found: the meeting.
        choice: which entries, one of ``CHOICES``.
        links: where links lead.
    """
    made, size = list[list[Html]]([[]]), 0
    for name, entry in found.stored.named.items():
        if choice != ALL and choice not in found.worths.classes(name):
            continue
        row = _row(found, entry, links)
        count = len(row.encode("utf-8", "replace"))
        if made[-1] and size + count > MOST_BYTES:
            made.append([])
            size = 0
        made[-1].append(row)
        size += count
    return made


def table(rows: Sequence[Html], fields: Mapping[str, str], by: str) -> Html:
    """A part of the table, with one form for the buttons of its rows.

    Args:
        rows: the rows.
        fields: what is sent with a verdict, so that this part of the table is shown again.
        by: the name that the form has already.
    """
    form = tag(
        "form",
        *(tag("input", type="hidden", name=name, value=value) for name, value in fields.items()),
        tag("label", "Your name ", for_="by"),
        tag("input", id="by", name="by", value=by or None, autocomplete="name", maxlength="200"),
        tag("span", "Confirm says that the minutes have it right.", class_="soft hint"),
        id=FORM,
        method="post",
        class_="row",
    )
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in COLUMNS]))
    return join(form, tag("table", head, tag("tbody", lines(*rows)), class_="entries"))


def choices(found: Whole, chosen: str) -> Html:
    """Links to the entries of one worth each, with their numbers."""
    links = [
        tag(
            "li",
            tag(
                "a",
                f"{name} ({found.worths.count(choice)})",
                href=paths.meeting(found.stored.id, "entries", worth=choice if choice != ALL else ""),
                aria_current="page" if choice == chosen else None,
            ),
        )
        for choice, name in CHOICES.items()
    ]
    return tag("nav", tag("ul", lines(*links)), class_="tools", aria_label="Entries to show")


def _row(found: Whole, entry: NamedEntry, links: PageLinks) -> Html:
    worth, why = found.worths.each[entry.name]
    verdict = found.worths.verdicts.get(entry.name)
    checked = why or worth.value
    cells = (
        tag("a", entry.name, href=paths.entry(found.stored.id, entry.name), class_="name"),
        join(entry.label),
        words_of(found, entry, LONGEST_WORDS, links),
        tag("span", checked[:LONGEST_WORDS], class_=f"worth {worth.replace(' ', '-')}"),
        _source(found, entry, links),
        join(verdict.words if verdict else ""),
        join(_button(found, entry, "Confirm", "confirm"), " ", _button(found, entry, "Reject", "reject")),
    )
    written = [cell(name, content) for name, content in zip(COLUMNS, cells, strict=True)]
    return tag("tr", *written, id=entry.name, class_=" ".join(["entry", *found.worths.classes(entry.name)]))


def _button(found: Whole, entry: NamedEntry, text: str, verb: str) -> Html:
    return tag(
        "button", text, form=FORM, formaction=paths.entry(found.stored.id, entry.name), name="verdict", value=verb,
        aria_label=f"{text} {entry.name}",
    )  # fmt: skip


def _source(found: Whole, entry: NamedEntry, links: PageLinks) -> Html:
    """The turn that an entry rests on, and the lines of documents."""
    shown = list[Html]()
    if entry.turn and found.stored.minutes.turn(entry.turn):
        quote = _quote(entry)
        shown.append(tag("a", entry.turn, href=links.turn(entry.turn, found.marks.anchor(entry.turn, quote))))
    places = places_of(entry.value)
    for document, first, last in places[:MOST_PLACES]:
        text = f"{document[:80]}:{first}" + (f"-{last}" if last > first else "")
        address = links.place(document, first, last)
        shown.append(tag("a", text, href=address) if address else join(text))
    if len(places) > MOST_PLACES:
        shown.append(join(f"{len(places) - MOST_PLACES} more"))
    return join(*(join(", " if number else "", one) for number, one in enumerate(shown)))


def _quote(entry: NamedEntry) -> str:
    if isinstance(entry.value, Finding):
        return entry.value.reasons[0].why
    return entry.value.evidence.quote if entry.value.evidence else ""
