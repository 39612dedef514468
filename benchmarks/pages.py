"""The pages of the service with 1,000 meetings and 20,000 turns stored: the time and the size of each kind of page.

    python benchmarks/pages.py [--folder FOLDER] [--meetings N] [--turns N] [--times N]

The service runs as a process of its own. The time is that from sending a request on an open connection until the last
byte is there. For each kind of page it prints:

- the first visit: of pages that were never asked for before, of as many meetings, the median and the worst;
- again: of the same page, the median and the worst;
- the processor time of the service for a first visit, which other work of the machine hardly changes;
- the size of the largest one.

Exits with 1 if a median or a size is above its limit. A page that is not there is told, and not measured. Measure on an
idle machine: with other work, the times are those of waiting for a processor.
"""

import argparse
import http.client
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.api.pages import paths
from agents.meeting.entry_names import entry_names
from agents.meeting.minutes import build
from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings
from benchmarks.started import service
from benchmarks.stored_meetings import DOCUMENT_EVERY, LARGE, Size, filled

MOST_MS, MOST_BYTES = 100.0, 200_000
OK = 200


@dataclass(frozen=True)
class Kind:
    """A kind of page, and the addresses of some pages of it."""

    name: str
    addresses: tuple[str, ...]


@dataclass
class Row:
    """What was measured of a kind of page, in milliseconds and bytes."""

    name: str
    status: int = OK
    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    processor: float = 0.0
    size: int = 0
    largest: str = ""

    @property
    def verdict(self) -> str:
        """Whether its limits are kept."""
        if self.status != OK:
            return f"not measured: status {self.status}"
        slow = max(statistics.median(self.first), statistics.median(self.again)) > MOST_MS
        large = self.size > MOST_BYTES
        return ", ".join(filter(None, ("SLOW" if slow else "", f"LARGE {self.largest}" if large else ""))) or "within"

    def cells(self) -> list[str]:
        """The row of the table."""
        if self.status != OK:
            return [self.name, *[""] * (len(HEAD) - 2), self.verdict]
        times = [f"{value:.1f}" for each in (self.first, self.again) for value in (statistics.median(each), max(each))]
        return [self.name, *times, f"{self.processor:.1f}", f"{self.size / 1000:.1f}", self.verdict]


HEAD = ("page", "first, median ms", "worst", "again, median ms", "worst", "processor ms", "kB", "verdict")


def kinds(folder: Path, count: int) -> list[Kind]:
    """The kinds of pages, each with addresses in a store.

    Args:
        folder: of the store.
        count: how many addresses there are of a kind at most.
    """
    with AgentOrchestrator(Settings.load({}, folder, data_folder=folder, model_name="rehearsal")) as orchestrator:
        every = [row.id for row in reversed(orchestrator.meetings.list())]
        large, usual = every[:LARGE], [*reversed(every[LARGE:])][:count]
        read = [one for number, one in enumerate(every) if number % DOCUMENT_EVERY == 0][-count:]
        texts = [row.title.split()[number % 3] for number, row in enumerate(orchestrator.meetings.list(count))]
        entries = []
        for one in usual[: count // 2 + 1]:
            named = list(entry_names(build(orchestrator.meetings.journal(one).events())))
            entries += [paths.entry(one, name) for name in (named[0], named[-1])]
        actions = [row.id for row in orchestrator.actions.list()[:count]]
        series = {row.series for row in orchestrator.actions.list() if row.series}
    pairs = itertools.pairwise(usual)
    return [
        Kind("meetings", (paths.HOME,)),
        Kind("meetings, later parts", tuple(paths.listed(paths.HOME, page=n) for n in range(2, 2 + count))),
        Kind("a new meeting", (paths.NEW,)),
        Kind("minutes", tuple(paths.meeting(one) for one in usual)),
        Kind("minutes of 80 turns", tuple(paths.meeting(one) for one in large)),
        Kind("minutes so far", tuple(paths.meeting(one, "minutes") for one in [*reversed(every)][:count])),
        Kind("all entries", tuple(paths.meeting(one, "entries") for one in usual)),
        Kind("an entry", tuple(dict.fromkeys(entries))),
        Kind("a document", tuple(paths.document(one, 1, 20) for one in read)),
        Kind("passing minutes on", tuple(paths.meeting(one, "share") for one in usual)),
        Kind("actions", (paths.ACTIONS,)),
        Kind("actions, later parts", tuple(paths.listed(paths.ACTIONS, page=n) for n in range(2, 2 + count))),
        Kind("actions of a series", tuple(paths.listed(paths.ACTIONS, series=one) for one in sorted(series)[:count])),
        Kind("an action", tuple(f"{paths.ACTIONS}/{one}" for one in actions)),
        Kind("a search without words", (paths.SEARCH,)),
        Kind("a search, one word", tuple(paths.search(one.strip("?").lower()) for one in texts)),
        Kind("a search, five words", tuple(paths.search(" ".join(texts[n : n + 5])) for n in range(len(texts) - 4))),
        Kind("a comparison", tuple(paths.compare(*pair) for pair in pairs)),
        *(Kind(name, (paths.ASSETS + name,)) for name in ("style.css", "page.js")),
    ]


def measured(port: int, process: psutil.Process, kind: Kind, times: int) -> Row:
    """Ask for the pages of a kind: each once, and then one of them again and again.

    Args:
        port: of the service.
        process: of the service.
        kind: the kind of page.
        times: how often a page is asked for again.
    """
    row = Row(kind.name)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        before = _processor_ms(process)
        for address in kind.addresses:
            status, size, spent = _asked(connection, address)
            if status != OK:
                row.status = status
                return row
            row.first.append(spent)
            if size > row.size:
                row.size, row.largest = size, address
        row.processor = (_processor_ms(process) - before) / len(kind.addresses)
        row.again += [_asked(connection, row.largest)[2] for _ in range(times)]
    return row


def _asked(connection: http.client.HTTPConnection, address: str) -> tuple[int, int, float]:
    """The status and size of an answer, and the milliseconds until its last byte."""
    began = time.perf_counter()
    connection.request("GET", address.partition("#")[0], headers={"Accept": "text/html"})
    answer = connection.getresponse()
    size = len(answer.read())
    return answer.status, size, (time.perf_counter() - began) * 1000


def _processor_ms(process: psutil.Process) -> float:
    return 1000 * sum(process.cpu_times()[:2])


def table(rows: Sequence[Row]) -> str:
    """What was measured, as a table."""
    lines = [list(HEAD), ["---"] * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main() -> int:
    """Measure all kinds of pages; gives 1 if one is above a limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="of the store, which is made if it is not there, and kept")
    parser.add_argument("--meetings", type=int, default=Size.meetings)
    parser.add_argument("--turns", type=int, default=Size.turns)
    parser.add_argument("--times", type=int, default=20, help="visits of each kind of page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = filled(given.folder or Path(temporary), Size(given.meetings, given.turns))
        every = kinds(folder, given.times)
        with service(folder, MODEL_NAME="rehearsal") as (port, pid):
            process = psutil.Process(pid)
            alone = measured(port, process, Kind("the first page after the start", (paths.HOME,)), 0)
            rows = [measured(port, process, kind, given.times) for kind in every if kind.addresses]
    print(f"The first page after the start of the service, which imports what it needs: {alone.first[0]:.0f} ms.\n")
    print(table(rows))
    return int(any(row.verdict not in {"within"} and row.status == OK for row in rows))


if __name__ == "__main__":
    sys.exit(main())
