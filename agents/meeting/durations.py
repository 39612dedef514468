"""How long an incident went unnoticed, and how long it took to end, from the lines of documents that have times.

Only plain lines count: one says that it began, one that it was noticed, one that it was over. What no line says is not
guessed.
"""

from collections.abc import Sequence

from agents.documents import Document
from agents.meeting.event_times import without_time
from agents.meeting.record import Evidence, Item
from agents.meeting.timeline import happened_in
from agents.role.patterns import Texts, phrase
from agents.text import words_of

DURATION = "Duration"
"""The label of the entries."""
TO_DETECT, TO_RECOVER, WHOLE = "time to detect", "time to recover", "from beginning to end"
ASKED = (TO_DETECT, TO_RECOVER, WHOLE)
TIMES = "Detection and recovery times"
"""The heading of the entries."""


def _patterns(text: str) -> tuple[str, ...]:
    """The patterns in a text, which are separated by blank lines."""
    return tuple(" ".join(one.split()) for one in text.split("\n\n"))


_BEGAN = _patterns("""
began / begin / start / started / first / rise / rises / rose / climb / climbs / jump / jumps / spike / spikes
+ error / errors / failure / failures / failing / outage / incident / impact / problem / timeout / timeouts / latency
  / 5xx / 500 / 502 / 503 / degradation / disruption / data loss / crash / crashes
+ unless stop / ended / over / fewer / fall / recover / restore / resolve / test / plan / all clear / review
  / postmortem / meeting / call / channel / bridge / investigation / no / not

went down / goes down / is down / stopped working / stops working / became unavailable / unreachable / stopped answering
  / stops answering / fell over / falls over / began to fail / started to fail
+ unless not / alert / alarm / up again
""")
_DETECTED = _patterns("""
detected / noticed / notices / spotted / discovered
+ unless not / nobody / no one / later / should / earlier

alert / alarm / pager / monitoring / monitor / on call / support / customer / customers / user / users / ticket
+ fire / fires / fired / firing / rang / rings / went off / goes off / triggered / paged / raised / opened / reported
  / report / reports / complain / complained / call / called / calls / received
+ unless no alert / no alarm / not / nobody / muted / mute / silent / silenced / false

was paged / were paged / is paged / page received + unless not / nobody
""")
_RECOVERED = _patterns("""
recovered / restored / resolved / mitigated / back to normal / healthy again / up again / works again
  / working again / all clear / is over / was over
+ unless not / no / cannot / failed / fails / try / tried / tries / attempt / will / expected / part / partly
  / partially / some / only / should / almost / backup / plan / wrong / old

errors stop / errors stopped / errors ended / errors end / error rate fell / error rate back / error rate normal
  / outage ended / outage ends / incident ended / incident ends / incident closed
+ unless not / no / almost / for some
""")
_BEGINNING = frozenset(("start", "started", "starts", "began", "begin", "begins", "beginning", "onset"))
_MARKS = frozenset(("of", "the", "incident", "impact", "outage", "time", "utc"))
"""With ``_BEGINNING``, the words of a line that is only a label: "Start of the incident"."""


def durations_in(documents: tuple[Document, ...]) -> list[Item]:
    """What the documents say of ``ASKED``, in that order, as entries: the length, the line with which it begins, and as
    evidence the line with which it ends.
    """
    events = happened_in(documents)
    began, detected, recovered = _turning_points([without_time(one.text) for one in events])
    items = []
    for what, since, until in (
        (TO_DETECT, began, detected),
        (TO_RECOVER, detected, recovered),
        (WHOLE, began, recovered),
    ):
        if since is not None and until is not None:
            first, last = events[since], events[until]
            proof = Evidence("", "", last.text, verified=True, document=last.document, line=last.line)
            fields = {"what": what, "since": f"{first.document}:{first.line} {first.text}"}
            items.append(Item(DURATION, in_words(last.moment[0] - first.moment[0]), proof, fields))
    return items


def in_words(length: int) -> str:
    """A length in minutes as words, such as "1 hour 18 minutes"."""
    days, rest = divmod(length, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    said = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(said) or "less than a minute"


def _turning_points(texts: Sequence[str]) -> tuple[int | None, int | None, int | None]:
    """The numbers of the events that say plainly: it began, it was noticed, it was over; None where none says so.

    Args:
        texts: the events in the order of their times, without these.
    """
    searched = Texts([phrase(text) for text in texts])
    begin = searched.matching(_BEGAN) | {number for number, text in enumerate(texts) if _is_mark(text)}
    noticed = searched.matching(_DETECTED)
    began = min(begin - noticed, default=None)  # a report of it is not when it began
    detected = min((one for one in noticed if began is None or one >= began), default=None)
    last = max([*begin, *([] if detected is None else [detected])], default=len(texts))
    recovered = min((one for one in searched.matching(_RECOVERED) if one > last), default=None)
    return began, detected, recovered


def _is_mark(text: str) -> bool:
    words = set(words_of(text))
    return bool(words & _BEGINNING) and words <= _BEGINNING | _MARKS
