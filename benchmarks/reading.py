"""How documents of 3, 30 and 300 kB are read in an architecture review, at three sizes of the context.

    python benchmarks/reading.py [--kilobytes 3 30 300] [--contexts 4096 8192 16384] [--turns 3] [--file FILE]

The meetings are held against the double of Ollama, whose prefix cache counts the tokens that a server evaluates. The
lines are those of the requests that it received, the plan is the one that ``--plan`` prints.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.documents import Document, passages_of
from agents.meeting.plan import Plan
from agents.meeting.record import Minutes
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.request import MeetingRequest
from agents.settings import Settings
from tests.ollama_double import OllamaDouble

SUBJECTS = (
    "The session store", "The nightly backup", "The failover of the cache", "The audit log", "Every worker",
    "The migration script", "The on-call engineer", "The load balancer", "The customer database", "The queue of mails",
)  # fmt: skip
DOES = (
    "is moved in one step", "keeps passwords of two services", "has no time-out", "is restored by hand", "has no test",
    "writes to both regions", "is watched by nobody at night", "needs a maintenance window", "is deployed on Friday",
)  # fmt: skip
BECAUSE = (
    "because the old host is sold in March", "and nobody has measured how long that takes", "until the sale is over",
    "if the number of sessions stays below 40,000", "which the team accepts for now", "as the vendor recommends",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What one meeting needed, and what was planned for it."""

    kilobytes: int
    context: int
    plan: Plan
    minutes: Minutes
    lines: int
    shown: int
    requests: int
    evaluated: int
    seconds: float


def document(kilobytes: int) -> Document:
    """A design document of about this size with a heading for every eight sentences; the same in every run."""
    chance = random.Random(kilobytes)  # noqa: S311 - the same in every run
    lines, size, number = ["# Design"], 0, 0
    while size < 1000 * kilobytes:
        if number % 8 == 0:
            lines += ["", f"## {number // 8 + 1}. {chance.choice(SUBJECTS)}", ""]
        line = f"{chance.choice(SUBJECTS)} of shard {number} {chance.choice(DOES)}, {chance.choice(BECAUSE)}."
        lines.append(line)
        size += len(line) + 6
        number += 1
    return Document("design.md", "\n".join(lines) + "\n")


def held(attached: Document, kilobytes: int, context: int, turns: int) -> Row:
    """Plan and hold one meeting on a document."""
    with tempfile.TemporaryDirectory() as folder, OllamaDouble() as double:
        settings = Settings.load(
            {}, Path(folder), ollama_base_url=double.url, data_folder=Path(folder) / "data", num_ctx=context,
            reading_turns=turns, control_ballots="never",
        )  # fmt: skip
        request = MeetingRequest("architecture_review", "May we build this?", attach=[attached])
        with AgentOrchestrator(settings) as orchestrator:
            _, plan = orchestrator.plan_meeting(request)
            start = time.monotonic()
            minutes = orchestrator.conduct_meeting(orchestrator.convene(request))
            seconds = time.monotonic() - start
        sent = [one for one in double.requests.chats() if one.messages]
    received = {line for one in sent for message in one.messages for line in message["content"].split("\n")}
    content = {
        (number, line)
        for passage in passages_of([attached])
        for number, line in enumerate(passage.text.split("\n"), passage.first)
        if line.strip()
    }
    shown = sum(f"{number}: {line}" in received for number, line in content)
    evaluated = sum(one.evaluated or 0 for one in sent)
    return Row(kilobytes, context, plan, minutes, len(content), shown, len(sent), evaluated, seconds)


def cells(row: Row) -> list[str]:
    """A row of the table."""
    unread = row.minutes.topics[0].unread
    enough = " or ".join(f"{name}={value}" for name, value in unread.enough.items())
    span = f"{row.plan.total('requests')} ({row.plan.total('least')}-{row.plan.total('most')})"
    return [
        f"{row.kilobytes} kB", str(row.context), str(row.lines), str(row.shown), str(row.lines - row.shown),
        str(row.plan.parts), str(row.requests), span, str(row.evaluated), str(row.plan.total("evaluated")), enough,
    ]  # fmt: skip


HEAD = (
    "document", "NUM_CTX", "lines", "shown", "unread", "parts a role", "requests", "planned", "evaluated", "planned",
    "would include the rest",
)  # fmt: skip


def main() -> None:
    """Hold the meetings and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[3, 30, 300])
    parser.add_argument("--contexts", type=int, nargs="+", default=[4096, 8192, 16384])
    parser.add_argument("--turns", type=int, default=3, help="READING_TURNS")
    parser.add_argument("--file", type=Path, help="a document of your own, instead of generated ones")
    options = parser.parse_args()
    given = options.file
    own = [Document(given.name, given.read_text(encoding="utf-8"))] if given else []
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    for attached in own or [document(size) for size in options.kilobytes]:
        for context in options.contexts:
            row = held(attached, round(len(attached.text) / 1000), context, options.turns)
            print("| " + " | ".join(cells(row)) + " |", flush=True)


if __name__ == "__main__":
    main()
