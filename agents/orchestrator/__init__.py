"""AgentOrchestrator, the one class for programs and front ends: it opens settings, roles, models and histories at first
use and closes them. Its import loads only the standard library (docs/decisions/0003).

Import from here: ``AgentOrchestrator``; ``request``, ``request_again``, ``ask.Answer``, ``histories``, ``backups``,
``recording``, ``report_cards``, ``past_dues``, ``same_actions``, ``outcomes``, ``quotes``, ``repeats``, ``choose``;
``background``; for front ends ``action_search``, ``action_values``, ``compared``, ``forks``, ``meeting_values``,
``memory_values``, ``proposals``, ``record_search``, ``said_times``, ``since_series``.
Never knows: ``agents.cli``, ``agents.api``, ``typer``, ``rich``.
"""

from __future__ import annotations

from agents.orchestrator.opened import Opened

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from agents.documents import Attachments
    from agents.meeting.afterwards import OutcomeReport
    from agents.meeting.journal import Listener
    from agents.meeting.plan import Plan
    from agents.meeting.room.person import Person
    from agents.meeting.spec import MeetingSpec
    from agents.model import Message, OnText, Reply
    from agents.orchestrator.ask import Answer, ContextUse, OnAgentText, OnNote
    from agents.orchestrator.minutes import ExportableMinutes
    from agents.orchestrator.repeats import OnRun
    from agents.orchestrator.request import MeetingRequest
    from agents.role import Role
    from agents.store.meetings import MeetingRow
    from agents.workflow import Step, StepResult


class AgentOrchestrator(Opened):
    """The meeting room and its agents.

    Use it as a context manager, or call ``close``. The plain methods block and may be called anywhere but inside a
    running event loop. There, use ``async with`` and await their twins, whose names start with ``a``: they take the
    same arguments, return the same and raise the same errors. One instance serves one thread and one loop; another
    thread, and every use after ``close``, gets a ``UsageError``.

    Args:
        settings: None reads environment, ``.env`` and file.
        notice: is told in a few words what a slow start waits for, such as "loading llama3.2, 2.0 GB".
        shared: models, roles and types that another orchestrator of this thread has opened; None opens its own.
        **keywords: settings by their keys, such as ``temperature=0`` or ``data_folder="minutes"``; ``model`` is short
            for ``model_name``, and ``url`` for ``ollama_base_url``. None leaves a setting as it is.

    Attributes:
        histories: the file of everything that is stored: its size, and whether it is whole.
        backups: backups of the histories and the logs.
        report_cards: what models did when their answers were known.
        verdicts: what people say about entries of minutes.

    Raises:
        SettingError: a setting is out of range.
        UsageError: there is no such keyword.

    Example:
        with AgentOrchestrator(model="rehearsal", seed=1) as orchestrator:
            print(orchestrator.list_agents())
    """

    def context_use(self, agent_id: str = "", session: str = "default") -> ContextUse:
        """How full the model's context is for the next question in a conversation; "" is no agent yet.

        Raises:
            UnknownName: there is no such agent.
            ModelUnavailable: the model cannot be reached.

        Example:
            print(orchestrator.context_use("cto").used, "tokens")
        """
        from agents.orchestrator.ask import context_use

        return self._loop.runner().run(context_use(self.resources, agent_id, session))

    def list_agents(self) -> list[str]:
        """The ids of all agents but the extra ones, in alphabetical order.

        Raises:
            RoleFileError: the role folder cannot be read.

        Example:
            print(", ".join(orchestrator.list_agents()))
        """
        from agents.role import standing

        return sorted(standing(self.roles))

    def get_agent_info(self, agent_id: str) -> Role:
        """An agent's role: title, department, mission, questions, red flags, skills.

        Raises:
            UnknownName: there is no such agent.

        Example:
            print(orchestrator.get_agent_info("security_engineer").mission)
        """
        return self.roles[agent_id]

    def choose_agents(self, question: str, limit: int = 4) -> dict[str, tuple[str, ...]]:
        """The agents whose field a question is, best first, each with why: words of it, or the model's reason.

        Raises:
            ModelUnavailable: the model cannot be reached.

        Example:
            print(list(orchestrator.choose_agents("Is the index on orders useful?")))
        """
        from agents.orchestrator.choose import choose

        return dict(self._loop.runner().run(choose(self.resources, question, limit)))

    def chat_with_agent(
        self, agent_id: str, message: str, *, skill: str | None = None, attach: Attachments = (),
        session: str = "default", remember: bool = True, on_text: OnText | None = None,
        on_note: OnNote | None = None,
    ) -> str:  # fmt: skip
        """Ask one agent; it remembers.

        Args:
            agent_id: such as "security_engineer".
            message: what to ask.
            skill: one of the role's skills, such as "review_code".
            attach: documents it should judge: paths or documents.
            session: the conversation this belongs to.
            remember: False asks without a trace in its memory.
            on_text: is given each piece of the answer as it comes.
            on_note: is given remarks: which lines of a document the agent was not shown, or that the answer was cut.

        Raises:
            UnknownName: no such agent or skill.
            UsageError: there is neither a message nor a skill.
            DocumentError: an attachment cannot be read.
            ModelUnavailable: the model cannot be reached.
            ModelError: the call failed.

        Example:
            print(orchestrator.chat_with_agent("security_engineer", "Review this", attach=["design.md"]))
        """
        from agents.orchestrator.ask import chat

        return self._loop.runner().run(chat(
            self.resources, agent_id, message, skill=skill, attach=attach, session=session, remember=remember,
            on_text=on_text, on_note=on_note,
        ))  # fmt: skip

    async def achat_with_agent(
        self, agent_id: str, message: str, *, skill: str | None = None, attach: Attachments = (),
        session: str = "default", remember: bool = True, on_text: OnText | None = None,
        on_note: OnNote | None = None,
    ) -> str:  # fmt: skip
        """``chat_with_agent`` inside an event loop.

        Example:
            print(await orchestrator.achat_with_agent("cto", "What would you ask first?"))
        """
        from agents.orchestrator.ask import chat

        return await chat(
            self.resources, agent_id, message, skill=skill, attach=attach, session=session, remember=remember,
            on_text=on_text, on_note=on_note,
        )  # fmt: skip

    def reply_in_role(
        self, agent_id: str, messages: Sequence[Message], *, attach: Attachments = (), max_tokens: int | None = None,
        on_text: OnText | None = None, on_note: OnNote | None = None,
    ) -> Reply:  # fmt: skip
        """Answer the last message of a user in an agent's role; its memory is neither read nor written. The reply has
        the text and its numbers of tokens. Errors are those of ``chat_with_agent``.

        Args:
            agent_id: such as "security_engineer".
            messages: ``agents.model.Message``; the oldest are left out where they do not fit, those of the system stay.
            attach: documents it should judge: paths or documents.
            max_tokens: the longest answer; None for the settings' own.
            on_text: is given each piece of the answer as it comes.
            on_note: is given remarks: what was left out, or that the answer was cut.

        Example:
            from agents.model import Message
            print(orchestrator.reply_in_role("cto", [Message("user", "What would you ask first?")]).text)
        """
        from agents.orchestrator.in_role import reply_in_role

        return self._loop.runner().run(reply_in_role(
            self.resources, agent_id, messages, attach=attach, max_tokens=max_tokens, on_text=on_text, on_note=on_note,
        ))  # fmt: skip

    async def areply_in_role(
        self, agent_id: str, messages: Sequence[Message], *, attach: Attachments = (), max_tokens: int | None = None,
        on_text: OnText | None = None, on_note: OnNote | None = None,
    ) -> Reply:  # fmt: skip
        """``reply_in_role`` inside an event loop.

        Example:
            from agents.model import Message
            reply = await orchestrator.areply_in_role("cto", [Message("user", "Which risk is first?")])
        """
        from agents.orchestrator.in_role import reply_in_role

        return await reply_in_role(
            self.resources, agent_id, messages, attach=attach, max_tokens=max_tokens, on_text=on_text, on_note=on_note,
        )  # fmt: skip

    def multi_agent_consultation(
        self, question: str, agents: Sequence[str] | str = "auto", *, attach: Attachments = (), remember: bool = True,
        on_text: OnAgentText | None = None, on_answer: Callable[[Answer], None] | None = None,
        on_note: OnNote | None = None,
    ) -> list[Answer]:  # fmt: skip
        """Ask several agents the same, each on its own; one that fails does not stop the others.

        Args:
            question: what to ask.
            agents: their ids, in a list or in one text with commas; "all"; or "auto": those whose field it is.
            attach: documents they should judge.
            remember: whether it joins their memories.
            on_text: is given an agent's id and each piece of its answer.
            on_answer: is given each answer when it is complete.
            on_note: is given remarks, such as which lines of a document no agent was shown.

        Raises:
            UnknownName: no such agent.
            UsageError: no agents are named.
            DocumentError: an attachment cannot be read.
            ModelUnavailable: the model cannot be reached.

        Example:
            print([answer.text for answer in orchestrator.multi_agent_consultation("What breaks at ten times load?")])
        """
        from agents.orchestrator.ask import consult

        return self._loop.runner().run(consult(
            self.resources, question, agents, attach=attach, remember=remember, on_text=on_text, on_answer=on_answer,
            on_note=on_note,
        ))  # fmt: skip

    async def amulti_agent_consultation(
        self, question: str, agents: Sequence[str] | str = "auto", *, attach: Attachments = (), remember: bool = True,
        on_text: OnAgentText | None = None, on_answer: Callable[[Answer], None] | None = None,
        on_note: OnNote | None = None,
    ) -> list[Answer]:  # fmt: skip
        """``multi_agent_consultation`` inside an event loop.

        Example:
            answers = await orchestrator.amulti_agent_consultation("Buy or build?", ["cto", "product_manager"])
        """
        from agents.orchestrator.ask import consult

        return await consult(
            self.resources, question, agents, attach=attach, remember=remember, on_text=on_text, on_answer=on_answer,
            on_note=on_note,
        )  # fmt: skip

    def collaborative_task(
        self, task: str, steps: Sequence[str | Step], *, attach: Attachments = (), on_text: OnAgentText | None = None,
        on_step: Callable[[StepResult], None] | None = None, on_note: OnNote | None = None,
    ) -> list[StepResult]:  # fmt: skip
        """Have agents work one after the other, each building on what the earlier ones wrote.

        Returns one result per step done; the last one contains the error where a step failed.

        Args:
            task: the whole task.
            steps: ``AGENT``, ``AGENT/SKILL:TASK`` texts, or Step values.
            attach: documents they should judge.
            on_text: is given the step's name and each piece of its answer.
            on_step: is given each step's result when it is complete.
            on_note: is given remarks, such as which lines of a document no step was shown.

        Raises:
            UnknownName: no such agent or skill; no agent was asked then.
            UsageError: there are no steps, or one names no agent.
            DocumentError: an attachment cannot be read.
            ModelUnavailable: the model cannot be reached.

        Example:
            print(orchestrator.collaborative_task("Move sessions", ["backend_developer", "qa_engineer"])[-1].text)
        """
        from agents.orchestrator.ask import work

        return self._loop.runner().run(
            work(self.resources, task, steps, attach=attach, on_text=on_text, on_step=on_step, on_note=on_note)
        )

    async def acollaborative_task(
        self, task: str, steps: Sequence[str | Step], *, attach: Attachments = (), on_text: OnAgentText | None = None,
        on_step: Callable[[StepResult], None] | None = None, on_note: OnNote | None = None,
    ) -> list[StepResult]:  # fmt: skip
        """``collaborative_task`` inside an event loop.

        Example:
            results = await orchestrator.acollaborative_task("Move sessions", ["backend_developer", "qa_engineer"])
        """
        from agents.orchestrator.ask import work

        return await work(self.resources, task, steps, attach=attach, on_text=on_text, on_step=on_step, on_note=on_note)

    consult = multi_agent_consultation
    aconsult = amulti_agent_consultation

    def clear_agent_memory(self, agent_id: str, session: str | None = None) -> int:
        """Forget an agent's history, or one conversation of it, but no pinned notes; returns the number of messages.

        Raises:
            UnknownName: there is no such agent.

        Example:
            print(orchestrator.clear_agent_memory("cto"), "messages deleted")
        """
        return self.memories.clear(self.roles[agent_id].id, session)

    def clear_all_memories(self) -> int:
        """Forget the histories of all agents, but no pinned notes; returns the number of messages.

        Example:
            print(orchestrator.clear_all_memories(), "messages deleted")
        """
        return self.memories.clear_all()

    def get_available_meeting_types(self) -> dict[str, str]:
        """Meeting type ids with their titles.

        Example:
            print(orchestrator.get_available_meeting_types()["decision"])
        """
        return {name: kind.title for name, kind in self.types.items()}

    def get_meeting_participants_for_type(self, type_id: str) -> list[str]:
        """Role ids invited to such a meeting by default.

        Raises:
            UnknownName: there is no such type.

        Example:
            print(orchestrator.get_meeting_participants_for_type("architecture_review"))
        """
        return list(self.types[type_id].participants)

    participants = get_meeting_participants_for_type

    def create_meeting(
        self, type_id: str, topics: Sequence[str] | str = (), *, attach: Attachments = (),
        agents: Sequence[str] | str = (), invited: Sequence[str] | str = (), without: Sequence[str] | str = (),
        chair: str = "", me: str = "", control: bool = False, series: str = "", held: date | None = None,
        time_box: float | None = None, people: Sequence[str] | str = (), words: str = "",
        council: Sequence[str] | str = (), decide: bool = False,
    ) -> str:  # fmt: skip
        """Create a meeting: decide who takes part and store it; returns its id. No agent is asked anything yet.

        The arguments are the fields of ``request.MeetingRequest``; ``convene`` and ``plan_meeting`` take such a value.

        Raises:
            UnknownName: no such type or role.
            UsageError: there is no topic, or no participant is left.
            DocumentError: an attachment cannot be read.

        Example:
            meeting = orchestrator.create_meeting("architecture_review", "May we build this?", attach=["design.md"])
            print(orchestrator.conduct_meeting(meeting).topics[0].decision.outcome)
        """
        from agents.orchestrator.request import MeetingRequest

        return self.convene(MeetingRequest(
            type_id, topics, attach, agents, invited, without, chair, me, control, series, held, time_box, people,
            words, council, decide,
        ))  # fmt: skip

    def convene(self, request: MeetingRequest) -> str:
        """Create the meeting that a request describes, as ``create_meeting`` does; returns the meeting's id.

        Example:
            meeting = orchestrator.convene(MeetingRequest("decision", "Buy or build?", without=["cto"]))
        """
        from agents.orchestrator.prepare import create, draft

        return create(self.resources, draft(self.resources, request))

    def plan_meeting(self, request: MeetingRequest) -> tuple[MeetingSpec, Plan]:
        """What the meeting that a request describes would start from and what it would cost, phase by phase.

        Nothing is stored and no agent is asked. What a time box cuts is in the notes. Errors: as ``create_meeting``.

        Example:
            from agents.orchestrator.request import MeetingRequest
            spec, plan = orchestrator.plan_meeting(MeetingRequest("decision", "Buy or build?", time_box=20))
        """
        from agents.orchestrator.prepare import draft, plan

        spec = draft(self.resources, request).spec
        return spec, plan(self.resources, spec)

    def plan_of(self, spec: MeetingSpec) -> Plan:
        """What a meeting costs from its start, on this machine, with this orchestrator's model.

        Example:
            print(orchestrator.plan_of(orchestrator.get_meeting("last")).minutes)
        """
        from agents.orchestrator.prepare import plan

        return plan(self.resources, spec)

    def conduct_meeting(
        self, meeting_id: str, *, listen: Listener | None = None, person: Person | None = None
    ) -> ExportableMinutes:
        """Hold a meeting, or the rest of it: what is stored already is not asked again. Returns the minutes.
        Agents that failed are absent in the minutes; that is not an error.

        Args:
            meeting_id: from ``create_meeting``; a unique beginning of it, or "last".
            listen: is told what happens, as it happens. An error in it is a RuntimeWarning, once, and the meeting goes
                on; ``agents.errors.StopMeeting`` ends it, and it can be resumed.
            person: takes the seat that ``create_meeting`` kept; None leaves it empty.

        Raises:
            UnknownName: there is no such meeting.
            Locked: another process holds it.
            MeetingError: it was abandoned.
            ModelUnavailable: the model cannot be reached at the start.

        Example:
            minutes = orchestrator.conduct_meeting(orchestrator.create_meeting("decision", "Buy or build?"))
        """
        from agents.orchestrator.hold import conduct

        return self._loop.runner().run(conduct(self.resources, meeting_id, listen, person))

    async def aconduct_meeting(
        self, meeting_id: str, *, listen: Listener | None = None, person: Person | None = None
    ) -> ExportableMinutes:
        """``conduct_meeting`` inside an event loop.

        Example:
            minutes = await orchestrator.aconduct_meeting(orchestrator.create_meeting("decision", "Buy or build?"))
        """
        from agents.orchestrator.hold import conduct

        return await conduct(self.resources, meeting_id, listen, person)

    def fork_meeting(self, meeting_id: str, at: str) -> str:
        """Create a meeting that starts with what another said up to a turn; returns its id.

        ``conduct_meeting`` asks the rest, with this orchestrator's model. The other meeting stays as it is, and actions
        that it entered into the register are not entered again.

        Args:
            meeting_id: the other meeting, closed, abandoned or not finished.
            at: the last turn to keep, such as "T5"; "0" keeps no turn.

        Raises:
            UnknownName: there is no such meeting.
            UsageError: it has no such turn.
            MeetingError: it never began.
            ModelUnavailable: the model cannot be reached.

        Example:
            minutes = orchestrator.conduct_meeting(orchestrator.fork_meeting("last", "T2"))
        """
        from agents.orchestrator.forks import fork

        return self._loop.runner().run(fork(self.resources, meeting_id, at))

    async def afork_meeting(self, meeting_id: str, at: str) -> str:
        """``fork_meeting`` inside an event loop.

        Example:
            meeting = await orchestrator.afork_meeting("last", "T2")
        """
        from agents.orchestrator.forks import fork

        return await fork(self.resources, meeting_id, at)

    def repeat_meeting(
        self, meeting_id: str, runs: int = 5, *, on_run: OnRun | None = None, listen: Listener | None = None
    ) -> ExportableMinutes:
        """Hold a closed meeting again with other seeds, to see how often it decides otherwise; returns its minutes.

        The runs are stored as meetings. Those that are finished count, so after Ctrl-C the same call goes on. Their
        actions are not entered in the register, and no agent remembers them. ``Minutes.topics[].repeats`` has the
        outcomes and the flip rate.

        Args:
            meeting_id: its id; a unique beginning of it, or "last".
            runs: how many runs there are in the end.
            on_run: is given each run that ends, with its outcomes.
            listen: is told what happens in the runs, as it happens.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it is not closed, decided nothing, has a person's seat, or other models would answer now.
            Locked: another process repeats it or holds a run.
            ModelUnavailable: a model cannot be reached.

        Example:
            print(orchestrator.repeat_meeting("last", runs=3).topics[0].repeats.sentence)
        """
        from agents.orchestrator.repeats import repeat

        return self._loop.runner().run(repeat(self.resources, meeting_id, runs, on_run, listen))

    async def arepeat_meeting(
        self, meeting_id: str, runs: int = 5, *, on_run: OnRun | None = None, listen: Listener | None = None
    ) -> ExportableMinutes:
        """``repeat_meeting`` inside an event loop.

        Example:
            minutes = await orchestrator.arepeat_meeting("last", runs=3)
        """
        from agents.orchestrator.repeats import repeat

        return await repeat(self.resources, meeting_id, runs, on_run, listen)

    def report_outcome(
        self, meeting_id: str, text: str, *, entry: str = "", how: str = "", on: date | None = None, by: str = ""
    ) -> OutcomeReport:
        """Record how a decision turned out; the minutes show it, and so do its actions and the next of its series.

        Args:
            meeting_id: its id; a unique beginning of it, or "last".
            text: what became of it.
            entry: the decision, such as "D1", or "2.D1" for that of the second topic; "" for the only one.
            how: "good", "bad" or "mixed"; "" for no judgement.
            on: the day on which it was seen; None is today.
            by: who says so.

        Raises:
            UnknownName: there is no such meeting.
            UsageError: there is no such decision, no text, or the day has not come yet.
            MeetingError: the meeting has not begun.

        Example:
            orchestrator.report_outcome("last", "No cart was lost in the sale.", how="good", by="Ada")
        """
        from agents.orchestrator.outcomes import report

        return report(self.meetings, meeting_id, text, entry, how, on, by)

    def abandon_meeting(self, meeting_id: str) -> str:
        """Abandon a meeting: it cannot be resumed, what was said stays, and it can be forked; returns its id.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it is closed.
            Locked: another process holds it.

        Example:
            orchestrator.abandon_meeting(orchestrator.create_meeting("decision", "Buy or build?"))
        """
        from agents.orchestrator.hold import abandon

        return abandon(self.resources, meeting_id)

    def list_meetings(self, limit: int | None = None) -> list[MeetingRow]:
        """The stored meetings, newest first.

        Example:
            print([(row.id, row.status, row.title) for row in orchestrator.list_meetings(limit=5)])
        """
        return self.meetings.list(limit)

    def get_meeting(self, meeting_id: str) -> MeetingSpec:
        """What a meeting started from: seats with reasons, topics, documents, open actions of its series.

        Raises:
            UnknownName: there is no such meeting.

        Example:
            print([f"{seat.title}: {seat.reason}" for seat in orchestrator.get_meeting("last").seats])
        """
        from agents.meeting.spec import spec_from

        found = self.meetings.find(meeting_id)
        events = self.meetings.journal(found).events()
        return spec_from(events[0].data if events else self.meetings.spec(found))

    def get_minutes(self, meeting_id: str) -> ExportableMinutes:
        """The minutes of a meeting, as far as it got, as values; no model is needed. ``to_markdown``, ``to_html``,
        ``to_json`` and ``to_dict`` write them.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it has not begun.

        Example:
            print([(topic.topic.text, topic.decision.outcome) for topic in orchestrator.get_minutes("last").topics])
        """
        from agents.orchestrator.hold import minutes_of

        return minutes_of(self.resources, meeting_id)

    def get_meeting_summary(self, meeting_id: str) -> str:
        """The minutes of a meeting, as far as it got, as Markdown; errors are those of ``get_minutes``.

        Example:
            print(orchestrator.get_meeting_summary("last"))
        """
        return self.get_minutes(meeting_id).to_markdown()
