"""An entry of minutes: its words, what was checked, what it rests on, and what people said about it, with a form."""

from collections.abc import Iterator

from agents.api.pages import paths
from agents.api.pages.reading import taking
from agents.api.pages.reading.cited_lines import places_of
from agents.api.pages.reading.layout import Whole
from agents.api.pages.reading.page_writer import PageLinks
from agents.api.pages.reading.taking import NOWHERE, Place
from agents.api.pages.reading.turn_pieces import LONGEST_WORD, Run, pieces
from agents.export.html_tags import Html, join, lines, tag
from agents.export.page.kinds import ABOUT, Worth
from agents.export.page.proof import name as title_of
from agents.export.text import owner_line, phase_name, plain_lines, reason_line
from agents.meeting.entry_names import NamedEntry
from agents.meeting.finding import Finding
from agents.meeting.record import ActionItem, Decision, Item, Status, Turn
from agents.meeting.verdict import Judgement, Verdict
from agents.text import capital

MOST_CITED = 20_000
"""About the most bytes of lines of documents."""
PIECE = 3_000
"""About the most characters of a turn around the words that an entry quotes."""
MOST_TURNS, MOST_VERDICTS, MOST_REASONS = 3, 12, 6
"""The most turns, verdicts and reasons that are shown."""
LONGEST_FILLED = 8_000
"""The most characters of the words that stand in the field of a correction already."""
LONGEST_SHORT = 500
"""The most characters of a text in a list."""


def view(
    found: Whole,
    entry: NamedEntry,
    level: int,
    links: PageLinks,
    by: str = "",
    place: Place = NOWHERE,
    *,
    panel: bool = False,
) -> Iterator[Html]:
    """An entry, for a page or for the panel beside the minutes.

    Args:
        found: the meeting.
        entry: the entry.
        level: the level of its heading.
        links: where links lead.
        by: the name that the forms have already.
        place: its place in the register of actions.
        panel: whether it is shown beside the minutes; it has no places of its own.
    """
    worth, why = found.worths.each[entry.name]
    yield tag(f"h{level}", f"{entry.name} \u00b7 {entry.label}", tabindex="-1")
    yield tag("blockquote", tag("p", words_of(found, entry, LONGEST_WORD, links)), class_="was")
    meaning = "" if worth is Worth.AS_SAID else f": {ABOUT[worth]}"
    said = why or worth.value
    yield tag("p", tag("strong", capital(said[:LONGEST_WORD]), class_=_kind(worth)), f"{meaning}.")
    verdict = found.worths.verdicts.get(entry.name)
    if verdict and verdict.judgement is Judgement.CONFIRMED:
        yield tag("p", tag("strong", f"C{verdict.words[1:]}", class_="worth judged"), ".")
    facts = [join(tag("dt", key), tag("dd", words)) for key, words in _facts(found, entry)]
    yield tag("dl", lines(*facts)) if facts else join()
    yield from taking.part(place, found.stored.id, entry.name, level + 1, by, panel=panel)
    turns = _turns(found, entry)
    for turn, quote in turns:
        yield from _spoken(found, entry, turn, quote, level + 1, links)
    if not turns and not places_of(entry.value):
        yield tag("p", "It rests on no turn and on no line of a document.", class_="soft")
    places = found.cited.within(places_of(entry.value), MOST_CITED)
    if shown := found.cited.written(found.cited.excerpts(places), level + 2, links, linked=False):
        yield tag(f"h{level + 1}", "In the documents")
        yield shown
    yield tag(f"h{level + 1}", "Verdicts")
    yield _history(found, entry)
    yield form(found, entry, by, panel=panel)
    if panel:
        where = paths.entry(found.stored.id, entry.name)
        yield tag("p", tag("a", "This entry on a page of its own", href=where))


def cut(text: str, most: int, links: PageLinks) -> Html:
    """A text; of one that is too long its beginning, with a link to the file."""
    if len(text) <= most:
        return join(text)
    return join(text[:most], tag("a", f"\u2026 {len(text) - most:,} more characters in the file", href=links.whole()))


def words_of(found: Whole, entry: NamedEntry, most: int, links: PageLinks) -> Html:
    """The words of an entry; struck out where a person rejected it."""
    words = cut(entry.text, most, links)
    return tag("del", words) if found.worths.each[entry.name][0] is Worth.REJECTED else words


def form(found: Whole, entry: NamedEntry, by: str, *, panel: bool = False) -> Html:
    """The form for a verdict, with the name of who judges, if it is known."""
    filled = entry.text if len(entry.text) <= LONGEST_FILLED else ""
    words, name, means = (f"{part}-{'panel' if panel else 'page'}" for part in ("words", "by", "confirms"))
    return tag(
        "form",
        tag(
            "div",
            tag("label", "Words", for_=words),
            tag("textarea", "\n" + filled, id=words, name="text", rows="4"),
            tag("p", "Change them before you press Correct. The original stays visible.", class_="soft hint"),
            class_="field",
        ),
        tag(
            "div",
            tag("label", "Your name", for_=name),
            tag("input", id=name, name="by", value=by or None, autocomplete="name", maxlength="200"),
            class_="field",
        ),
        tag(
            "div",
            tag("button", "Confirm", name="verdict", value="confirm", class_="main", aria_describedby=means),
            tag("button", "Correct", name="verdict", value="correct"),
            tag("button", "Reject", name="verdict", value="reject", class_="danger"),
            class_="row",
        ),
        tag("p", _CONFIRMS, _only_proposed(entry), id=means, class_="soft hint"),
        method="post",
        action=paths.entry(found.stored.id, entry.name),
        class_="verdict",
        data_quiet="panel" if panel else None,
    )


_CONFIRMS = "Confirm says that the minutes have it right."


def _only_proposed(entry: NamedEntry) -> str:
    """That confirming a proposal decides nothing; "" for other entries."""
    proposed = isinstance(entry.value, Decision) and entry.value.status is not Status.ACCEPTED
    return " It was only proposed, and confirming it decides nothing." if proposed else ""


def _kind(worth: Worth) -> str:
    return f"worth {worth.replace(' ', '-')}"


def _facts(found: Whole, entry: NamedEntry) -> Iterator[tuple[str, str]]:
    """What else is known of an entry."""
    minutes, value = found.stored.minutes, entry.value
    if len(minutes.topics) > 1:
        topic = next(one for one in minutes.topics if one.topic.number == entry.topic)
        yield "Topic", f"{entry.topic}. {topic.topic.text[:LONGEST_SHORT]}"
    match value:
        case ActionItem():
            yield "Owner", owner_line(minutes, value)[:LONGEST_SHORT]
            yield "Due", value.due.isoformat() if value.due else value.due_text[:LONGEST_SHORT] or "no day"
            yield "Agreed", "yes" if value.agreed else "no"
        case Decision():
            yield "Outcome", value.outcome[:LONGEST_SHORT]
            yield "Rule", value.rule
            yield "Why", value.why[:LONGEST_SHORT]
        case Finding():
            yield "Weight", value.severity
            for reason in value.reasons[:MOST_REASONS]:
                yield "Why", reason_line(minutes, reason)[:LONGEST_SHORT]
        case Item():
            for key, words in value.fields.items():
                yield key[:LONGEST_SHORT].capitalize(), words[:LONGEST_SHORT]


def _turns(found: Whole, entry: NamedEntry) -> list[tuple[Turn, str]]:
    """The turns that an entry rests on, with its words in each."""
    if isinstance(entry.value, Finding):
        quoted = [(one.turn, one.why) for one in entry.value.reasons if one.turn]
    else:
        evidence = entry.value.evidence
        quoted = [(evidence.turn, evidence.quote)] if evidence else []
    turns = ((found.stored.minutes.turn(name), quote) for name, quote in dict(quoted).items())
    return [(turn, quote) for turn, quote in turns if turn][:MOST_TURNS]


def _spoken(found: Whole, entry: NamedEntry, turn: Turn, quote: str, level: int, links: PageLinks) -> Iterator[Html]:
    """The turn with the words that the entry quotes."""
    minutes = found.stored.minutes
    marks = found.marks.on(turn.id)
    text = "\n".join(plain_lines(turn.text))
    every = pieces(text, marks, PIECE)
    ours = next((one for one in every if any(run.mark and entry.name in run.mark.entries for run in one)), None)
    whole = " ".join(text.split()) == " ".join(quote.split())
    runs = ours or every[0]
    address = links.turn(turn.id, found.marks.anchor(turn.id, quote))
    who = f"{title_of(minutes, turn.speaker)}, {phase_name(turn.phase)}"
    yield tag(f"h{level}", "Said in ", tag("a", turn.id, href=address))
    yield tag("p", who, class_="soft")
    shown = [_run(run, entry.name, whole=whole) for run in runs]
    before = "\u2026 " if runs is not every[0] else ""
    after = " \u2026" if runs is not every[-1] else ""
    yield tag("div", tag("p", before, *shown, after, class_="words"), class_="turn")


def _run(run: Run, name: str, *, whole: bool) -> Html:
    more = f" \u2026 {run.left_out:,} more characters" if run.left_out else ""
    marked = whole or (run.mark is not None and name in run.mark.entries)
    return join(tag("mark", run.text) if marked else run.text, more)


def _history(found: Whole, entry: NamedEntry) -> Html:
    """What people said about an entry, the latest last, which stands."""
    given = [one for one in found.stored.minutes.verdicts if one.entry == entry.name]
    if not given:
        return tag("p", "Nobody has judged this entry yet.", class_="soft")
    items = [_verdict(one, stands=one is given[-1]) for one in given[-MOST_VERDICTS:]]
    before = len(given) - len(items)
    more = tag("p", f"{before} earlier verdicts are in the file.", class_="soft") if before else None
    return join(more, tag("ol", lines(*items), class_="history"))


def _verdict(one: Verdict, *, stands: bool) -> Html:
    words = capital(one.words)
    changed = join(
        ": ", tag("ins", one.text[:LONGEST_SHORT]), " before: ", tag("del", one.said[:LONGEST_SHORT])
    ) if one.judgement is Judgement.CORRECTED else None  # fmt: skip
    return tag("li", tag("strong" if stands else "span", words), changed, " (stands)" if stands else None)
