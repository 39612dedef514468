"""A meeting on a stage: each answer is chosen by a function of the prompt, and the process may die at a commit."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agents.model import Model, Prompt
from agents.model.scripted import ScriptedModel
from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings

Say = Callable[[Prompt], str]
STAGE = "scripted:stage"
"""The name of the model that answers on the stage."""


class Labelled(ScriptedModel):
    """A model on the stage with a label of its own."""

    def __init__(self, label: str, say: Say) -> None:
        super().__init__("", answers=say)
        self.label = label


@contextmanager
def staged(data: Path, say: Say, label: str = "scripted", **flags: Any) -> Iterator[AgentOrchestrator]:
    """An orchestrator with its histories in ``data``, all of whose answers come from ``say``."""
    settings = Settings.load({}, data.parent, data_folder=data, model_name=STAGE, control_ballots="never", **flags)
    model: Model = Labelled(label, say)
    with AgentOrchestrator(settings) as orchestrator:
        orchestrator.resources._models[STAGE] = model
        yield orchestrator


class Killed(BaseException):
    """What a process sees of its own death: nothing that it does afterwards is stored."""


class Commits:
    """The commits of this process: counts them, and lets it die before one of them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.done = 0
        self.most: int | None = None
        connect, commits = sqlite3.connect, self

        class Dying(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql == "COMMIT":
                    if commits.most is not None and commits.done >= commits.most:
                        raise Killed
                    commits.done += 1
                return super().execute(sql, *values)

        def dying(*arguments: Any, **options: Any) -> sqlite3.Connection:
            made: sqlite3.Connection = connect(*arguments, **{"factory": Dying, **options})
            return made

        patch.setattr(sqlite3, "connect", dying)

    @contextmanager
    def dying_after(self, most: int) -> Iterator[None]:
        """The block is ended by death before the commit that follows ``most`` others, unless it has no such commit."""
        self.done, self.most = 0, most
        try:
            yield
        except BaseException as error:
            if not _is_death(error):
                raise
        finally:
            self.most = None


def _is_death(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_death, error.exceptions))
    return isinstance(error, Killed)
