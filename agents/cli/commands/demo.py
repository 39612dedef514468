"""``orchestrator demo``: a tour of five minutes on the example document, from the list of agents to minutes."""

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import FLAGS, ModelName, answering_model
from agents.cli.terminal import run_meeting, tables
from agents.cli.terminal.listeners import Watch
from agents.cli.terminal.output import tell
from agents.cli.terminal.safe_text import harmless, one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agents.meeting.record import Minutes
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.ask import Answer

DOCUMENT = "session_store_proposal.md"
KIND = "architecture_review"
TOPIC = "Shall we move the web sessions to a shared Redis as proposed?"
QUESTION = "What would log our customers out without anybody noticing?"
AGENT = "site_reliability_engineer"
PANEL = ("database_administrator", "security_engineer", "qa_engineer")
SESSION = "demo"
SHOWN = 3


class Tour:
    """The tour: each step shows one thing and the command for it. Everything is real and stays stored.

    Args:
        orchestrator: used for all steps.
        document: the example document.
    """

    def __init__(self, orchestrator: "AgentOrchestrator", document: "Path") -> None:
        self.orchestrator = orchestrator
        self.document = document
        self.steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("The agents: orchestrator agents list", self.agents),
            (f'One agent: orchestrator ask {AGENT} "{QUESTION}" --attach {DOCUMENT}', self.ask),
            (f'Several: orchestrator consult "{QUESTION}" --agents {",".join(PANEL)}', self.consult),
            (f'A meeting: orchestrator meeting run {KIND} --topic "{TOPIC}" --attach {DOCUMENT}', self.hold),
            ("Its minutes: orchestrator meeting minutes last", self.minutes),
            ("Open actions: orchestrator actions list", self.actions),
            (f"What agents remember: orchestrator memory show {AGENT}", self.memory),
        )

    def agents(self) -> None:
        """The number of agents in each department."""
        counted = Counter(role.department for role in self.orchestrator.roles.values())
        tell(f"{len(self.orchestrator.roles)} agents, {len(self.orchestrator.types)} meeting types:")
        tell(tables.table(["department", "agents"], list(counted.items())))
        tell(f"The document of this tour: {self.document}")

    def ask(self) -> None:
        """One agent and the document."""
        answer = self.orchestrator.chat_with_agent(AGENT, QUESTION, attach=[self.document], session=SESSION)
        tell(answer)

    def consult(self) -> None:
        """Three agents, each on its own."""
        self.orchestrator.multi_agent_consultation(
            QUESTION, PANEL, attach=[self.document], remember=False, on_answer=self._show
        )

    def _show(self, answer: "Answer") -> None:
        lines = [line for line in (answer.text or f"(absent: {answer.error})").split("\n") if line.strip()]
        tell(f"{answer.title}:\n" + "\n".join(lines[:4]) + "\n")

    def hold(self) -> None:
        """The meeting, or the rest of it if an earlier tour was interrupted; its minutes go to stdout."""
        run_meeting.hold(self.orchestrator, self.newest(("called", "running")) or self.create(), None, Watch())

    def create(self) -> str:
        """Create a meeting and return its id."""
        return self.orchestrator.create_meeting(KIND, TOPIC, attach=[self.document])

    def newest(self, wanted: tuple[str, ...]) -> str:
        """The id of the newest meeting of a tour, if it has such a status; otherwise ""."""
        mine = (row for row in self.orchestrator.list_meetings(50) if row.type == KIND and TOPIC in row.title)
        newest = next(mine, None)
        return newest.id if newest and newest.status in wanted else ""

    def minutes(self) -> None:
        """How to read minutes: an entry, the turn it rests on, the words."""
        written = self._written()
        topic = written.topics[0]
        tell(f"Decision: {topic.decision.outcome}. {len(topic.dissent)} against or with a concern.")
        for action in topic.actions[:1]:
            tell(f'The evidence of an action: "{action.task}"')
            tell(f"  turn {action.evidence.turn}, {written.titles.get(action.evidence.speaker, 'an agent')}:")
            tell(
                f'  "{harmless(action.evidence.quote)}" ({"found" if action.evidence.verified else "NOT found"} there)'
            )
        tell(f"Other forms: orchestrator meeting export {written.meeting} --format html -o minutes.html")

    def _written(self) -> "Minutes":
        """The minutes of the tour's meeting, which is held first if it was not held yet."""
        if not self.newest(("closed",)):
            self.hold()
        return self.orchestrator.get_minutes(self.newest(("closed",)))

    def actions(self) -> None:
        """The actions that the meeting added to the register."""
        rows = self.orchestrator.actions.list(open_only=True, meeting=self._written().meeting)
        shown = [[row.id, row.owner or "unassigned", row.due or "-", harmless(row.task)] for row in rows[:SHOWN]]
        tell(tables.table(["action", "owner", "due", "what"], shown))
        tell(
            f"{len(rows)} from this meeting. When one is done: orchestrator actions done {rows[0].id if rows else 'ID'}"
        )

    def memory(self) -> None:
        """What the asked agent remembers of this tour."""
        kept = self.orchestrator.memories.recent(AGENT, SESSION, limit=2)
        for message in kept:
            tell(f"{message.at[:16].replace('T', ' ')} {message.author}: {one_line(message.text)[:90]} ...")
        tell(f"To clear this memory: orchestrator memory clear {AGENT}")


def demo(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only hold the meeting and print its minutes.")] = False,
    fast: Annotated[
        bool, typer.Option("--fast", help="Do not stop between the steps; without a terminal it never stops.")
    ] = False,
    begin: Annotated[
        int, typer.Option("--from", min=1, max=7, metavar="STEP", help="Begin at this step; 4 is the meeting.")
    ] = 1,
    model: ModelName = None,
) -> None:
    """Take a tour: agents, a question, a panel, a meeting on the example document, minutes, actions, memory.

    Example: orchestrator demo --fast
    """
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings
    from agents.settings.folders import example_folder

    settings = Settings.load(**FLAGS).with_flags(model_name=model)
    chosen = answering_model(settings)
    started = time.monotonic()
    with AgentOrchestrator(settings, model=chosen) as orchestrator:
        tour = Tour(orchestrator, example_folder() / DOCUMENT)
        if quiet:
            run_meeting.hold(orchestrator, tour.create(), None, Watch(quiet=True))
            return
        for number, (title, show) in enumerate(tour.steps, 1):
            if number < begin:
                continue
            if number > begin and not fast and not _continues(number):
                return
            tell(f"\n{number}. {title}\n")
            show()
        if begin > 4:
            # Standard output is the minutes, whatever the first step is.
            run_meeting.write(orchestrator.get_minutes(tour.newest(("closed",))), None)
    tell(f"\nDone in {time.monotonic() - started:.1f} s. Next, with your own document:")
    tell(f'  orchestrator meeting run {KIND} --topic "May we build this?" --attach FILE')
    tell("  orchestrator interactive")
    tell("  orchestrator help meetings")


def _continues(number: int) -> bool:
    """Ask on a terminal whether to continue; elsewhere continue."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    typer.echo(f"\nPress Enter for step {number} of 7, q to leave. ", err=True, nl=False)
    if sys.stdin.readline().strip().lower() not in {"q", "quit", "exit"}:
        return True
    tell(f"Continue later: orchestrator demo --from {number}")
    return False
