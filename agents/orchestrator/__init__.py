"""AgentOrchestrator: puts the parts together; the doors for programs that use the library.

Every method that asks a model has a twin whose name starts with ``a`` for callers that have an event loop. Importing
this module loads next to nothing (docs/decisions/0003).
"""

from __future__ import annotations

from agents.orchestrator.doors import MeetingDoors

TYPE_CHECKING = False  # as typing's, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import Any

    from agents.meeting.journal import Listener
    from agents.meeting.record import Minutes
    from agents.meeting.room.person import Person
    from agents.model import OnText
    from agents.orchestrator.ask import Answer, Attachments, OnAgentText
    from agents.role import Role
    from agents.workflow import Step, StepResult


class AgentOrchestrator(MeetingDoors):
    """The meeting room and its agents.

    Use it as a context manager, or call ``close``. The plain methods block and may be called anywhere but inside a
    running event loop; there, await their twins, whose names start with ``a``, within ``async with``. One instance
    serves one thread and one loop.

    Args:
        settings: None reads environment, ``.env`` and file.
        model: the model's name; None takes the settings' own.

    Raises:
        SettingError: a setting is out of range.
    """

    def list_agents(self) -> list[str]:
        """The ids of all agents, in alphabetical order.

        Raises:
            RoleFileError: the role folder cannot be read.
        """
        return sorted(self.roles)

    def get_agent_info(self, agent_id: str) -> Role:
        """An agent's role: title, department, mission, questions, red flags, skills.

        Raises:
            UnknownName: there is no such agent.
        """
        return self.roles[agent_id]

    def chat_with_agent(self, agent_id: str, message: str, **options: Any) -> str:
        """Ask one agent; it remembers; see ``achat_with_agent``."""
        return self.run(self.achat_with_agent(agent_id, message, **options))

    async def achat_with_agent(
        self,
        agent_id: str,
        message: str,
        *,
        skill: str | None = None,
        attach: Attachments = (),
        session: str = "default",
        remember: bool = True,
        on_text: OnText | None = None,
    ) -> str:
        """Ask one agent; it remembers.

        Args:
            agent_id: such as "security_engineer".
            message: what to ask.
            skill: one of the role's skills, such as "review_code".
            attach: documents it should judge: paths or documents.
            session: the conversation this belongs to.
            remember: False asks without a trace in its memory.
            on_text: is given each piece of the answer as it comes.

        Raises:
            UnknownName: no such agent or skill.
            DocumentError: an attachment cannot be read.
            ModelUnavailable: the model cannot be reached.
            ModelError: the call failed.
        """
        from agents.orchestrator.ask import chat

        return await chat(
            self.workplace,
            agent_id,
            message,
            skill=skill,
            attach=attach,
            session=session,
            remember=remember,
            on_text=on_text,
        )

    def multi_agent_consultation(
        self, question: str, agents: Sequence[str] | str = "auto", **options: Any
    ) -> list[Answer]:
        """Ask several agents the same, each on its own; see ``amulti_agent_consultation``."""
        return self.run(self.amulti_agent_consultation(question, agents, **options))

    async def amulti_agent_consultation(
        self,
        question: str,
        agents: Sequence[str] | str = "auto",
        *,
        attach: Attachments = (),
        remember: bool = True,
        on_text: OnAgentText | None = None,
        on_answer: Callable[[Answer], None] | None = None,
    ) -> list[Answer]:
        """Ask several agents the same, each on its own; one that fails does not stop the others.

        Args:
            question: what to ask.
            agents: their ids, or "auto" to let code choose those whose field it is.
            attach: documents they should judge.
            remember: whether it joins their memories.
            on_text: is given an agent's id and each piece of its answer.
            on_answer: is given each answer when it is complete.

        Raises:
            UnknownName: no such agent.
            UsageError: "auto" finds nobody whose field it is.
            DocumentError: an attachment cannot be read.
            ModelUnavailable: the model cannot be reached.
        """
        from agents.orchestrator.ask import consult

        return await consult(
            self.workplace, question, agents, attach=attach, remember=remember, on_text=on_text, on_answer=on_answer
        )

    def choose_agents(self, question: str, limit: int = 4) -> dict[str, tuple[str, ...]]:
        """The agents whose field a question is, best first, with the words that chose them.

        Raises:
            UsageError: no role knows any of its words.
        """
        from agents.orchestrator.ask import choose

        return dict(choose(self.workplace, question, limit))

    def collaborative_task(self, task: str, steps: Sequence[str | Step], **options: Any) -> list[StepResult]:
        """Have agents work one after the other; see ``acollaborative_task``."""
        return self.run(self.acollaborative_task(task, steps, **options))

    async def acollaborative_task(
        self,
        task: str,
        steps: Sequence[str | Step],
        *,
        attach: Attachments = (),
        on_text: OnAgentText | None = None,
        on_step: Callable[[StepResult], None] | None = None,
    ) -> list[StepResult]:
        """Have agents work one after the other, each building on what the earlier ones said.

        Args:
            task: what it is all about.
            steps: ``AGENT``, ``AGENT/SKILL:TASK`` texts, or Step values.
            attach: documents they should judge.
            on_text: is given the step's name and each piece of its answer.
            on_step: is given each step's result when it is complete.

        Returns:
            One result per step done; the last one holds the error where a step failed.

        Raises:
            UnknownName: no such agent or skill; nothing was asked then.
            UsageError: there are no steps, or one names no agent.
            DocumentError: an attachment cannot be read.
            ModelUnavailable: the model cannot be reached.
        """
        from agents.orchestrator.ask import work

        return await work(self.workplace, task, steps, attach=attach, on_text=on_text, on_step=on_step)

    def clear_agent_memory(self, agent_id: str, session: str | None = None) -> int:
        """Forget an agent's history, or one conversation of it, pinned notes excepted; returns how many messages went.

        Raises:
            UnknownName: there is no such agent.
        """
        return self.store.memories.clear(self.roles[agent_id].id, session)

    def clear_all_memories(self) -> int:
        """Forget all agents' histories, pinned notes excepted; returns how many messages went."""
        return self.store.memories.clear_all()

    def get_available_meeting_types(self) -> dict[str, str]:
        """Meeting type ids with their titles."""
        return {name: kind.title for name, kind in self.types.items()}

    def get_meeting_participants_for_type(self, type_id: str) -> list[str]:
        """Role ids invited to such a meeting by default.

        Raises:
            UnknownName: there is no such type.
        """
        return list(self.types[type_id].participants)

    def create_meeting(
        self,
        type_id: str,
        topics: Sequence[str] | str = (),
        *,
        attach: Attachments = (),
        agents: Sequence[str] = (),
        invited: Sequence[str] = (),
        without: Sequence[str] = (),
        chair: str = "",
        me: str = "",
        control: bool = False,
        series: str = "",
        held: date | None = None,
        time_box: float | None = None,
    ) -> str:
        """Call a meeting: decide who comes and put it on record. Nobody is asked anything yet.

        Args:
            type_id: such as "architecture_review".
            topics: the agenda; empty takes the type's own topic.
            attach: documents to judge: paths or documents.
            agents: exactly these come; ("all",) for everybody; empty lets the type and the topics decide.
            invited: these come too.
            without: these stay away.
            chair: whoever leads it; "" is the type's facilitator.
            me: the role whose seat a person takes; ``conduct_meeting`` is then given the person.
            control: ask one agent alone the same, to see what the meeting was worth.
            series: the name of the series it belongs to; its open actions come first, and their owners too.
            held: the day relative dates are counted from; None is today.
            time_box: minutes it should fit on this machine; what is cut for it stands in the minutes.

        Returns:
            The meeting's id.

        Raises:
            UnknownName: no such type or role.
            UsageError: there is no topic, or nobody is left to invite.
            DocumentError: an attachment cannot be read.
        """
        from agents.orchestrator.prepare import create, draft

        worked_out = draft(
            self.workplace, type_id, [topics] if isinstance(topics, str) else topics, attach=attach, agents=agents,
            invited=invited, without=without, chair=chair, me=me, control=control, series=series, held=held,
            time_box=time_box,
        )  # fmt: skip
        return create(self.workplace, worked_out)

    def conduct_meeting(
        self, meeting_id: str, *, listen: Listener | None = None, person: Person | None = None
    ) -> Minutes:
        """Hold a meeting, or the rest of it. Errors are those of ``aconduct_meeting``."""
        return self.run(self.aconduct_meeting(meeting_id, listen=listen, person=person))

    async def aconduct_meeting(
        self, meeting_id: str, *, listen: Listener | None = None, person: Person | None = None
    ) -> Minutes:
        """Hold a meeting, or the rest of it: what is on record is not asked again.

        Args:
            meeting_id: from ``create_meeting``; a unique beginning of it, or "last".
            listen: is told what happens, as it happens.
            person: whoever takes the seat that ``create_meeting`` kept; None leaves it empty.

        Returns:
            The minutes. Agents that failed are absent in them; that is not an error.

        Raises:
            UnknownName: there is no such meeting.
            Locked: another process holds it.
            ModelUnavailable: the model cannot be reached at the start.
        """
        from agents.orchestrator.hold import conduct

        return await conduct(self.workplace, meeting_id, listen, person)
