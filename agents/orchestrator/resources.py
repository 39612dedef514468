"""Everything that an orchestrator works with: settings, roles, meeting types, store and models, opened at first use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import get_ident
from types import MappingProxyType
from typing import TYPE_CHECKING

from agents.errors import UsageError
from agents.log import Log
from agents.settings import Settings

if TYPE_CHECKING:
    from asyncio import Lock

    from agents.agent import Agent
    from agents.meeting.meeting_type import MeetingTypes
    from agents.model import Model
    from agents.role import Role, Roles
    from agents.store import Store


@dataclass(slots=True)
class Shared:
    """What is opened once, also where a meeting has models and a seed of its own.

    Attributes:
        seed: the seed of the settings to start with.
        models: the models that were started, by the name under which they are kept.
        starting: a lock for each of these names, so that a model is started once.
        roles, types, store: see ``Resources``; None until they are used.
        thread: the thread that used it first; 0 for none yet.
        closed: whether it was closed.
    """

    seed: int | None
    models: "dict[str, Model]" = field(default_factory=dict)
    starting: "dict[str, Lock]" = field(default_factory=dict)
    roles: "Roles | None" = None
    types: "MeetingTypes | None" = None
    store: "Store | None" = None
    thread: int = 0
    closed: bool = False


class Resources:
    """Everything an orchestrator works with.

    Args:
        settings: the settings to start with.
        notice: is told in a few words what a slow start waits for, such as "loading llama3.2, 2.0 GB"; and where a
            copy is of histories that were migrated.
        shared: what others have opened; None opens everything itself.
        council: the names of models by role id, that of the scribe under ""; empty if the settings decide.

    Attributes:
        log: the log of events; it contains no conversations unless LOG_CONTENT is set.
    """

    def __init__(
        self,
        settings: Settings,
        notice: Callable[[str], None] | None = None,
        shared: Shared | None = None,
        council: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._settings = settings
        self._notice = notice
        self.log = Log(settings.log_folder, settings.log_level, content=settings.log_content)
        self._shared = shared or Shared(settings.seed)
        self._council = council
        self._models = self._shared.models

    def check(self) -> None:
        """Make sure that this may be used here: it is open, and belongs to this thread or to none yet.

        Raises:
            UsageError: it may not.
        """
        if self._shared.closed:
            raise UsageError("This orchestrator is closed.", "Make a new AgentOrchestrator.")
        self._shared.thread = self._shared.thread or get_ident()
        if self._shared.thread != get_ident():
            raise UsageError(
                "This orchestrator is used by another thread already.",
                "Make an AgentOrchestrator in each thread; they may have the same data folder.",
            )

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._shared.closed

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def for_meeting(self, council: Mapping[str, str], seed: int | None = None) -> "Resources":
        """These resources with the models that were dealt to the seats of a meeting, and with its seed. What is opened
        through them is opened here.

        Args:
            council: the names of the models by role id, that of the scribe under ""; empty if the settings decide.
            seed: the seed of the models; None if the settings decide.
        """
        if not council and seed is None:
            return self
        settings = self._settings.with_flags(model_name=council.get(""), seed=seed)
        given = self._settings.model_for if self._settings.values["model_for"].source == "flag" else {}
        dealt = {**council, **{self.roles[role].id: name for role, name in given.items()}} if council else {}
        return Resources(settings, self._notice, self._shared, dealt)

    @property
    def roles(self) -> "Roles":
        """Every role, and the problems of the role files that were left out.

        Raises:
            RoleFileError: a role folder that was named cannot be read.
        """
        self.check()
        if self._shared.roles is None:
            from agents.role.file import roles_in

            self._shared.roles = roles_in(self.settings.role_places)
        return self._shared.roles

    @property
    def types(self) -> "MeetingTypes":
        """Every meeting type, and the problems of the type files that were left out.

        Raises:
            TypeFileError: a types folder that was named cannot be read.
        """
        self.check()
        if self._shared.types is None:
            from agents.meeting.types.file import types_in

            # A missing role costs a seat and not the meeting type: the lint of types and the minutes name it.
            self._shared.types = types_in(self.settings.type_places)
        return self._shared.types

    @property
    def store(self) -> "Store":
        """The histories, opened at first use.

        Raises:
            StoreError: the database is corrupt, or from a newer version.
            SpaceError: the data folder cannot be written.
        """
        self.check()
        if self._shared.store is None:
            from agents.memory import HistoryLimits
            from agents.store import Store

            limits = HistoryLimits(self.settings.memory_messages, self.settings.memory_bytes)
            self._shared.store = Store(self.settings.data_folder, limits, self.log)
            if self._shared.store.migrated and self._notice:
                self._notice(self._shared.store.migrated)
        return self._shared.store

    async def model(self, name: str | None = None) -> "Model":
        """The model called ``name`` (None: the settings' own), started and shared.

        Raises:
            ModelUnavailable: it cannot be reached or is not there.
        """
        from asyncio import Lock

        from agents.model import open_model
        from agents.model.logged import LoggedModel

        self.check()
        name = name or self.settings.model_name
        key, models = self._key(name), self._models
        if key in models:
            return models[key]
        # Several agents may need it at once before it has started.
        async with self._shared.starting.setdefault(key, Lock()):
            if key not in models:
                opened: Model = LoggedModel(open_model(name, self.settings), self.log)
                try:
                    await opened.start(notice=self._notice)
                except BaseException:
                    await opened.close()
                    raise
                models[key] = opened
            return models[key]

    def _key(self, name: str) -> str:
        """The name under which a model is kept open: one with another seed is another one."""
        from agents.model import provider_of

        seed = self.settings.seed
        if seed == self._shared.seed or not provider_of(name).seeded:
            return name
        return f"{name} seed {seed}"

    async def use_model(self, name: str) -> "Model":
        """Start the model called ``name``, and answer with it from now on; if it fails, the one before stays.

        Raises:
            ModelUnavailable: it cannot be reached or is not there.
            UsageError: this is not a name that a model can have.
        """
        chosen = self._settings.with_flags(model_name=name)
        model = await self.model(chosen.model_name)
        self._settings = chosen
        return model

    async def agent(self, agent_id: str, role: "Role | None" = None) -> "Agent":
        """The agent with this id: its role, the model, its memory.

        Args:
            agent_id: such as "cto".
            role: the role if it is not the one in the role folder, such as that of a meeting which began earlier.

        Raises:
            UnknownName: there is no such agent.
            ModelUnavailable: the model cannot be reached.
        """
        from agents.agent import Agent
        from agents.memory import Memory

        role = role or self.roles[agent_id]
        memory = Memory(role.id, self.store.memories, self.store.summaries)
        return Agent(role, await self.model(self.model_name_for(role.id)), memory, self.log)

    def model_name_for(self, role_id: str) -> str:
        """The name of the model that answers for a role; for any other id, such as the scribe, the settings' own.

        A model given by flag answers for all roles, unless models for single roles are given by flag too.

        Raises:
            UnknownName: the settings name a model for an unknown role.
        """
        if self._council:
            return self._council.get(role_id) or self._council[""]
        settings = self.settings
        sources = {key: settings.values[key].source for key in ("model_name", "model_for")}
        if sources["model_name"] == "flag" and sources["model_for"] != "flag":
            return settings.model_name
        named = {self.roles[name].id: model for name, model in settings.model_for.items()}
        return named.get(role_id, settings.model_name)

    async def models_for(self, role_ids: Iterable[str]) -> "tuple[str, int]":
        """Open the models of these roles.

        Returns:
            Their labels in words, and the context that all of them have.

        Raises:
            UnknownName: the settings name a model for an unknown role.
            ModelUnavailable: one of them cannot be reached or is not there.
        """
        own = await self.model()
        others = {role: await self.model(self.model_name_for(role)) for role in role_ids}
        named: dict[str, list[str]] = {}
        for role, model in others.items():
            if model is not own:
                named.setdefault(model.label, []).append(role)
        told = [f"{', '.join(roles)}: {label}" for label, roles in named.items()]
        return "; ".join([own.label, *told]), min(model.context_tokens for model in (own, *others.values()))

    def labels_of(self, role_ids: Iterable[str]) -> dict[str, str]:
        """The labels of the models that ``models_for`` opened: the settings' own under "", and others by role id."""
        own = self.label_for("")
        return {"": own} | {role: label for role in role_ids if (label := self.label_for(role)) != own}

    def label_for(self, role_id: str) -> str:
        """The label of the model that answers for a role, where it has been opened; else its name."""
        name = self.model_name_for(role_id)
        opened = self._models.get(self._key(name))
        return opened.label if opened else name

    async def close_models(self) -> None:
        """Close every model, in the loop that uses them."""
        models = [*self._models.values()]
        self._models.clear()
        for model in models:
            await model.close()

    def close_store(self) -> None:
        """Close the database; from then on nothing opens again."""
        self._shared.closed = True
        if self._shared.store is not None:
            self._shared.store.close()
            self._shared.store = None
