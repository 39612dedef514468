"""Two meetings side by side as elements of a page: topics, entries, documents, actions and seats."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from agents.api.pages import paths
from agents.documents.changes import Change
from agents.export.html_tags import Html, cell, join, lines, tag
from agents.export.page.first import day_said, decides, outcome
from agents.meeting.entry_names import NamedEntry
from agents.meeting.record import Decision, Minutes, TopicMinutes
from agents.orchestrator.action_values import is_overdue
from agents.orchestrator.compared import (
    Became,
    Compared,
    DocumentPair,
    EntryPair,
    KindPair,
    RolePair,
    Side,
    TopicPair,
)
from agents.text import capital, one_line

if TYPE_CHECKING:
    from agents.store.actions import ActionRow

TOPICS_A_PAGE = 3
"""The topics of one page."""
ENTRY_BYTES, DOCUMENT_BYTES = 60_000, 30_000
"""About the most bytes of all entries of a page, and of all documents; each group gets its share."""
MOST_ACTIONS = 30
"""The most actions."""
MOST_ROWS = 40
"""The most rows of a table, and the most documents."""
MOST_LINES = 6
"""The most lines of each side of a change."""
MOST_LETTERS = 260
"""The most letters of the words of an entry, or of a line."""

_HEADINGS = {"Action": "Actions", "Finding": "Places to look at"}
_MARKS = {Became.NEW: "New", Became.GONE: "Gone", Became.SAME: "Same", Became.CHANGED: "Changed"}


@dataclass(frozen=True, slots=True)
class Shown:
    """Two meetings as they are compared on a page.

    Attributes:
        ids: the ids of the meetings.
        sides: their minutes, and what they started from.
        found: the comparison.
        titles: what each is about.
        names: what the sides are called: "Then" and "Now", or "First" and "Second".
    """

    ids: tuple[str, str]
    sides: tuple[Side, Side]
    found: Compared
    titles: tuple[str, str]
    names: tuple[str, str]

    def minutes(self, side: int) -> Minutes:
        """The minutes of a side."""
        return self.sides[side].minutes

    def title_of(self, role: str | None) -> str:
        """The title of a role or an owner in either meeting."""
        return self.minutes(1).titles.get(role or "") or self.minutes(0).title_of(role)


def meetings(shown: Shown) -> Html:
    """The two meetings, and what changed in numbers."""
    cards = [
        tag(
            "div",
            tag("p", name, class_="side"),
            tag("h2", tag("a", tag("bdi", shown.titles[side]), href=paths.meeting(shown.ids[side], "minutes"))),
            tag("p", _about(shown.minutes(side)), class_="soft"),
        )
        for side, name in enumerate(shown.names)
    ]
    topics = [one for one in shown.found.topics if one.alike]  # others say nothing about what changed
    roles = [role for topic in topics for role in topic.roles]
    facts = [
        ("Outcomes that differ", sum(topic.decided_otherwise for topic in topics)),
        ("Positions that moved", sum(role.moved for role in roles)),
        ("Votes that differ", sum(role.votes_otherwise for role in roles)),
        ("New entries", shown.found.count(Became.NEW)),
        ("Gone", shown.found.count(Became.GONE)),
        ("The same", shown.found.count(Became.SAME)),
    ]
    tiles = [tag("div", tag("dt", name), tag("dd", f"{number:,}")) for name, number in facts]
    return lines(tag("div", *cards, class_="sides"), tag("dl", lines(*tiles), class_="coverage"))


def _about(minutes: Minutes) -> str:
    model = one_line(minutes.model)
    return f"{minutes.title}, {day_said(minutes.held)}; {minutes.status}. {capital(model)}"


def topics(shown: Shown, number: int) -> Iterator[Html]:
    """The topics of a page, from 1."""
    chosen = shown.found.topics[(number - 1) * TOPICS_A_PAGE : number * TOPICS_A_PAGE]
    groups = sum(bool(kind.those(became)) for one in chosen for kind in one.kinds for became in Became)
    share = ENTRY_BYTES // max(1, groups)
    for one in chosen:
        yield tag("section", lines(*_topic(shown, one, share)), class_="pair")


def _topic(shown: Shown, pair: TopicPair, share: int) -> Iterator[Html | None]:
    now, then = pair.after, pair.before
    yield tag("h2", tag("bdi", _short((now or then).topic.text if now or then else "")))  # type: ignore[union-attr]
    if then and now and not pair.alike:
        words = "These two topics have other words, and are compared because of their order. "
        counted = f"Outcomes, positions and votes on them are not counted above. {shown.names[0]}: "
        yield tag("p", words, counted, tag("bdi", _short(then.topic.text)), class_="soft")
    elif not then or not now:
        yield tag("p", f"Only in the {'second' if now else 'first'} meeting.", class_="soft")
    yield _outcomes(shown, pair)
    yield _roles(shown, pair.roles)
    for kind in pair.kinds:
        yield from _kind(shown, kind, share)


def _outcomes(shown: Shown, pair: TopicPair) -> Html:
    """What was decided, then and now."""
    decisions = [one.decision if one else None for one in (pair.before, pair.after)]
    rows = [
        ("Outcome", [_outcome(one) for one in (pair.before, pair.after)], pair.decided_otherwise),
        ("Put to the vote", [tag("bdi", _short(one.text)) if one and one.text else "" for one in decisions], False),
        ("Votes", [_tally(one) for one in decisions], False),
    ]
    return _table(
        ("", *shown.names),
        [([name, *cells], changed) for name, cells, changed in rows if any(cells)],
        caption="Outcome",
    )


def _outcome(topic: TopicMinutes | None) -> str:
    if topic is None or not decides(topic):
        return ""
    found = outcome(topic)
    return tag("strong", found.text, class_=f"outcome {found.to}")


def _tally(decision: Decision | None) -> str:
    said = {"support": "for", "support_with_concern": "with a concern", "object": "against", "abstain": "abstain"}
    counted = decision.tally.items() if decision else ()
    return ", ".join(f"{count} {said.get(name, name)}" for name, count in counted if count)


def _roles(shown: Shown, roles: Sequence[RolePair]) -> Html | None:
    """Who holds or voted something else now; the others in one sentence."""
    changed = [one for one in roles if not one.same]
    same = [one for one in roles if one.same]
    if not roles:
        return None
    then, now = shown.names
    rows: list[tuple[list[str], bool]] = [
        ([shown.title_of(one.role), *one.positions, *one.votes, _moved(one)], one.moved or one.votes_otherwise)
        for one in changed[:MOST_ROWS]
    ]
    columns = ("Role", f"Position, {then.lower()}", f"Position, {now.lower()}", f"Vote, {then.lower()}",
               f"Vote, {now.lower()}", "What changed")  # fmt: skip
    said = ", ".join(shown.title_of(one.role) for one in same[:MOST_ROWS])
    return lines(
        tag("h3", "Positions and votes"),
        _table(columns, rows, caption="Who holds or voted something else") if rows else None,
        tag("p", f"The same as before: {said}.", class_="soft") if same else None,
    )


def _moved(one: RolePair) -> str:
    parts = [*(["moved"] if one.moved else []), *(["voted otherwise"] if one.votes_otherwise else [])]
    return ", ".join(parts) or "in one meeting only"


def _table(
    columns: Sequence[str], rows: Iterable[tuple[Sequence[str], bool]], caption: str, kind: str = "then-now"
) -> Html:
    head = tag("thead", tag("tr", [tag("th", name, scope="col") if name else tag("td") for name in columns]))
    body = [
        tag(
            "tr",
            tag("th", cells[0], scope="row"),
            [cell(name, content) for name, content in zip(columns[1:], cells[1:], strict=True)],
            class_="changed" if changed else None,
        )
        for cells, changed in rows
    ]
    return tag("table", tag("caption", caption, class_="hidden"), head, tag("tbody", lines(*body)), class_=kind)


def _kind(shown: Shown, kind: KindPair, share: int) -> Iterator[Html]:
    sections = {**shown.minutes(0).sections, **shown.minutes(1).sections, **_HEADINGS}
    counted = {became: kind.those(became) for became in (Became.NEW, Became.GONE, Became.SAME)}
    said = ", ".join(
        f"{len(those)} {'the same' if became is Became.SAME else became.value}"
        for became, those in counted.items()
        if those
    )
    yield tag("h3", sections.get(kind.label, kind.label), tag("span", f" {said}", class_="soft"))
    groups = {became: _fitting((_entry(shown, one) for one in those), share) for became, those in counted.items()}
    items = [item for group in groups.values() for item in group]
    left = {
        became: len(those) - len(groups[became])
        for became, those in counted.items()
        if len(groups[became]) < len(those)
    }
    more = [f"{count} more {'the same' if became is Became.SAME else became.value}" for became, count in left.items()]
    yield tag(
        "ul", lines(*items, tag("li", f"And {', '.join(more)}.", class_="soft") if more else None), class_="changes"
    )


def _fitting(items: Iterable[Html], share: int) -> list[Html]:
    """As many of the first elements as have about so many bytes; at least one, where there is one."""
    found, size = list[Html](), 0
    for one in items:
        size += len(one.encode("utf-8", "replace"))
        if found and size > share:
            break
        found.append(one)
    return found


def _entry(shown: Shown, one: EntryPair) -> Html:
    """An entry, with its name in each meeting that has it."""
    names = [
        tag("a", entry.name, href=paths.meeting(shown.ids[side], "minutes", entry.name), class_="name",
            aria_label=f"{entry.name}, {shown.names[side].lower()}")
        for side, entry in enumerate((one.before, one.after))
        if entry
    ]  # fmt: skip
    said = one.after or one.before
    before = one.before if one.before and one.after and _words(one.before) != _words(one.after) else None
    return tag(
        "li",
        tag("span", _MARKS[one.became], class_="state"),
        join(" ", names[0], " \u2192 ", names[1]) if len(names) == 2 else join(" ", names[0]),
        join(" "),
        tag("bdi", _words(said)) if said else None,
        tag("p", f"{shown.names[0]}: ", tag("bdi", _words(before)), class_="soft") if before else None,
        *(
            tag("p", f"{name}: ", tag("bdi", _short(words)), class_="soft")
            for name, words in zip(shown.names, one.corrected, strict=True)
            if words
        ),
        class_=one.became.value,
    )


def _words(entry: NamedEntry) -> str:
    return _short(entry.text)


def _short(text: str) -> str:
    said = one_line(text)
    return said if len(said) <= MOST_LETTERS else f"{said[:MOST_LETTERS].rstrip()}\u2026"


def documents(shown: Shown) -> Html | None:
    """The documents of the two meetings, and the lines that changed."""
    pairs = shown.found.documents
    if not pairs:
        return None
    share = DOCUMENT_BYTES // max(1, sum(bool(one.changes) for one in pairs[:MOST_ROWS]))
    items = [_document(shown, one, share) for one in pairs[:MOST_ROWS]]
    more = tag("p", f"{len(pairs) - MOST_ROWS} more documents.", class_="soft") if len(pairs) > MOST_ROWS else None
    return tag("section", tag("h2", "Documents"), tag("ul", lines(*items), class_="changes"), more, class_="pair")


def _document(shown: Shown, pair: DocumentPair, share: int) -> Html:
    links = [
        tag("a", shown.names[side].lower(), href=paths.document(shown.ids[side], number))
        for side, number in enumerate(pair.numbers)
        if number
    ]
    removed, added = (sum(len(getattr(one, side)) for one in pair.changes) for side in ("removed", "added"))
    count = "1 place" if len(pair.changes) == 1 else f"{len(pair.changes):,} places"
    about = f" {count} changed; lines removed: {removed:,}, added: {added:,}." if pair.changes else ""
    written = _fitting((_change(shown, pair, one) for one in pair.changes), share)
    left = len(pair.changes) - len(written)
    return tag(
        "li",
        tag("span", _MARKS[pair.became], class_="state"),
        join(" "),
        tag("bdi", pair.name, class_="name"),
        join(" (", *islice((part for one in links for part in (", ", one)), 1, None), ")", about),
        written,
        tag("p", f"{left:,} more changes.", class_="soft") if left > 0 else None,
        class_=pair.became.value,
    )


def _change(shown: Shown, pair: DocumentPair, one: Change) -> Html:
    sides = (("del", 0, one.old, one.removed, "\u2212"), ("ins", 1, one.new, one.added, "+"))
    written = [
        tag(
            name,
            tag("a", f"{sign} {first + at}", href=paths.document(shown.ids[side], pair.numbers[side], first + at)),
            join(" "),
            tag("bdi", _short(line)),
        )
        for name, side, first, said, sign in sides
        for at, line in enumerate(said[:MOST_LINES])
    ]
    left = sum(max(0, len(said) - MOST_LINES) for *_, said, _ in sides)
    more = tag("span", f"{left:,} more lines", class_="soft") if left else None
    return tag("div", lines(*written, more), class_="change")


def actions(shown: Shown, rows: "Sequence[ActionRow]") -> Html | None:
    """The actions of the first meeting, and what became of them since."""
    if not rows:
        return None
    again = shown.found.same_tasks
    reported = {one.id for one in shown.sides[1].spec.open_actions}
    shown_rows: list[tuple[list[str], bool]] = [
        (
            [
                tag("a", row.id, href=paths.action(row.id)),
                tag("bdi", _short(row.task)),
                shown.title_of(row.owner),
                "overdue" if is_overdue(row) else row.status,
                _since(shown, row, again, reported),
            ],
            row.open,
        )
        for row in rows[:MOST_ACTIONS]
    ]
    done = sum(not row.open for row in rows)
    left = len(rows) - MOST_ACTIONS
    where = tag("a", f"{left} more", href=paths.listed(paths.ACTIONS, meeting=shown.ids[0])) if left > 0 else None
    return tag(
        "section",
        tag("h2", "Actions of the first meeting since then"),
        tag("p", f"{done} of {len(rows)} are not open any more.", class_="soft"),
        _table(("Action", "Task", "Owner", "Status", "In the second meeting"), shown_rows, "Actions", "since"),
        tag("p", where) if where else None,
        class_="pair",
    )


def _since(shown: Shown, row: "ActionRow", again: dict[str, str], reported: set[str]) -> Html:
    """Where the second meeting speaks of an action."""
    name = again.get(row.key)
    link = tag("a", name, href=paths.meeting(shown.ids[1], "minutes", name)) if name else None
    return join("named again as ", link) if link else join("reported on" if row.id in reported else "")


def seats(shown: Shown) -> Html:
    """Who sat in the two meetings, and which models answered."""
    differ = [one for one in shown.found.seats if one.models[0] != one.models[1]]
    same = [one for one in shown.found.seats if one.models[0] == one.models[1]]
    rows: list[tuple[list[str], bool]] = [
        ([shown.title_of(one.role), *(model or "no seat" for model in one.models)], True) for one in differ[:MOST_ROWS]
    ]
    before, after = shown.sides
    facts = [
        ("Meeting type", before.minutes.title, after.minutes.title),
        ("Model", before.minutes.model, after.minutes.model),
        ("Context, in tokens", f"{before.spec.context_tokens:,}", f"{after.spec.context_tokens:,}"),
        ("Decision rule", before.spec.kind.rule, after.spec.kind.rule),
    ]
    rows = [([name, one, other], True) for name, one, other in facts if one != other] + rows
    said = ", ".join(shown.title_of(one.role) for one in same[:MOST_ROWS])
    return tag(
        "section",
        tag("h2", "Seats and models"),
        _table(("", *shown.names), rows, caption="What differs") if rows else tag("p", "Nothing differs."),
        tag("p", f"The same seat and model: {said}.", class_="soft") if same else None,
        class_="pair",
    )
