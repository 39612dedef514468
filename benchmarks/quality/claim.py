"""What an arm claims about a document, and the file in which a run of an arm is kept."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.quality.cases import Lines


@dataclass(frozen=True, slots=True)
class Claim:
    """One problem that an arm names, in its order of importance.

    Attributes:
        document: the document's name.
        first, last: the lines that it is about; 0 if its words are not the document's.
        problem: what is wrong, in the arm's words.
        quote: the document's words that it was made for.
        change: what to do about it, or "".
        rank: its place in the arm's order, counted from 1.
        arm: the arm.
        source: "card:ROLE/LIST" if the problem is an item of a role card, else the arm.
    """

    document: str
    first: int
    last: int
    problem: str
    quote: str
    change: str
    rank: int
    arm: str
    source: str

    @property
    def lines(self) -> Lines | None:
        """Its lines; None without any."""
        return Lines(self.first, self.last) if self.first else None


@dataclass(frozen=True, slots=True)
class Spent:
    """What the answers cost.

    Attributes:
        evaluated: tokens of prompts that the server had not in its cache.
        written: tokens that the model wrote.
        calls: requests that were answered.
        seconds: from the first request to the last answer.
    """

    evaluated: int = 0
    written: int = 0
    calls: int = 0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens evaluated and written."""
        return self.evaluated + self.written

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.evaluated + other.evaluated, self.written + other.written, self.calls + other.calls,
            self.seconds + other.seconds,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """What one arm claimed about one document with one seed.

    Attributes:
        arm: the arm.
        document: the document's name.
        seed: the seed.
        model: the label of the model; "" for an arm without one.
        budget: the tokens that it was allowed; 0 where there is no limit.
        spent: what it cost.
        claims: in order of rank.
    """

    arm: str
    document: str
    seed: int
    model: str
    budget: int
    spent: Spent
    claims: tuple[Claim, ...]


def file_of(folder: Path, arm: str, document: str, seed: int) -> Path:
    """The file of a run."""
    return folder / arm / f"{Path(document).stem}.{seed}.json"


def keep(folder: Path, run: Run) -> None:
    """Write a run to its file."""
    file = file_of(folder, run.arm, run.document, run.seed)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(run), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_run(file: Path) -> Run:
    """Read the file of a run."""
    table = json.loads(file.read_text(encoding="utf-8"))
    claims = tuple(Claim(**one) for one in table.pop("claims"))
    return Run(**(table | {"spent": Spent(**table.pop("spent")), "claims": claims}))


def read_runs(folder: Path, arms: Iterable[str]) -> list[Run]:
    """The runs of a folder, by arm in the order given, then by document and seed."""
    runs = [read_run(file) for arm in arms for file in (folder / arm).glob("*.json")]
    order = {arm: number for number, arm in enumerate(arms)}
    return sorted(runs, key=lambda one: (order[one.arm], one.document, one.seed))
