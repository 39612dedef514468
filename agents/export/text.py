"""Texts that several formats share, and the removal of characters that are not text."""

from collections.abc import Mapping

from agents.export.corrections import checks_now
from agents.meeting.chain import head_hash
from agents.meeting.checklist import CHECKLIST
from agents.meeting.finding import SEARCHED, Reason
from agents.meeting.minutes.ballot import voted
from agents.meeting.phases import phase_name as phase_name  # formats import it from here
from agents.meeting.record import ActionItem, Ballot, Evidence, Minutes, TopicMinutes, Vote, Written
from agents.model import answers_by_rule
from agents.text import capital, harmless, one_line

VERBS: Mapping[Vote, str] = {
    Vote.SUPPORT: "supports",
    Vote.CONCERN: "supports with a concern",
    Vote.OBJECT: "objects",
    Vote.ABSTAIN: "abstains",
}
"""What a voter does with each vote."""


def printable(text: str) -> str:
    """A text without characters that are not text.

    Control characters, text direction overrides and half surrogates are removed: they can hide or reorder what a reader
    sees, move a terminal's cursor, or cannot be encoded in UTF-8. White space becomes a blank; line feeds stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return harmless("".join(" " if c.isspace() and c != "\n" else c for c in text))


def plain_lines(text: str) -> list[str]:
    """The lines of a text, each as ``one_line`` returns it, without empty ones."""
    return [line for each in text.splitlines() if (line := one_line(each))]


def speaker_name(minutes: Minutes, speaker: str) -> str:
    """The title of a speaker, as printed; the scribe does not have a seat."""
    return "The scribe" if speaker == "scribe" else one_line(minutes.title_of(speaker)) if speaker else "nobody"


def owner_line(minutes: Minutes, action: ActionItem) -> str:
    """The owners of an action; of one without owner, the reason where its words name somebody."""
    why = f" ({action.owner_why})" if action.owner_why and not action.owner else ""
    return one_line(minutes.title_of(action.owner)) + why


def verified_line(minutes: Minutes) -> str:
    """The line of the footer that says what was checked, in numbers; "" for minutes without entries."""
    checks, changed, rejected = checks_now(minutes)
    if not checks.entries + changed + rejected:
        return ""
    judged = "".join(_judged(count, deed) for count, deed in ((changed, "corrected"), (rejected, "rejected")))
    if minutes.artefact == CHECKLIST:
        source = "a line of a document and the list of a role" if minutes.documents else "the list of a role"
        return f"{checks.entries} entries, each from {source}; none was judged{judged}."
    words = f"{checks.words} of {checks.entries} entries match the transcript word for word"
    parts = [f"{words}: they were said, which does not make them true"]
    if checks.lines:
        parts.append("1 is a line of a document" if checks.lines == 1 else f"{checks.lines} are lines of the documents")
    as_said = {0: "no entry is", 1: "1 is"}.get(checks.as_said, f"{checks.as_said} are")
    parts.append(f"{as_said} shown as said")
    said = "; ".join(parts) + judged + "."
    if not minutes.documents:
        return said
    if not checks.compared:
        return f"{said} {_nothing_compared(minutes, checks.lines)}"
    quotations = "quotation" if checks.compared == 1 else "quotations"
    rest = checks.compared - checks.found
    false = f"; {rest} not, or only half of a sentence" if rest else ""
    return f"{said} {checks.compared} {quotations} compared with the documents: {checks.found} found there{false}."


def _judged(count: int, deed: str) -> str:
    """How many entries people corrected or rejected; these are not counted as checked."""
    return {0: "", 1: f"; 1 was {deed} by a person"}.get(count, f"; {count} were {deed} by people")


def _nothing_compared(minutes: Minutes, lines: int) -> str:
    """That no entry has a quotation of a document, and what else in the minutes has words of documents."""
    none = f"None of {'the others' if lines else 'them'} quotes a document"
    places = sum(bool(one.document) for topic in minutes.topics for one in topic.findings)
    if not places:
        return f"{none}."
    shown = "1 place to look at is" if places == 1 else f"{places} places to look at are"
    return f"{none}; {shown} shown in the words of the documents."


def why_as_said(evidence: Evidence) -> str:
    """The mark of an entry that is not verified, with the reason; "" for a verified one."""
    if evidence.verified:
        return ""
    return f"as said; {one_line(evidence.problem)}" if evidence.problem else "as said"


def cited_lines(minutes: Minutes) -> list[Written]:
    """The lines of documents that the minutes cite, each once."""
    found: dict[tuple[str, int, int], Written] = {}
    for topic in minutes.topics:
        for one in topic.findings:
            if one.document:
                lines = Written(one.document, one.first, one.last, one.quote, one.where)
                found.setdefault((one.document, one.first, one.last), lines)
        for evidence in every_evidence(topic):
            for lines in lines_of(evidence):
                found.setdefault((lines.document, lines.first, lines.last), lines)
    return list(found.values())


def lines_of(evidence: Evidence) -> tuple[Written, ...]:
    """The lines of documents that an entry quotes, names, or consists of."""
    if not evidence.document:
        return evidence.written
    where = f"{evidence.document}:{evidence.line}"
    return (Written(evidence.document, evidence.line, evidence.line, evidence.quote, where), *evidence.written)


def every_evidence(topic: TopicMinutes) -> list[Evidence]:
    """What the entries of a topic rest on."""
    found: list[Evidence | None] = [topic.decision.evidence]
    found += [one.evidence for one in topic.dissent]
    found += [one.evidence for one in topic.moves]
    found += [one.evidence for one in topic.actions]
    found += [one.evidence for one in topic.items]
    return [one for one in found if one]


def journal_line(minutes: Minutes) -> str:
    """The line of the footer by which an export of the whole journal can be compared (``chain``)."""
    count = "1 event" if len(minutes.journal) == 1 else f"{len(minutes.journal)} events"
    return f"Journal: {count}, sha256 {head_hash(minutes.journal)}"


def afterwards(topic: TopicMinutes) -> list[str]:
    """What is known of a decision since its meeting: what other runs decided, and how it turned out."""
    repeated = [topic.repeats.sentence] if topic.repeats else []
    return repeated + [f"How it turned out: {one.sentence}" for one in topic.outcomes]


def models_said(minutes: Minutes) -> str:
    """The model that answered, such as "model ollama:llama3.2"; of a council, all of them."""
    labels = dict.fromkeys(label for one in minutes.spoke_with.values() for label in one.split("; "))
    return f"models {one_line(', '.join(labels))}" if len(labels) > 1 else f"model {one_line(minutes.model)}"


def cost_line(minutes: Minutes) -> str:
    """The line of the footer that counts answers and tokens."""
    numbers = minutes.numbers
    count = f"{numbers.get('calls', 0):.0f}"
    answers = f"{count} {'answer' if count == '1' else 'answers'}"
    if answers_by_rule(minutes.model):
        return f"{answers} by rule; no language model was asked."
    evaluated = (
        f" ({numbers['evaluated_tokens']:.0f} of them not from a cache)" if "evaluated_tokens" in numbers else ""
    )
    tokens = (
        f"{numbers.get('prompt_tokens', 0):.0f} tokens read{evaluated}, {numbers.get('reply_tokens', 0):.0f} written"
    )
    models = models_said(minutes)
    return f"{answers}, {tokens}. {capital(models.replace(' ', ': ', 1))}."


def reasons_said(reason: str, would_change: str, none: str = "") -> str:
    """The reasons of a vote behind a colon, and what would change it; ``none`` stands for a reason that is missing."""
    said = f': "{one_line(reason)}"' if reason else f": {none}" if none else ""
    return said + (f' Would change their vote if: "{one_line(would_change)}"' if would_change else "")


def deed(ballot: Ballot) -> str:
    """What a voter did, and whether it counts, such as "supports", "objects (not counted)" or "unsteady (support, then
    object)".
    """
    if not ballot.steady:
        return voted(ballot)
    return VERBS[ballot.vote] if ballot.counted else f"{VERBS[ballot.vote]} (not counted)"


PLACES = "Places to look at"
"""The heading of the findings in documents."""
ABOUT_PLACES = (
    "The places below were found by searching the documents for what the lists of the roles know. A language model "
    "ranked them and wrote what to change. Nobody checked that they are mistakes."
)
OPINIONS = "Said about words that stand in no document"
"""The heading of what speakers said about words that no document has."""


def reason_line(minutes: Minutes, reason: Reason) -> str:
    """Why a role points at a place, and what it would change."""
    why = f"possible: {reason.why}" if reason.how == SEARCHED else reason.why
    change = f" Change: {reason.change}" if reason.change else ""
    turn = f" ({reason.turn})" if reason.turn else ""
    return f"{minutes.title_of(reason.role)}, {why}{change}{turn}"
