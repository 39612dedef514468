"""The speed, size and safety of the store, compared with the limits of the design.

python benchmarks/store.py                       # 100,000 messages; 8 writers killed for 20 seconds
python benchmarks/store.py --messages 10000 --seconds 5
"""

import argparse
import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.memory import Memory, Remembered
from agents.store import Store

AGENTS = 29
WRITER = """
import sys
from pathlib import Path
from agents.store import Store

with Store(Path(sys.argv[1])) as store, open(sys.argv[2], "a", buffering=1) as acknowledged:
    while True:
        acknowledged.write(f"{store.memories.add(sys.argv[3], 'default', 'user', 'a message of some words ' * 20)}\\n")
"""


class Words:
    """Texts whose words have the same frequencies as in a natural language."""

    def __init__(self, seed: int = 1, size: int = 30_000) -> None:
        self.random = random.Random(seed)  # noqa: S311 - not a secret
        syllables = [a + b for a in "bcdfghjklmnprstvz" for b in "aeiou"]
        self.words = list(
            dict.fromkeys("".join(self.random.choices(syllables, k=self.random.randint(1, 4))) for _ in range(size))
        )
        self.weights = list(itertools.accumulate(1 / (place + 2.7) for place in range(len(self.words))))

    def text(self, count: int) -> str:
        """A text of this number of words."""
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=count))


def main() -> int:
    """Measure everything and print it; gives 1 if a limit was exceeded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000, help="the number of messages in the searched history")
    parser.add_argument("--seconds", type=float, default=20, help="for how long writers are killed, in seconds")
    parser.add_argument("--folder", type=Path, default=None, help="the folder to work in, on the disk to measure")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="store-", dir=given.folder))
    try:
        figures = [
            *history(folder / "history", given.messages),
            *recall(folder / "recall"),
            *meeting(folder / "meeting"),
        ]
        figures += killed(folder / "killed", given.seconds)
    finally:
        shutil.rmtree(folder)
    print(f"{'figure':58} {'measured':>12}   limit")
    for name, value, unit, bar in figures:
        verdict = "" if bar is None else f"<= {bar:g} {unit}" + ("" if value <= bar else "   EXCEEDED")
        print(f"{name:58} {value:>9.2f} {unit:3}  {verdict}")
    return int(any(bar is not None and value > bar for _, value, _, bar in figures))


Figure = tuple[str, float, str, float | None]


def history(folder: Path, count: int) -> Iterator[Figure]:
    """Appending to, reading from and searching a long history."""
    words = Words()
    with Store(folder) as store:
        texts = [words.text(100) for _ in range(1000)]
        spent = [timed(partial(store.memories.add, "cto", "default", "user", text)) for text in texts[:500]]
        yield "append a message, durable: median", statistics.median(spent), "ms", 2
        yield "append a message, durable: 99th of 100", statistics.quantiles(spent, n=100)[98], "ms", None
        yield "read the last 500 messages: median", best(lambda: store.memories.recent("cto", limit=500)), "ms", 3
        began = time.perf_counter()
        store.memories.load(messages(words, count - 500))
        yield f"import of {count} messages", time.perf_counter() - began, "s", None
        yield from searches(store, words, count)
        text = sum(agent.text_bytes for agent in store.memories.stats())
    yield "size on disk over size of the text", (folder / "orchestrator.db").stat().st_size / text, "x", 2.5
    with Store(folder) as store:
        yield "statistics of all agents", best(store.memories.stats), "ms", None
        began = time.perf_counter()
        store.check()
        yield "full check", time.perf_counter() - began, "s", None
        began = time.perf_counter()
        store.memories.clear("cto")
        yield "clear one agent, leaving no trace of its words", time.perf_counter() - began, "s", None
    yield "open and close", best(lambda: Store(folder).close()), "ms", None


def messages(words: Words, count: int) -> Iterator[Remembered]:
    """A history of many agents."""
    for number in range(count):
        at = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T10:00:00.{number % 1000:03}Z"
        yield Remembered(0, f"agent_{number % AGENTS}", "default", "user", words.text(100), at, 130)


def searches(store: Store, words: Words, count: int) -> Iterator[Figure]:
    """Searching for rare words, common words, and a text as long as a question with a document."""
    vocabulary = words.words
    asked = {
        "one rare word": vocabulary[-3],
        "one word of every second message": vocabulary[20],
        "the most common word": vocabulary[0],
        "six words, rare to common": " ".join(vocabulary[place] for place in (5, 20, 100, 1000, 5000, 10000)),
        "the ten most common words": " ".join(vocabulary[:10]),
        "a question of 40 words": words.text(40),
        "a text of 2,000 words": words.text(2000),
    }
    for name, terms in asked.items():
        yield f"search {count} messages: {name}", best(partial(store.memories.search, terms)), "ms", 20
        yield "    one agent's", best(partial(store.memories.search, terms, "agent_3")), "ms", 20
    snippet = asked["six words, rare to common"]
    yield f"search {count} messages, with snippets", best(lambda: store.memories.snippets(snippet)), "ms", None


def recall(folder: Path, count: int = 10_000, budget: int = 2000) -> Iterator[Figure]:
    """Choosing the parts of one agent's long history for a prompt, and finding a fact from long ago."""
    words = Words()
    history = [message._replace(agent="cto") for message in messages(words, count)]
    # Each of these words is in some of the messages, so only together they identify one message.
    telling = [words.words[place] for place in (400, 900, 1800)]
    fact = f"Our {telling[0]} is kept in the {telling[1]} of the {telling[2]}."
    history[count // 10] = history[count // 10]._replace(text=fact)
    with Store(folder) as store:
        store.memories.load(history)
        memory = Memory("cto", store.memories)
        questions = [words.text(30), f"Where is our {telling[0]}, in which {telling[1]} of the {telling[2]}?"]
        for name, question in zip(("any question", "a fact of long ago"), questions, strict=True):
            spent = best(partial(memory.choose, question, "default", budget, tokens))
            yield f"choose a prompt from {count} messages: {name}", spent, "ms", 10
        chosen = [memory.choose(question, "default", budget, tokens) for question in questions]
    sizes = [sum(map(tokens, [*one.notes, *(said.text for said in one.talk)])) for one in chosen]
    yield "    tokens beyond the budget", max(0, *(size - budget for size in sizes)), "", 0
    missed = not any(fact in note for note in chosen[1].notes)
    yield f"    facts said {count - count // 10} messages ago that were missed", missed, "", 0


def tokens(text: str) -> int:
    """The approximate number of tokens in a text."""
    return len(text) // 3


def meeting(folder: Path) -> Iterator[Figure]:
    """The events of a long meeting."""
    words = Words()
    with Store(folder) as store:
        store.meetings.create("m", "type", "A meeting", {"documents": [words.text(5000)]})
        journal = store.meetings.journal("m")
        texts = [words.text(200) for _ in range(500)]
        spent = [
            timed(partial(journal.append, "turn", f"turn.{turn}", {"speaker": "cto", "text": text}))
            for turn, text in enumerate(texts)
        ]
        yield "append a turn, durable: median", statistics.median(spent), "ms", 2
        yield "append a turn, durable: 99th of 100", statistics.quantiles(spent, n=100)[98], "ms", None
        yield "read a meeting of 500 turns", best(journal.events), "ms", 6
        text = sum(len(text) for text in texts)
    yield "size on disk over size of the turns", (folder / "orchestrator.db").stat().st_size / text, "x", 2.5


def killed(folder: Path, seconds: float) -> Iterator[Figure]:
    """Eight processes that write while they are killed one after another."""
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    logs = [folder / f"acknowledged.{number}" for number in range(8)]
    reports = folder / "reports"

    def start(number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WRITER, str(folder / "data"), str(logs[number]), f"agent_{number}"]
        with reports.open("ab") as errors:
            return subprocess.Popen(command, env=environment, stderr=errors)

    writers = [start(number) for number in range(len(logs))]
    chance = random.Random(7)  # noqa: S311 - not a secret
    kills = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.5, 1))
        victim = chance.randrange(len(writers))
        writers[victim].kill()
        writers[victim].wait()
        writers[victim] = start(victim)
        kills += 1
    for writer in writers:
        writer.kill()
        writer.wait()
    acknowledged = {int(line) for log in logs if log.exists() for line in log.read_text().split("\n")[:-1]}
    with Store(folder / "data") as store:
        store.check()
        kept = {message.number for message in store.memories.export()}
    yield f"{len(logs)} writers, {kills} kills, {len(acknowledged)} acknowledged: lost", len(acknowledged - kept), "", 0
    yield "    errors reported by the writers", len(reports.read_text().splitlines()), "", 0


def timed(work: Callable[[], object]) -> float:
    """The time of one call, in milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def best(work: Callable[[], object]) -> float:
    """The median time of seven calls, in milliseconds."""
    return statistics.median(timed(work) for _ in range(7))


if __name__ == "__main__":
    sys.exit(main())
