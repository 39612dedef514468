"""What a review found, from the minutes of its meeting: a verdict, and places in files with the reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.documents.diff import OLD, Diff, DiffLine
from agents.meeting.checklist import CHECKLIST, LISTS, PLACE
from agents.meeting.finding import SEARCHED
from agents.meeting.meeting_type import Course, MeetingType, Picks
from agents.meeting.minutes.ballot import votes_counted
from agents.meeting.record import Minutes, Status, TopicMinutes, Vote
from agents.text import one_line

if TYPE_CHECKING:
    from agents.meeting.record import Lines

APPROVED, CHANGES, UNDECIDED, LISTED = "approved", "changes requested", "no decision", "checklist"
"""The verdicts. A checklist, which no model made, has none of the first three."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody points at a place: who, why, and what to change ("" for nothing)."""

    who: str
    why: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """A place in a file to look at.

    Attributes:
        path: the file; of a diff, the file that it changes.
        first, last: the lines; 0 for the file as a whole.
        side: "old" for lines that a diff removes, else "new".
        words: what stands there.
        weight: "high", "medium" or "low"; "" where nothing was weighed.
        reasons: why, the best reason first.
    """

    path: str
    first: int
    last: int
    side: str
    words: str
    weight: str
    reasons: tuple[Why, ...]

    @property
    def where(self) -> str:
        """The place as it is cited, such as ``src/db.py:3-4``."""
        return cited(self.path, self.first, self.last) + (" (removed)" if self.side == OLD else "")


@dataclass(frozen=True, slots=True)
class Contested:
    """A vote that was not plain support: who, what, why, and what would change it."""

    who: str
    vote: str
    reason: str
    would_change: str


@dataclass(frozen=True, slots=True)
class Review:
    """What a review found.

    Attributes:
        verdict: one of the four verdicts.
        outcome: the choice that was voted for, or what there is instead, in a sentence.
        tally: the votes in words; "" without a vote.
        places: the places to look at, the first ones first.
        contested: the votes that were not plain support, objections first.
        unread: the places that nobody was shown, and the settings that would show them.
        enough: for a setting, the value that would show all.
        seats: the titles of those who took part.
        model, meeting, type: of the meeting.
        notes: what a reader must know.
        unanswered: how many answers are missing because the model could not be reached any more.
    """

    verdict: str
    outcome: str
    tally: str
    places: tuple[ReviewPlace, ...]
    contested: tuple[Contested, ...]
    unread: tuple[str, ...]
    enough: Mapping[str, int]
    seats: tuple[str, ...]
    model: str
    meeting: str
    type: str
    notes: tuple[str, ...]
    unanswered: int = 0

    @property
    def holds_up(self) -> bool:
        """Whether something is to be changed first: it was not approved as it is, or a place weighs high. A checklist,
        in which nothing was judged, holds nothing up.
        """
        if self.verdict == LISTED:
            return False
        return self.verdict != APPROVED or any(place.weight == "high" for place in self.places)


def cited(path: str, first: int, last: int) -> str:
    """Lines of a file as they are cited; without lines, the file."""
    return path if not first else f"{path}:{first}" if first == last else f"{path}:{first}-{last}"


def review_of(minutes: Minutes, kind: MeetingType, diffs: Mapping[str, Diff]) -> Review:
    """What the minutes of a review say.

    Args:
        minutes: of a meeting with one topic.
        kind: the type of the meeting, as it was held.
        diffs: the documents that are diffs, by name: places in them become places in the files that they change.
    """
    topic = minutes.topics[0]
    checklist = minutes.artefact == CHECKLIST
    found = _listed(minutes, topic) if checklist else _found(minutes, topic)
    places = _merged(filter(None, (_placed(one, diffs) for one in found)))
    if checklist:  # nothing weighed these: what is there now comes before what is removed
        places.sort(key=lambda place: place.side == OLD)
    return Review(
        LISTED if checklist else _verdict(topic, kind),
        "Nothing was judged: a rule compared the roles' lists with the lines." if checklist else topic.decision.outcome,
        "" if checklist else votes_counted(topic.ballots),
        tuple(places),
        tuple(
            Contested(minutes.title_of(one.speaker), _voted(one.vote), one_line(one.reason), one_line(one.would_change))
            for one in topic.dissent
        ),
        tuple(dict.fromkeys(_unread(topic.unread.lines, diffs))),
        topic.unread.enough,
        tuple(seat.title for seat in minutes.present),
        minutes.model,
        minutes.meeting,
        minutes.type_id,
        (*minutes.notes, *topic.notes),
        minutes.unanswered,
    )


def _verdict(topic: TopicMinutes, kind: MeetingType) -> str:
    """Approved is only what was accepted as it is; what has conditions, or is put off, needs a change."""
    decision = topic.decision
    if decision.status is Status.NONE:
        return UNDECIDED
    choice = kind.choice(decision.choice)
    plain = decision.course is Course.GO and (choice is None or choice.picks is Picks.NONE)
    return APPROVED if decision.status is Status.ACCEPTED and plain else CHANGES


def _voted(vote: Vote) -> str:
    return "objects" if vote is Vote.OBJECT else "has a concern" if vote is Vote.CONCERN else "abstains"


def _found(minutes: Minutes, topic: TopicMinutes) -> Iterator[ReviewPlace]:
    """The findings in documents, then the lines that entries name or quote."""
    for one in topic.findings:
        if one.document:
            reasons = (
                Why(
                    minutes.title_of(reason.role),
                    f"possible: {one_line(reason.why)}" if reason.how == SEARCHED else one_line(reason.why),
                    one_line(reason.change),
                )
                for reason in one.reasons
            )
            yield ReviewPlace(one.document, one.first, one.last, "", one.quote, one.severity, tuple(reasons))
    for item in topic.items:
        weight = next((word for word in item.fields.values() if word in {"high", "medium", "low"}), "")
        why = Why(minutes.title_of(item.evidence.speaker), f"{item.label}: {one_line(item.text)}")
        for line in item.evidence.written:
            yield ReviewPlace(line.document, line.first, line.last, "", line.text, weight, (why,))


def _listed(minutes: Minutes, topic: TopicMinutes) -> Iterator[ReviewPlace]:
    """The places of a checklist, in the order of the lines."""
    for item in topic.items:
        if item.label == PLACE:
            line = int(item.fields["line"])
            why = Why(minutes.title_of(item.evidence.speaker), f"{LISTS[item.fields['list']]}: {one_line(item.text)}")
            yield ReviewPlace(item.fields["document"], line, line, "", item.evidence.quote, "", (why,))


def _merged(places: Iterable[ReviewPlace]) -> list[ReviewPlace]:
    """Each place once, with all its reasons, where it was named first."""
    found: dict[tuple[str, int, int, str], ReviewPlace] = {}
    for one in places:
        key = (one.path, one.first, one.last, one.side)
        same = found.get(key)
        reasons = tuple(dict.fromkeys([*(same.reasons if same else ()), *one.reasons]))
        first = same or one
        found[key] = ReviewPlace(*key, first.words, first.weight or one.weight, reasons)
    return list(found.values())


def _placed(place: ReviewPlace, diffs: Mapping[str, Diff]) -> ReviewPlace | None:
    """A place in a diff as a place in the file that it changes, and None for its headers; other places as they are."""
    diff = diffs.get(place.path)
    if diff is None:
        return place
    first = diff.at(place.first)
    if first is None:
        return None
    last = _end(first, diff.at(place.last))
    words = place.words[1:] if first.line and place.words[:1] in {"+", "-"} else place.words
    return ReviewPlace(first.path, first.line, last, first.side, words.strip(), place.weight, place.reasons)


def _end(first: DiffLine, last: DiffLine | None) -> int:
    """The last line of a range, if it is in the same file and on the same side; else its first one."""
    same = last is not None and (last.path, last.side) == (first.path, first.side) and last.line >= first.line
    return last.line if last is not None and same else first.line


def _unread(left: Sequence["Lines"], diffs: Mapping[str, Diff]) -> Iterator[str]:
    for one in left:
        if not one.comment:
            whole = ReviewPlace(one.document, one.first, one.last, "", "", "", ())
            yield (_placed(whole, diffs) or whole).where
