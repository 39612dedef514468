"""``orchestrator demo``: a tour of five minutes on the example document, from the list of agents to minutes."""

import asyncio
import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import FLAGS, ModelName, answering_model
from agents.cli.terminal import run_meeting, tables
from agents.cli.terminal.listeners import Watch, watching
from agents.cli.terminal.manner import can_repaint
from agents.cli.terminal.output import tell
from agents.cli.terminal.safe_text import harmless, one_line
from agents.role import standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agents.meeting.journal import Event, Listener
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.ask import Answer

DOCUMENT = "session_store_proposal.md"
RECORDING = "recorded_meeting.jsonl"
KIND = "architecture_review"
TOPIC = "Shall we move the web sessions to a shared Redis as proposed?"
QUESTION = "What would log our customers out without anybody noticing?"
AGENT = "site_reliability_engineer"
PANEL = ("database_administrator", "security_engineer", "qa_engineer")
SESSION = "demo"
PLACES = 8
"""The places of the checklist that the tour shows."""
STEPS = 7
MEETING = 5
"""The step that plays the recorded meeting."""


class Tour:
    """The tour: each step shows one thing and the command for it. Everything stays stored.

    Args:
        orchestrator: used for all steps.
        examples: the folder with the example document and the recorded meeting.
        paced: whether the recorded meeting is played at a pace at which it can be followed.
    """

    def __init__(self, orchestrator: "AgentOrchestrator", examples: "Path", *, paced: bool) -> None:
        self.orchestrator = orchestrator
        self.document = examples / DOCUMENT
        self.recording = examples / RECORDING
        self.paced = paced
        self.played = False
        checklist = f'orchestrator --model rehearsal meeting run {KIND} --topic "{TOPIC}" --attach {DOCUMENT}'
        self.steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("The agents: orchestrator agents list", self.agents),
            (f'One agent: orchestrator ask {AGENT} "{QUESTION}" --attach {DOCUMENT}', self.ask),
            (f'Several: orchestrator consult "{QUESTION}" --agents {",".join(PANEL)}', self.consult),
            (f"A checklist, made without a model: {checklist}", self.checklist),
            (f'A recorded meeting of a model: orchestrator meeting run {KIND} --topic "..." --attach FILE', self.play),
            ("How to check its minutes: orchestrator meeting minutes ID", self.minutes),
            (f"What agents remember: orchestrator memory show {AGENT}", self.memory),
        )  # fmt: skip

    def agents(self) -> None:
        """The number of agents in each department."""
        counted = Counter(role.department for role in standing(self.orchestrator.roles).values())
        tell(f"{counted.total()} agents, {len(self.orchestrator.types)} meeting types:")
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

    def checklist(self) -> None:
        """The checklist of the document, which needs no model, also where there is one."""
        from agents.meeting import checklist
        from agents.orchestrator import AgentOrchestrator

        with AgentOrchestrator(self.orchestrator.settings, model="rehearsal") as without_model:
            meeting = without_model.create_meeting(KIND, TOPIC, attach=[self.document])
            written = without_model.conduct_meeting(meeting)
        spots = checklist.spots(written.topics[0].items)
        # Where most look comes first here; the whole checklist follows the lines of the document.
        chosen = sorted(spots, key=lambda spot: -len(spot.reasons))[:PLACES]
        tell(
            f"{written.model}: {len(spots)} lines to look at; nothing was judged. The {len(chosen)} where most look:\n"
        )
        for spot in chosen:
            tell(f"{spot.where}: {harmless(spot.words)}")
            for role, kind, item in spot.reasons:
                tell(f"    {written.title_of(role)}, {checklist.LISTS[kind]}: {item}")
        tell(f"\nAll of it, and the questions to answer: orchestrator meeting minutes {written.meeting}")

    def play(self) -> None:
        """The recorded meeting, in the view in which a meeting is watched; its minutes go to stdout."""
        meeting, events = self.recorded()
        self.played = True
        tell(f"{self._label(events)}. Nothing is asked of a model now; a meeting of your own looks like this.")
        if self.paced:
            tell("Ctrl-C goes on to its minutes.")
        try:
            with watching(self.orchestrator, meeting, Watch()) as listen:
                if listen:
                    asyncio.run(_play(events, listen, paced=self.paced))
        except KeyboardInterrupt:
            if not self.paced:
                raise
        run_meeting.conclude(self.orchestrator.get_minutes(meeting), None)

    def recorded(self) -> "tuple[str, list[Event]]":
        """The id of the recorded meeting, which is stored at first use, and its events."""
        from agents.orchestrator.recording import keep_recording, read_recording

        events = read_recording(self.recording)
        return keep_recording(self.orchestrator.meetings, events), events

    def _label(self, events: "list[Event]") -> str:
        from agents.orchestrator.recording import recorded_with

        return recorded_with(events[0])

    def minutes(self) -> None:
        """How to read minutes: an entry, the turn it rests on, the words."""
        meeting, _events = self.recorded()
        written = self.orchestrator.get_minutes(meeting)
        topic = written.topics[0]
        tell(f"Decision: {topic.decision.outcome}. {one_line(topic.decision.why)}")
        entries = [("an action", one.task, one.evidence) for one in topic.actions]
        entries += [(f"an entry under {item.label}", item.text, item.evidence) for item in topic.items]
        for what, text, evidence in entries[:1]:
            tell(f'The evidence of {what}: "{harmless(text)}"')
            tell(f"  turn {evidence.turn}, {written.titles.get(evidence.speaker, 'an agent')}:")
            tell(f'  "{harmless(evidence.quote)}" ({"found" if evidence.verified else "NOT found"} there)')
        tell(f"Other forms: orchestrator meeting export {meeting} --format html -o minutes.html")
        tell("It was recorded, so its actions are not in your register: orchestrator actions list")

    def memory(self) -> None:
        """What the asked agent remembers of this tour."""
        kept = self.orchestrator.memories.recent(AGENT, SESSION, limit=2)
        for message in kept:
            tell(f"{message.at[:16].replace('T', ' ')} {message.author}: {one_line(message.text)[:90]} ...")
        tell(f"To clear this memory: orchestrator memory clear {AGENT}")


async def _play(events: "list[Event]", listen: "Listener", *, paced: bool) -> None:
    """Tell a listener what happened in a recorded meeting, at a pace at which one can follow, or at once."""
    from agents.meeting.journal import Kind
    from agents.orchestrator.recording import played

    for seconds, event in played(events):
        if paced:
            await asyncio.sleep(seconds)
        if paced or event.kind != Kind.TEXT:
            listen(event)


def demo(
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only print the minutes of the recorded meeting.")
    ] = False,
    fast: Annotated[
        bool,
        typer.Option("--fast", help="Do not stop between the steps nor in the meeting; so it is without a terminal."),
    ] = False,
    begin: Annotated[
        int,
        typer.Option("--from", min=1, max=STEPS, metavar="STEP", help=f"Begin at this step; {MEETING} is the meeting."),
    ] = 1,
    model: ModelName = None,
) -> None:
    """Take a tour; no model is needed. It shows agents, a question, a panel, a checklist, a recorded meeting, minutes.

    Example: orchestrator demo --fast
    """
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings
    from agents.settings.folders import example_folder

    settings = Settings.load(**FLAGS).with_flags(model_name=model)
    # Only the question and the panel need a model.
    chosen = answering_model(settings) if not quiet and begin < 4 else settings.model_name
    with AgentOrchestrator(settings, model=chosen) as orchestrator:
        tour = Tour(orchestrator, example_folder(), paced=can_repaint() and not fast)
        if quiet:
            run_meeting.write(orchestrator.get_minutes(tour.recorded()[0]), None)
            return
        for number, (title, show) in enumerate(tour.steps, 1):
            if number < begin:
                continue
            if number > begin and not fast and not _continues(number):
                return
            tell(f"\n{number}. {title}\n")
            show()
        if not tour.played:
            # Standard output is the minutes, whatever the first step is.
            run_meeting.write(orchestrator.get_minutes(tour.recorded()[0]), None)
    tell("\nDone. Next, with a model and your own document:")
    tell(f'  orchestrator meeting run {KIND} "May we build this?" --attach FILE')
    tell("  orchestrator interactive")
    tell("  orchestrator help meetings")


def _continues(number: int) -> bool:
    """Ask on a terminal whether to continue; elsewhere continue."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    tell(f"\nPress Enter for step {number} of {STEPS}, q to leave. ", end="")
    if sys.stdin.readline().strip().lower() not in {"q", "quit", "exit"}:
        return True
    tell(f"Continue later: orchestrator demo --from {number}")
    return False
