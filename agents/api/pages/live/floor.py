"""The floor of a meeting as its page shows it: what was said, who has the floor, positions and votes. It is computed
from the events alone, once for all who look at it.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from agents.api.pages.amounts import headline
from agents.api.pages.live import spoken
from agents.api.pages.live.seats import SeatNow, Words, who_has_it
from agents.api.pages.live.votes import Votes
from agents.export.html_tags import Html, lines, tag
from agents.export.text import phase_name
from agents.meeting.close_reading.pairs import MARKS, Mark, Pair
from agents.meeting.close_reading.phase import CLOSE_READING
from agents.meeting.codec import value_of
from agents.meeting.journal import Event, Kind
from agents.meeting.journal_values import (
    Closing,
    Drop,
    Note,
    PersonDecision,
    PutToVote,
    StoredPacking,
    StructuredAnswer,
)
from agents.meeting.minutes.sealed import Views
from agents.meeting.phases import phase_named, phases_held
from agents.meeting.progress import Board
from agents.meeting.record import Absence, Ballot, Turn
from agents.meeting.spec import MeetingSpec, spec_from
from agents.text import harmless, one_line

MOST_NEWS = 3
"""The most sentences that are said at once to those who listen to the page."""
SCRIBES = "minutes"
"""The phase in which the scribe works, after those of the meeting type."""
_AT_WORK = {SCRIBES: "The minutes are written.", CLOSE_READING: "The documents are searched for places to look at."}
"""What happens in a phase while nobody has the floor."""


@dataclass(slots=True)
class Piece:
    """Something that was said, and stays.

    Attributes:
        seq: the number of the event with which it came.
        place: the name of its place on the page.
        make: makes its markup.
    """

    seq: int
    place: str
    make: Callable[[], Html]
    _made: Html | None = field(default=None, init=False)

    @property
    def markup(self) -> Html:
        """Its markup, made when it is first shown."""
        if self._made is None:
            self._made = self.make()
        return self._made


class Floor:
    """The floor of one meeting.

    Give it the stored events in order, and live ones as they come; an event that is known changes nothing.

    Args:
        spec: the meeting.
        clock: returns seconds that only grow.

    Attributes:
        spec: the meeting.
        said: what was said, in order; it is only appended to.
        seq: the number of the last stored event.
        seats: the participants, by role id, in speaking order.
        news: the latest sentences for those who listen to the page, each with its number.

    Example:
        floor = Floor(spec, time.monotonic)
        for event in journal.events():
            floor.take(event)
        floor.regions()["now"]
    """

    def __init__(self, spec: MeetingSpec, clock: Callable[[], float]) -> None:
        self.spec = spec
        self.said: list[Piece] = []
        self.seq = 0
        self.seats = {seat.role: SeatNow(seat, spec) for seat in spec.seats}
        self.news: deque[tuple[int, str]] = deque([(0, "")], MOST_NEWS)
        self._clock = clock
        self._topic, self._phase = 0, ""
        self._begun: set[tuple[int, str]] = set()
        self._headed: set[tuple[int, str]] = set()
        self._packed: dict[int, StoredPacking] = {}
        self._put: dict[int, PutToVote] = {}
        self._asked_about: dict[tuple[int, str], Pair] = {}
        self._votes: Votes | None = None
        self._views, self._kept_back = Views(spec), list[Turn]()
        self._remark = self._unheard = ""
        self._regions: dict[str, Html] = {}
        self._dirty = {"now", "vote", *(seat.place for seat in self.seats.values())}

    def after(self, seq: int) -> int:
        """The place in ``said`` behind the pieces that came with this event or an earlier one."""
        return bisect_right(self.said, seq, key=lambda piece: piece.seq)

    def words(self) -> Mapping[str, Words]:
        """The words in each seat's card, by the name of their place."""
        return {seat.words_place: seat.words for seat in self.seats.values()}

    def regions(self) -> Mapping[str, Html]:
        """The parts of the page that change, by the name of their place; only those that changed are made anew."""
        for seat in self.seats.values():
            if seat.measure(self._clock()):
                self._dirty.add(seat.place)
        for place in self._dirty:
            self._regions[place] = self._region(place)
        self._dirty.clear()
        return self._regions

    def take(self, event: Event) -> None:
        """Take in an event."""
        if event.seq:
            if event.seq <= self.seq:
                return
            self.seq = event.seq
            self._take_stored(event)
        else:
            self._take_live(event)

    def await_person(self, asked: bool) -> None:
        """Take over whether a question waits for the person's answer, which no event says.

        Args:
            asked: whether one does.
        """
        seat = self.seats.get(self.spec.person)
        if seat and seat.awaited != asked:
            seat.awaited = asked
            self._changed(seat)

    @property
    def linked(self) -> str:
        """The place of what the page links to wherever one looks: the open votes; "" for nothing."""
        return f"votes-{self._votes.topic}" if self._votes and self._votes.opened else ""

    def who(self) -> str:
        """Who has the floor, in a sentence."""
        return who_has_it(self.seats.values(), self._otherwise())

    def look_at(self, board: Board) -> None:
        """Take over what is not stored, after a time in which no live events came: the phase, and who speaks in it.

        Args:
            board: the progress of the meeting, which heard them.
        """
        self._enter(board.topic, board.phase)
        votes = phase_named(board.phase).votes
        for name, row in board.rows.items():
            seat = self.seats.get(name)
            if seat and row.state in {"asked", "speaks"} and (board.topic, board.phase) == (self._topic, self._phase):
                if votes:
                    seat.ask()  # the words of a vote are for nobody
                elif self._views.sealed(board.topic, board.phase):
                    seat.look_at(replace(row, words=""), self._clock())
                else:
                    seat.look_at(row, self._clock())
                self._changed(seat)

    def _take_live(self, event: Event) -> None:
        self.watch("")
        seat = self.seats.get(event.speaker)
        if event.kind == Kind.TOPIC:
            self._enter(event.topic, "")
        elif event.kind == Kind.PHASE:
            self._enter(event.topic, event.phase)
        elif event.kind == Kind.NOTE:
            self._remark = event.text
            self._dirty.add("now")
        elif event.kind == Kind.ASKED and seat:
            seat.ask()
            self._changed(seat)
        elif event.kind == Kind.TEXT and seat:
            self._hear(seat, event)

    def _hear(self, seat: SeatNow, event: Event) -> None:
        """Take in words of an answer that arrives; those of a vote, and those of a sealed view, are for nobody."""
        if phase_named(event.phase).votes:
            return
        words = "" if self._views.sealed(event.topic, event.phase) else harmless(event.text)
        if seat.hear(words, self._clock()):
            self._changed(seat)
            self._tell(f"{seat.title} speaks.")

    def _take_stored(self, event: Event) -> None:
        if event.kind == Kind.SPEC:
            self._begin(spec_from(event.data))
            return
        value = value_of(event)
        self._views.take(event)
        self._open_views()
        if isinstance(value, StoredPacking):
            self._packed[int(event.key.partition(".")[0])] = value
            self._dirty.add("now")
        elif isinstance(value, Turn | Ballot | Absence):
            self._open_votes_before(value.topic, value.phase)
            self._enter(value.topic, value.phase)
            self._answered(value)
        elif isinstance(value, PutToVote):
            self._put[value.topic] = value
            self._dirty.add("vote")
        elif isinstance(value, StructuredAnswer | PersonDecision | Closing):
            self._open_votes_before()
        if isinstance(value, StructuredAnswer) and value.name == MARKS:
            marks = map(Mark.from_dict, value.answer or ())
            self._asked_about |= {(value.topic, mark.part): mark.pair for mark in marks if mark.part}
        if isinstance(value, Note | PersonDecision) or (isinstance(value, Drop) and not value.entries):
            self._say_beside(value)

    def _begin(self, spec: MeetingSpec) -> None:
        """Take the spec with which the meeting began: models, and what their votes are worth, are known by then."""
        self.spec, self._views = spec, Views(spec)
        self._dirty.add("now")

    def _answered(self, value: Turn | Ballot | Absence) -> None:
        """What a participant said, or that it said nothing."""
        votes = phase_named(value.phase).votes
        self._head(value.topic, "" if votes else value.phase)
        seat = self.seats.get(value.speaker)
        if isinstance(value, Turn) and self._views.sealed(value.topic, value.phase):
            self._keep_back(value)
            return
        if seat:
            seat.answered(value, votes)
            self._changed(seat)
        if isinstance(value, Turn):
            about = self._asked_about.get((value.topic, value.key.rpartition(".")[2]))
            self._say(value.id, partial(spoken.turn_said, self.spec, value, about))
        elif isinstance(value, Absence):
            self._say_beside(value)
        if votes:
            self._voted(value)

    def _keep_back(self, turn: Turn) -> None:
        """Show only that somebody has spoken, until the person of the meeting has answered, too."""
        self._kept_back.append(turn)
        if seat := self.seats.get(turn.speaker):
            seat.spoke_sealed()
            self._changed(seat)

    def _open_views(self) -> None:
        """Show what was kept back, where it is sealed no longer: it comes with the event that opens it."""
        if not self._kept_back or self._views.sealed(self._kept_back[0].topic, self._kept_back[0].phase):
            return
        opened, self._kept_back = self._kept_back, []
        for turn in opened:
            self._answered(turn)
        self._tell("What the others said is shown now.")

    def _voted(self, value: Turn | Ballot | Absence) -> None:
        if self._votes is None or (self._votes.topic, self._votes.phase) != (value.topic, value.phase):
            self._votes = Votes(value.topic, value.phase)
        if isinstance(value, Ballot):
            self._votes.cast[value.speaker] = value
        else:
            self._votes.absent.add(value.speaker)
        self._dirty.add("vote")
        if self._votes.complete(self.spec):
            self._open_votes(self._votes)

    def _open_votes_before(self, topic: int = 0, phase: str = "") -> None:
        """Open the votes when something later happens than that somebody votes."""
        sealed = self._votes
        if sealed and (topic, phase) != (sealed.topic, sealed.phase):
            self._open_votes(sealed)

    def _open_votes(self, votes: Votes) -> None:
        if votes.opened:
            return
        votes.opened = True
        place = f"votes-{votes.topic}"
        self._say(place, partial(votes.shown, self.spec, self._put.get(votes.topic), place))
        for name, ballot in votes.cast.items():
            if name in self.seats:
                self.seats[name].open_vote(ballot)
                self._dirty.add(self.seats[name].place)
        self._dirty.add("vote")
        self._tell(f"The votes are open: {votes.counted(self.spec)}.")

    def _enter(self, topic: int, phase: str) -> None:
        """Go to a phase. A meeting that is resumed goes through the earlier ones again, in which nothing is said."""
        if (topic, phase) in self._begun or topic < self._topic:
            return
        self._begun |= {(topic, ""), (topic, phase)}
        if topic != self._topic:
            self._votes = None
            for seat in self.seats.values():
                seat.begin_topic()
        self._topic, self._phase, self._remark = topic, phase, ""
        for seat in self.seats.values():
            seat.begin_phase()
        self._dirty |= {"now", "vote", *(seat.place for seat in self.seats.values())}
        if phase:
            self._tell(f"Now: {phase_name(phase)}.")

    def _head(self, topic: int, phase: str) -> None:
        """The headings above what is said first in a topic, and in a phase with turns."""
        several = len(self.spec.topics) > 1
        if (topic, "") not in self._headed and several:
            self._say(f"topic-{topic}", partial(spoken.topic_begins, self.spec, topic))
        if phase and (topic, phase) not in self._headed:
            place = f"phase-{topic}-{len(self._headed)}"
            self._say(place, partial(spoken.phase_begins, place, phase, below=several))
        self._headed |= {(topic, ""), (topic, phase)}

    def _say_beside(self, value: Drop | Note | Absence | PersonDecision) -> None:
        place = f"e{self.seq}"
        self._say(place, partial(spoken.beside, self.spec, place, value))

    def _say(self, place: str, make: Callable[[], Html]) -> None:
        self.said.append(Piece(self.seq, place, make))

    def _tell(self, sentence: str) -> None:
        self.news.append((self.news[-1][0] + 1, sentence))

    def _changed(self, seat: SeatNow) -> None:
        self._dirty |= {"now", seat.place}

    def _region(self, place: str) -> Html:
        if place == "now":
            return lines(
                tag("p", self.who(), class_="who"),
                self._where(),
                self._sealed(),
                self._remarked(),
            )
        if place == "vote":
            return self._vote()
        return next(seat for seat in self.seats.values() if seat.place == place).markup()

    def _otherwise(self) -> str:
        """What happens where nobody has the floor."""
        if not self._topic:
            return "The meeting has not begun yet."
        if self._unheard:
            return self._unheard
        if phase_named(self._phase).votes:
            return "All vote."
        return _AT_WORK.get(self._phase, "Nobody has the floor.")

    def watch(self, otherwise: str) -> None:
        """Say something else than that nobody has the floor, as long as nothing but finished turns is known.

        Args:
            otherwise: what is known; "" where everything is heard.
        """
        if self._unheard != otherwise:
            self._unheard = otherwise
            self._dirty.add("now")

    def _sealed(self) -> Html | None:
        if not self._topic or not self._views.sealed(self._topic, self._phase):
            return None
        return tag("p", "What the others say now is shown when you have answered, all of it together.", class_="soft")

    def _remarked(self) -> Html | None:
        return tag("p", one_line(self._remark), class_="soft") if self._remark else None

    def _where(self) -> Html | None:
        """The topic, and its phases with the one that runs now; None before the first topic."""
        if not self._topic:
            return None
        topics = self.spec.topics
        text = next((headline(topic.text) for topic in topics if topic.number == self._topic), "")
        about = tag("p", f"Topic {self._topic} of {len(topics)}: ", tag("strong", text)) if len(topics) > 1 else None
        steps = [*phases_held(self.spec, self._packed.get(self._topic)), SCRIBES]
        between = None
        if self._phase and self._phase not in steps:
            between = tag("p", "Now: ", tag("strong", phase_name(self._phase)))
        at = max((n for n, name in enumerate(steps) if (self._topic, name) in self._begun), default=-1)
        shown = [
            tag(
                "li",
                phase_name(name),
                class_="past" if n < at else None,
                aria_current="step" if n == at else None,
            )
            for n, name in enumerate(steps)
        ]
        return lines(about, between, tag("ol", lines(*shown), class_="steps", aria_label="Phases"))

    def _vote(self) -> Html:
        put, votes = self._put.get(self._topic), self._votes
        if votes and votes.opened:
            link = tag("a", "The votes are open", href=f"#votes-{votes.topic}")
            return lines(tag("h2", "The vote"), tag("p", link, f": {votes.counted(self.spec)}."))
        if votes:
            return votes.sealed(self.spec, put)
        if put and phase_named(self._phase).votes:
            return Votes(self._topic, self._phase).sealed(self.spec, put)
        return lines()
